import CKernels

/// Measures a network on the validation split and on the fixed training sample.
final class Evaluator {
    /// Rows that are evaluated together; results don't depend on it.
    static let batchSize = 250

    private let data: PreparedData
    private let network: Network
    private let labels: UnsafeMutableBufferPointer<Int32>

    init(data: PreparedData, network: Network) {
        self.data = data
        self.network = network
        labels = .allocate(capacity: Self.batchSize)
        labels.initialize(repeating: 0)
    }

    deinit {
        labels.deallocate()
    }

    /// What a set of examples gives.
    struct Score {
        var accuracy: Double
        var loss: Double
        var lossStandardError: Double
        var accuracyStandardError: Double
    }

    func trainingSample() -> Score { score(data.split.trainingSample) }

    func evaluate(epoch: Double, learningRate: Double) -> Evaluation {
        let validation = score(data.split.validation)
        let training = trainingSample()
        return Evaluation(
            epoch: epoch, learningRate: learningRate, validationAccuracy: validation.accuracy,
            validationAccuracyStandardError: validation.accuracyStandardError,
            validationLoss: validation.loss,
            validationLossStandardError: validation.lossStandardError,
            trainingAccuracy: training.accuracy, trainingLoss: training.loss)
    }

    private func score(_ rows: [UInt32]) -> Score {
        var lossSum = 0.0
        var lossSquareSum = 0.0
        var correct = 0
        rows.withUnsafeBufferPointer { rows in
            for start in stride(from: 0, to: rows.count, by: Self.batchSize) {
                let end = min(start + Self.batchSize, rows.count)
                add(
                    UnsafeBufferPointer(rebasing: rows[start..<end]), &lossSum, &lossSquareSum,
                    &correct)
            }
        }
        let count = Double(rows.count)
        let accuracy = Double(correct) / count
        let loss = canonical(lossSum / count)
        let variance = max(0, lossSquareSum / count - loss * loss)
        return Score(
            accuracy: accuracy, loss: loss, lossStandardError: (variance / count).squareRoot(),
            accuracyStandardError: (accuracy * (1 - accuracy) / count).squareRoot())
    }

    private func add(
        _ rows: UnsafeBufferPointer<UInt32>, _ lossSum: inout Double,
        _ lossSquareSum: inout Double, _ correct: inout Int
    ) {
        guard let input = network.input.baseAddress, let labels = labels.baseAddress else {
            preconditionFailure("buffers are never empty")
        }
        data.gather(rows, into: input)
        for (position, row) in rows.enumerated() {
            labels[position] = data.dataset.labels[Int(row)]
        }
        let scores = network.forward(examples: rows.count)
        hpk_softmax_evaluate(
            rows.count, data.dataset.classCount, scores, labels, &lossSum, &lossSquareSum,
            &correct)
    }
}

/// Every NaN as the same NaN: processors differ in the one they make.
func canonical(_ number: Double) -> Double {
    number.isNaN ? .nan : number
}
