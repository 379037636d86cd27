import HPNet

/// A multilayer perceptron in double precision, written for plainness: what the engine is held
/// against.
struct ReferenceNetwork {
    var widths: [Int]
    var activation: Activation
    /// Per layer W, shape (inputs, outputs) row-major, then b.
    var parameters: [Double]

    /// Whether each parameter is a weight, not a bias.
    var isWeight: [Bool] {
        zip(widths, widths.dropFirst()).flatMap { inputs, outputs in
            [Bool](repeating: true, count: inputs * outputs)
                + [Bool](repeating: false, count: outputs)
        }
    }

    /// The mean data loss, and 0.5·reg·Σ‖W‖² besides.
    func loss(_ examples: [[Double]], _ labels: [Int], regularization: Double) -> Double {
        let data =
            zip(examples, labels).map { example, label in
                -logSoftmax(layers(example).last ?? [])[label]
            }.reduce(0, +) / Double(examples.count)
        let squares = zip(parameters, isWeight).map { $1 ? $0 * $0 : 0 }.reduce(0, +)
        return data + 0.5 * regularization * squares
    }

    /// - Parameter masks: for each example and hidden layer what multiplies the outputs.
    func gradient(
        _ examples: [[Double]], _ labels: [Int], regularization: Double,
        masks: [[[Double]]] = []
    ) -> [Double] {
        var gradient = zip(parameters, isWeight).map { $1 ? regularization * $0 : 0 }
        for (number, (example, label)) in zip(examples, labels).enumerated() {
            let mask = masks.isEmpty ? [] : masks[number]
            let outputs = layers(example, mask)
            var dy = logSoftmax(outputs[outputs.count - 1]).map { exponential($0) }
            dy[label] -= 1
            var end = parameters.count
            for layer in stride(from: widths.count - 2, through: 0, by: -1) {
                let (inputs, outputCount) = (widths[layer], widths[layer + 1])
                let start = end - outputCount - inputs * outputCount
                let x = outputs[layer]
                var dx = [Double](repeating: 0, count: inputs)
                for j in 0..<outputCount {
                    gradient[end - outputCount + j] += dy[j] / Double(examples.count)
                    for i in 0..<inputs {
                        let index = start + i * outputCount + j
                        gradient[index] += x[i] * dy[j] / Double(examples.count)
                        dx[i] += parameters[index] * dy[j]
                    }
                }
                let factors =
                    layer == 0 || mask.isEmpty
                    ? [Double](repeating: 1, count: inputs) : mask[layer - 1]
                dy = dx.indices.map { i in
                    factors[i] == 0 ? 0 : dx[i] * factors[i] * slope(atOutput: x[i] / factors[i])
                }
                end = start
            }
        }
        return gradient
    }

    /// The input and each layer's output.
    private func layers(_ example: [Double], _ mask: [[Double]] = []) -> [[Double]] {
        var layers = [example]
        var start = 0
        for (index, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
            let x = layers[index]
            let y = (0..<outputs).map { j in
                (0..<inputs).reduce(parameters[start + inputs * outputs + j]) { sum, i in
                    sum + x[i] * parameters[start + i * outputs + j]
                }
            }
            let isOutput = index == widths.count - 2
            let activated = isOutput ? y : y.map(activate)
            layers.append(
                isOutput || mask.isEmpty ? activated : zip(activated, mask[index]).map { $0 * $1 })
            start += inputs * outputs + outputs
        }
        return layers
    }

    private func activate(_ x: Double) -> Double {
        switch activation {
        case .relu: max(0, x)
        case .tanh: 1 - 2 / (exponential(2 * x) + 1)
        default: .nan
        }
    }

    private func slope(atOutput y: Double) -> Double {
        switch activation {
        case .relu: y > 0 ? 1 : 0
        case .tanh: 1 - y * y
        default: .nan
        }
    }

    private func logSoftmax(_ scores: [Double]) -> [Double] {
        let largest = scores.max() ?? 0
        let sum = scores.map { exponential($0 - largest) }.reduce(0, +)
        return scores.map { $0 - largest - logarithm(sum) }
    }
}
