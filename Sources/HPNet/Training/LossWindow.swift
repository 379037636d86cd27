/// Keeps the data losses of the last minibatches of a training: divergence is told from their mean.
///
/// One minibatch says little: the loss of one example differs from the next by more than any factor
/// that a limit could have. So the mean is over the fewest last minibatches that have as many
/// examples as the window is to hold, each example counting the same.
struct LossWindow: Sendable, Hashable, Codable {
    /// Enough for the mean to be the training's and not that of its examples.
    static let usualExamples = 256

    /// Examples that the window holds at least, before its mean is judged.
    let examples: Int
    /// The mean data loss over the first window of training before the first update.
    var initialLoss = 0.0
    /// One entry for each minibatch, the oldest first.
    private var sums: [Double] = []
    private var counts: [Int] = []
    /// Examples of the minibatches that are kept.
    private(set) var held = 0

    /// An empty window of `usualExamples` or one minibatch, whichever has more; of the first epoch,
    /// or the share of it that is trained, where that has fewer.
    init(_ training: TrainingConfiguration, trainingExamples: Int) {
        let batchSize = min(training.batchSize, trainingExamples)
        let minibatches = BundleTrainer.minibatches(
            of: trainingExamples, size: batchSize, share: min(1, training.epochs))
        examples = min(
            max(Self.usualExamples, batchSize), minibatches * batchSize, trainingExamples)
    }

    /// Takes in a minibatch's losses, and drops what is older than the window.
    mutating func add(lossSum: Double, examples count: Int) {
        sums.append(lossSum)
        counts.append(count)
        held += count
        var dropped = 0
        while held - counts[dropped] >= examples {
            held -= counts[dropped]
            dropped += 1
        }
        sums.removeFirst(dropped)
        counts.removeFirst(dropped)
    }

    /// Forgets all minibatches.
    mutating func empty() {
        sums.removeAll(keepingCapacity: true)
        counts.removeAll(keepingCapacity: true)
        held = 0
    }

    /// The mean data loss of the examples that it holds; nil before it is full.
    var mean: Double? {
        held < examples ? nil : canonical(sums.reduce(0, +) / Double(held))
    }

    /// Whether these can be the losses of a training that is told of in `other`.
    func fits(_ other: LossWindow) -> Bool {
        examples == other.examples && sums.count == counts.count
            && counts.allSatisfy { $0 > 0 } && held == counts.reduce(0, +)
    }
}
