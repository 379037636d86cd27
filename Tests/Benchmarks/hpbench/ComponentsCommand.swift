import ArgumentParser
import Foundation
import HPNet

/// `hpbench components`: how long principal components take, and what they are.
struct ComponentsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "components",
        abstract: "Fit principal components; seconds to fit and from the cache.",
        discussion: """
            `Tests/Peers/check_components.py` compares what it leaves in the cache with NumPy's.
            """)

    @Argument(
        help: "CIFAR-10's folder, with data_batch_1.bin to data_batch_5.bin; else the digits.")
    var data: String?

    @Option(help: "Components to keep; 144 of CIFAR-10, 40 of the digits.")
    var components: Int?

    @Option(help: "Where components are kept; emptied first.")
    var cache = NSTemporaryDirectory() + "hpbench-components"

    @Option(help: "A file for the rows of the training split, one number a line.")
    var rows: String?

    func run() throws {
        let dataset = try data.map { try Dataset.cifar10(directory: $0) } ?? .digits
        let components = components ?? (data == nil ? 40 : 144)
        let split = try DataSplit(
            of: dataset, training: .count(dataset.count * 49 / 50),
            validation: .count(dataset.count / 50), seed: 231)
        let steps = [Preprocessing.whiten(components: components, epsilon: 1e-5)]
        try steps.require(dataset, split)
        try? FileManager.default.removeItem(atPath: cache)
        if let rows {
            try split.training.map { "\($0)\n" }.joined().write(
                toFile: rows, atomically: true, encoding: .utf8)
        }
        for what in ["fitted", "from the cache"] {
            let begin = Date()
            _ = PreparedData(
                dataset: dataset, split: split, preprocessing: steps,
                cache: ComponentCache(folder: cache))
            let seconds = (Date().timeIntervalSince(begin) * 100).rounded() / 100
            print("\(components) components \(what): \(seconds) s")
        }
    }
}
