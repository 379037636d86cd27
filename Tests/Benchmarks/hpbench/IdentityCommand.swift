import ArgumentParser
import HPNet

/// `hpbench identity`: one trial's weights, alone and in bundles, as digests.
struct IdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Train one trial alone and in bundles; its weights' digest must be one.")

    func run() throws {
        let split = try DataSplit(
            of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: 7)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.normalize])
        var digests: [String] = []
        for size in [1, 2, 3, 8, 16] {
            // Its neighbours differ in everything that members may differ in, and its place does.
            let place = size / 2
            let members = (0..<size).map { Self.member($0 - place) }
            let bundle = BundleTrainer(
                network: NetworkConfiguration(hidden: [20, 10], activation: .tanh),
                members: members, data: data)
            bundle.train(onEnd: { _, _ in })
            let digest = bundle.weightsDigests[place]
            print("\(digest)  \(Engine.kernels), bundle of \(size)")
            digests.append(digest)
        }
        if digests.contains(where: { $0 != digests[0] }) { throw ExitCode(1) }
    }

    /// The trial is number 0.
    private static func member(_ number: Int) -> TrainingConfiguration {
        TrainingConfiguration(
            learningRate: 0.05 + 0.002 * Double(number),
            regularization: 1e-3 + 1e-4 * Double(number),
            momentum: 0.9 + 0.005 * Double(number), dropout: 0.1 + 0.01 * Double(number),
            learningRateDecay: 0.9 + 0.01 * Double(number), batchSize: 33, epochs: 2.5,
            lossFactor: .infinity, seed: 7)
    }
}
