import ArgumentParser
import HPNet

/// `hpbench diagnostics`: what looking inside training costs.
struct DiagnosticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnostics",
        abstract: "Train with and without diagnostics in turn; the share of time that they take.")

    @Option(help: "Pairs of trainings of each net.")
    var rounds = 15

    func validate() throws {
        guard rounds >= 1 else { throw ValidationError("--rounds is at least 1") }
    }

    func run() throws {
        print("data           net            batch  bundle  epochs  share of time")
        for (name, data, hidden, batch) in try Self.trainings() {
            for bundle in [1, 8] {
                let share = measure(data, hidden, batch, bundle)
                let widths =
                    [data.featureCount] + hidden + [data.dataset.classCount]
                print(
                    padded(name, 15) + padded(NetShape(widths).text, 15) + padded("\(batch)", 7)
                        + padded("\(bundle)", 8) + padded("\(Self.epochs)", 8)
                        + "\((share * 1000).rounded() / 10) %")
            }
        }
    }

    private static let epochs = 10

    private static func trainings() throws -> [(String, PreparedData, [Int], Int)] {
        let digits = Dataset.digits
        let split = try DataSplit(
            of: digits, training: .fraction(0.7), validation: .fraction(0.15), seed: 1)
        return [
            ("digits", PreparedData(dataset: digits, split: split), [50], 100),
            ("digits", PreparedData(dataset: digits, split: split), [100, 100], 100),
            ("10,000 images", try madeUp(784), [256, 128], 128),
            ("10,000 images", try madeUp(3072), [50], 200),
        ]
    }

    private static func madeUp(_ features: Int) throws -> PreparedData {
        var state: UInt64 = 1
        let bytes = (0..<11_000 * features).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let dataset = Dataset(
            name: "made-up", features: .bytes(bytes, scale: 1 / 255),
            labels: (0..<11_000).map { Int32($0 % 10) }, featureCount: features, classCount: 10)
        let split = try DataSplit(
            of: dataset, training: .count(10_000), validation: .count(1000), seed: 1)
        return PreparedData(dataset: dataset, split: split, preprocessing: [.zeroMean])
    }

    /// The median of the pairs' shares.
    private func measure(
        _ data: PreparedData, _ hidden: [Int], _ batch: Int, _ bundle: Int
    ) -> Double {
        let shares = (0..<rounds).map { round in
            var seconds = [0.0, 0.0]
            for turn in [round % 2, 1 - round % 2] {
                seconds[turn] = train(data, hidden, batch, bundle, withDiagnostics: turn == 1)
            }
            return 1 - seconds[0] / seconds[1]
        }
        return shares.sorted()[shares.count / 2]
    }

    /// Seconds of CPU time.
    private func train(
        _ data: PreparedData, _ hidden: [Int], _ batch: Int, _ bundle: Int, withDiagnostics: Bool
    ) -> Double {
        let members = (0..<bundle).map { member in
            TrainingConfiguration(
                learningRate: 1e-3 * Double(member + 1), regularization: 1e-3, batchSize: batch,
                epochs: Double(Self.epochs), lossFactor: .infinity)
        }
        let trainer = BundleTrainer(
            network: NetworkConfiguration(hidden: hidden), members: members, data: data,
            withDiagnostics: withDiagnostics)
        let begin = ThreadTime.seconds
        trainer.train(onEnd: { _, _ in })
        return ThreadTime.seconds - begin
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
