import CKernels
import HPMath

/// Measures the members of a bundle on the validation split and on the fixed training sample.
final class Evaluator {
    /// Rows that are evaluated together; results don't depend on it.
    static let batchSize = 250

    private let data: PreparedData
    private let labels: UnsafeMutableBufferPointer<Int32>
    private let scores: UnsafeMutableBufferPointer<Float>

    init(data: PreparedData) {
        self.data = data
        labels = .allocate(capacity: Self.batchSize)
        labels.initialize(repeating: 0)
        scores = .allocate(capacity: Self.batchSize * data.dataset.classCount)
        scores.initialize(repeating: 0)
    }

    deinit {
        labels.deallocate()
        scores.deallocate()
    }

    /// What a set of examples gives.
    struct Score {
        var accuracy: Double
        var loss: Double
        var lossStandardError: Double
        /// 1 for each example that is classified right, else 0.
        var right: [UInt8]
    }

    /// Holds what an evaluation gives of a member.
    struct Measured {
        var evaluation: Evaluation
        /// 1 for each row of the validation split that is classified right, else 0.
        var right: [UInt8]
    }

    /// By member.
    ///
    /// - Parameter onFirstBatch: told of the number of examples of the sample's first batch when
    ///   the network has seen it; may use the network.
    func trainingSample(
        _ network: Network, onFirstBatch: (Int) -> Void = { _ in }
    ) -> [Score] {
        score(data.split.trainingSample, network, onFirstBatch: onFirstBatch)
    }

    /// By member.
    ///
    /// - Parameter onFirstBatch: as in `trainingSample`.
    func evaluate(
        _ network: Network, epoch: Double, learningRates: [Double],
        onFirstBatch: (Int) -> Void = { _ in }
    ) -> [Measured] {
        let validation = score(data.split.validation, network)
        let training = trainingSample(network, onFirstBatch: onFirstBatch)
        return learningRates.indices.map { member in
            let accuracy = validation[member].accuracy
            let evaluation = Evaluation(
                epoch: epoch, learningRate: learningRates[member], validationAccuracy: accuracy,
                validationAccuracyStandardError: AccuracyError.standardError(
                    ofAccuracy: accuracy, count: data.split.validation.count),
                validationLoss: validation[member].loss,
                validationLossStandardError: validation[member].lossStandardError,
                trainingAccuracy: training[member].accuracy, trainingLoss: training[member].loss)
            return Measured(evaluation: evaluation, right: validation[member].right)
        }
    }

    private struct Sums {
        private var loss = 0.0
        private var lossSquare = 0.0
        private var correct = 0
        private var seen = 0
        private var right: [UInt8]

        init(examples: Int) {
            right = [UInt8](repeating: 0, count: examples)
        }

        mutating func add(
            _ examples: Int, _ classes: Int, _ scores: UnsafePointer<Float>,
            _ labels: UnsafePointer<Int32>
        ) {
            right.withUnsafeMutableBufferPointer { right in
                hpk_softmax_evaluate(
                    examples, classes, scores, labels, &loss, &lossSquare, &correct,
                    right.baseAddress.map { $0 + seen })
            }
            seen += examples
        }

        var score: Score {
            let count = Double(right.count)
            let mean = canonical(loss / count)
            let variance = max(0, lossSquare / count - mean * mean)
            return Score(
                accuracy: Double(correct) / count, loss: mean,
                lossStandardError: (variance / count).squareRoot(), right: right)
        }
    }

    /// A member's scores of the validation split, shape (rows, classes).
    func validationScores(of member: Int, _ network: Network) -> [Float] {
        var all: [Float] = []
        let classes = data.dataset.classCount
        forEachBatch(of: data.split.validation, network) { examples, scores, _ in
            network.copyScores(of: member, examples: examples, to: scores)
            all.append(
                contentsOf: UnsafeBufferPointer(start: scores, count: examples * classes))
        }
        return all
    }

    private func score(
        _ rows: [UInt32], _ network: Network, onFirstBatch: (Int) -> Void = { _ in }
    ) -> [Score] {
        var sums = [Sums](repeating: Sums(examples: rows.count), count: network.members)
        var isFirst = true
        forEachBatch(of: rows, network) { examples, scores, labels in
            for member in sums.indices {
                network.copyScores(of: member, examples: examples, to: scores)
                sums[member].add(examples, data.dataset.classCount, scores, labels)
            }
            if isFirst { onFirstBatch(examples) }
            isFirst = false
        }
        return sums.map(\.score)
    }

    /// Calls `body` after the forward pass of each batch, with the number of its examples, memory
    /// for one member's scores, and the labels.
    private func forEachBatch(
        of rows: [UInt32], _ network: Network,
        _ body: (Int, UnsafeMutablePointer<Float>, UnsafePointer<Int32>) -> Void
    ) {
        guard let input = network.input.baseAddress, let labels = labels.baseAddress,
            let scores = scores.baseAddress
        else { preconditionFailure("buffers are never empty") }
        rows.withUnsafeBufferPointer { rows in
            for start in stride(from: 0, to: rows.count, by: Self.batchSize) {
                let batch = UnsafeBufferPointer(
                    rebasing: rows[start..<min(start + Self.batchSize, rows.count)])
                data.gather(batch, into: input, labels: labels)
                network.forward(examples: batch.count, for: .evaluation)
                body(batch.count, scores, labels)
            }
        }
    }
}

/// Every NaN as the same NaN: processors differ in the one they make.
func canonical(_ number: Double) -> Double {
    number.isNaN ? .nan : number
}
