import ArgumentParser
import Foundation
import HPNet

/// `hpbench components`: how long principal components take, and what they are.
struct ComponentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "components",
        abstract: "Fit the principal components of CIFAR-10; seconds to fit and from the cache.")

    @Argument(help: "The folder with data_batch_1.bin to data_batch_5.bin.")
    var data: String

    @Option(help: "Components to keep.")
    var components = 144

    @Option(help: "Where components are kept; emptied first.")
    var cache = NSTemporaryDirectory() + "hpbench-components"

    @Option(help: "A file for the rows of the training split, one number a line.")
    var rows: String?

    func run() throws {
        let dataset = try Dataset.cifar10(directory: data)
        let split = try DataSplit(
            of: dataset, training: .count(dataset.count * 49 / 50),
            validation: .count(dataset.count / 50), seed: 231)
        try? FileManager.default.removeItem(atPath: cache)
        if let rows {
            try split.training.map { "\($0)\n" }.joined().write(
                toFile: rows, atomically: true, encoding: .utf8)
        }
        for what in ["fitted", "from the cache"] {
            let begin = Date()
            _ = PreparedData(
                dataset: dataset, split: split,
                preprocessing: [.whiten(components: components, epsilon: 1e-5)],
                cache: ComponentCache(folder: cache))
            let seconds = (Date().timeIntervalSince(begin) * 100).rounded() / 100
            print("\(components) components \(what): \(seconds) s")
        }
    }
}
