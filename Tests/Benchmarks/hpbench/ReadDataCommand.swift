import ArgumentParser
import DataTesting
import Foundation
import HPNet

/// `hpbench read-data`: what reading a data set takes.
struct ReadDataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read-data",
        abstract: "Read a data set: its size, the time, and the largest resident size.")

    enum Reader: String, ExpressibleByArgument, CaseIterable {
        case cifar10
        case csv
        case idx
    }

    @Option(help: "Which reader.")
    var reader: Reader

    @Argument(help: "The file, whose last column is the label, or the folder.")
    var path: String

    func run() throws {
        let before = Memory.restartPeak()
        var dataset: Dataset?
        let elapsed = try ContinuousClock().measure {
            dataset =
                switch reader {
                case .cifar10: try .cifar10(directory: path)
                case .csv: try .csv(file: path, TableOptions(label: .position(-1)))
                case .idx: try .idx(directory: path)
                }
        }
        guard let dataset else { return }
        print(
            "\(dataset.count) examples of \(dataset.featureCount) features in "
                + "\(dataset.classCount) classes, "
                + String(
                    format: "%.2f s, %.1f MiB", elapsed / .seconds(1),
                    Double(Memory.peak() - before) / 1_048_576))
    }
}
