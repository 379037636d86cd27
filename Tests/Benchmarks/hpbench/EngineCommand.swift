import ArgumentParser
import Foundation
import HPNet

/// `hpbench engine`: training on one core, in rounds that alternate with the core's peak.
struct EngineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine",
        abstract: "Examples per second of one core, and the share of its multiply-adds used.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
    }

    @Option(help: "Widths from input to classes, as 3072-50-10 (default: four nets).")
    var net: NetShape?

    @Option(help: "Examples of a minibatch (default: the net's own, or 200).")
    var batch: Int?

    @Option(help: "Trials trained as one (default: 1, 2, 4, 8 and 16).")
    var bundle: Int?

    @Option(help: "Rounds, of which the median counts.")
    var rounds = 5

    @Option(help: "How the figures are printed: JSON of one net and bundle is an object.")
    var format = Format.table

    func validate() throws {
        guard rounds >= 1, (batch ?? 1) >= 1, (bundle ?? 1) >= 1 else {
            throw ValidationError("--rounds, --batch and --bundle are at least 1")
        }
    }

    func run() throws {
        let nets = net.map { [(shape: $0, batch: batch ?? $0.usualBatch)] } ?? NetShape.measured
        let bundles = bundle.map { [$0] } ?? [1, 2, 4, 8, 16]
        var figures: [EngineFigure] = []
        for (shape, usual) in nets {
            for bundle in bundles {
                let benchmark = try EngineBenchmark(
                    shape: shape, batch: batch ?? usual, bundle: bundle)
                let figure = benchmark.measure(rounds: rounds)
                figures.append(figure)
                if format == .table { print(figure.line(isFirst: figures.count == 1)) }
            }
        }
        if format == .json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            let isOne = net != nil && bundle != nil
            let text = try isOne ? encoder.encode(figures[0]) : encoder.encode(figures)
            print(String(decoding: text, as: UTF8.self))
        }
    }
}
