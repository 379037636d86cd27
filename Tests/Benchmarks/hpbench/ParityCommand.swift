import ArgumentParser
import Foundation
import HPNet

/// `hpbench parity`: the lecture's net on CIFAR-10, for comparison with other engines.
struct ParityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "parity",
        abstract: "Train 3072-50-10 on CIFAR-10 at three rates; best validation accuracies as JSON."
    )

    @Argument(help: "The folder with data_batch_1.bin to data_batch_5.bin.")
    var data: String

    @Option(help: "Replicates of each rate.")
    var replicates: UInt32 = 5

    @Option(help: "Epochs of each training.")
    var epochs = 20

    static let rates = [5e-3, 1e-2, 2e-2]

    struct Training: Encodable {
        var learningRate: Double
        var replicate: UInt32
        var bestValidationAccuracy: Double

        enum CodingKeys: String, CodingKey {
            case learningRate = "learning_rate"
            case replicate
            case bestValidationAccuracy = "best_validation_accuracy"
        }
    }

    /// What another engine needs to do the same, and what came of it here.
    struct Answer: Encodable {
        var epochs: Int
        /// Numbers of the images in the order of the five files; all others are for training.
        var validation: [UInt32]
        var trainings: [Training]
    }

    func validate() throws {
        guard replicates >= 1, epochs >= 1 else {
            throw ValidationError("--replicates and --epochs are at least 1")
        }
    }

    func run() throws {
        let dataset = try Dataset.cifar10(directory: data)
        let split = try DataSplit(
            of: dataset, training: .count(dataset.count - 5000), validation: .count(5000), seed: 1)
        let prepared = PreparedData(
            dataset: dataset, split: split, preprocessing: [.normalize])
        let trainings = (1...replicates).flatMap { train(prepared, replicate: $0) }
        let answer = Answer(epochs: epochs, validation: split.validation, trainings: trainings)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        print(String(decoding: try encoder.encode(answer), as: UTF8.self))
    }

    private func train(_ data: PreparedData, replicate: UInt32) -> [Training] {
        let members = Self.rates.map { rate in
            TrainingConfiguration(
                learningRate: rate, regularization: 1e-3, learningRateDecay: 0.9, batchSize: 200,
                epochs: Double(epochs), seed: 1, replicate: replicate)
        }
        var trainings: [Training] = []
        BundleTrainer(network: NetworkConfiguration(hidden: [50]), members: members, data: data)
            .train(onEnd: { member, outcome in
                trainings.append(
                    Training(
                        learningRate: Self.rates[member], replicate: replicate,
                        bestValidationAccuracy: outcome.best?.validationAccuracy ?? 0))
            })
        return trainings
    }
}
