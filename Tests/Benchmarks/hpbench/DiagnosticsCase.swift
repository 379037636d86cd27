import HPNet

/// Trainings of one net, with diagnostics and without.
struct DiagnosticsCase {
    var dataName: String
    var data: PreparedData
    var network: NetworkConfiguration
    /// What the network has beyond affine maps and ReLU, as text.
    var extras = ""
    var dropout = 0.0
    var batchSize: Int
    var bundle: Int
    var epochs: Int

    var netText: String {
        NetShape([data.featureCount] + network.hidden + [data.dataset.classCount]).text
            + (extras.isEmpty ? "" : " " + extras)
    }

    /// Small data, where an epoch is short beside a look, then large; wide and deep networks.
    static func all() throws -> [DiagnosticsCase] {
        let digits = try embeddedDigits()
        let small: [(NetworkConfiguration, String, dropout: Double)] = [
            (NetworkConfiguration(hidden: [32]), "", 0),
            (NetworkConfiguration(hidden: [50]), "", 0),
            (NetworkConfiguration(hidden: [100, 100]), "", 0),
            (
                NetworkConfiguration(hidden: [64, 64, 64], batchNormalization: true),
                "batch norm, dropout", 0.2
            ),
            (NetworkConfiguration(hidden: [50], activation: .maxout(pieces: 2)), "maxout", 0),
            (
                NetworkConfiguration(
                    hidden: [100, 100], activation: .tanh, initialization: .xavier),
                "tanh", 0
            ),
        ]
        let onDigits = small.map { network, extras, dropout in
            DiagnosticsCase(
                dataName: "digits", data: digits, network: network, extras: extras,
                dropout: dropout, batchSize: 100, bundle: 1, epochs: 10)
        }
        let deep = DiagnosticsCase(
            dataName: "digits", data: digits,
            network: NetworkConfiguration(hidden: Array(repeating: 500, count: 10)),
            batchSize: 100, bundle: 1, epochs: 3)
        let onImages = [
            DiagnosticsCase(
                dataName: "10,000 images", data: try madeUp(784),
                network: NetworkConfiguration(hidden: [256, 128]), batchSize: 128, bundle: 1,
                epochs: 5),
            DiagnosticsCase(
                dataName: "10,000 images", data: try madeUp(3072),
                network: NetworkConfiguration(hidden: [50]), batchSize: 200, bundle: 1, epochs: 5),
        ]
        return (onDigits + [deep] + onImages).flatMap { alone in
            var together = alone
            together.bundle = 8
            return [alone, together]
        }
    }

    /// Seconds of CPU time that one training takes.
    func train(withDiagnostics: Bool) -> Double {
        let members = (0..<bundle).map { member in
            TrainingConfiguration(
                learningRate: 1e-3 * Double(member + 1), regularization: 1e-3, dropout: dropout,
                batchSize: batchSize, epochs: Double(epochs), lossFactor: .infinity)
        }
        let trainer = BundleTrainer(
            network: network, members: members, data: data, withDiagnostics: withDiagnostics)
        let begin = ThreadTime.seconds
        trainer.train(onEnd: { _, _ in })
        return ThreadTime.seconds - begin
    }

    private static func embeddedDigits() throws -> PreparedData {
        let split = try DataSplit(
            of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: 1)
        return PreparedData(dataset: .digits, split: split)
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
}
