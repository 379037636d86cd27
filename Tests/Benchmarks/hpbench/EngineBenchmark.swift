import CMeasure
import HPNet

/// What one net in one size of bundle does on one core.
struct EngineFigure: Encodable {
    var net: String
    var batch: Int
    var bundle: Int
    var kernels: String
    var rounds: Int
    /// Trained examples, counted once for each member, per second of CPU time: the median.
    var examplesPerSecond: Double
    /// Operations per example, without what padded lanes do.
    var flopPerExample: Int
    /// The core's fused multiply-adds in the same rounds: the median.
    var peakGigaflopPerSecond: Double
    /// The median of each round's share.
    var shareOfPeak: Double
    /// Shares of the time, in one more round.
    var time: EngineProfile
    /// Allocations from the first to the last minibatch of an epoch, per minibatch.
    var allocationsPerMinibatch: Double

    enum CodingKeys: String, CodingKey {
        case net, batch, bundle, kernels, rounds, time
        case examplesPerSecond = "examples_per_second"
        case flopPerExample = "flop_per_example"
        case peakGigaflopPerSecond = "peak_gigaflop_per_second"
        case shareOfPeak = "share_of_peak"
        case allocationsPerMinibatch = "allocations_per_minibatch"
    }

    func line(isFirst: Bool) -> String {
        let heading = """
                                                                        of the time:
            net              batch  bundle  examples/s  share of peak   peak\(
                EngineProfile.heading)

            """
        let name = net + String(repeating: " ", count: max(1, 17 - net.count))
        return (isFirst ? heading : "") + name + right("\(batch)", 5) + right("\(bundle)", 8)
            + right("\(Int(examplesPerSecond))", 12)
            + right("\((shareOfPeak * 1000).rounded() / 10) %", 15)
            + right("\((peakGigaflopPerSecond * 10).rounded() / 10)", 7)
            + time.columns.map { right("\(($0 * 1000).rounded() / 10)", 9) }.joined()
    }

    private func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

/// Trains on made-up bytes; only minibatches are timed, by the thread's CPU time.
struct EngineBenchmark {
    private let shape: NetShape
    private let batch: Int
    private let bundle: Int
    private let data: PreparedData

    init(shape: NetShape, batch: Int, bundle: Int) throws {
        self.shape = shape
        self.batch = batch
        self.bundle = bundle
        let classes = shape.widths[shape.widths.count - 1]
        let minibatches = max(20, 400_000_000 / (shape.flopPerExample * batch * bundle))
        let training = batch * (minibatches + 1)
        let count = training + 100
        var state: UInt64 = 1
        let bytes = (0..<count * shape.widths[0]).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        let dataset = Dataset(
            name: "made-up", features: .bytes(bytes, scale: 1 / 255),
            labels: (0..<count).map { Int32($0 % classes) }, featureCount: shape.widths[0],
            classCount: classes)
        let split = try DataSplit(
            of: dataset, training: .count(training), validation: .count(100), seed: 1)
        data = PreparedData(dataset: dataset, split: split, preprocessing: [.zeroMean])
    }

    func measure(rounds: Int) -> EngineFigure {
        var speeds: [Double] = []
        var peaks: [Double] = []
        var shares: [Double] = []
        for _ in 0..<rounds {
            let before = Self.peak()
            let speed = examplesPerSecond()
            let peak = max(before, Self.peak())
            speeds.append(speed)
            peaks.append(peak)
            shares.append(speed * Double(shape.flopPerExample) / peak)
        }
        return EngineFigure(
            net: shape.text, batch: batch, bundle: bundle, kernels: Engine.kernels,
            rounds: rounds, examplesPerSecond: Self.median(speeds),
            flopPerExample: shape.flopPerExample,
            peakGigaflopPerSecond: Self.median(peaks) / 1e9, shareOfPeak: Self.median(shares),
            time: profile(), allocationsPerMinibatch: allocationsPerMinibatch())
    }

    private func examplesPerSecond() -> Double {
        var begin = 0.0
        var seconds = 0.0
        let minibatches = train(
            onBegin: { begin = ThreadTime.seconds },
            onEnd: { seconds += ThreadTime.seconds - begin })
        return Double(minibatches * batch * bundle) / seconds
    }

    private func profile() -> EngineProfile {
        profile_kernels(1)
        defer { profile_kernels(0) }
        var profile = EngineProfile()
        _ = train(onBegin: { profile.begin() }, onEnd: { profile.end() })
        return profile
    }

    private func allocationsPerMinibatch() -> Double {
        var begin: UInt64 = 0
        var count: UInt64 = 0
        let minibatches = train(
            onBegin: { begin = allocation_count() },
            onEnd: { count += allocation_count() - begin })
        return Double(count) / Double(minibatches)
    }

    /// Returns the number of minibatches between the two in all epochs.
    private func train(onBegin: () -> Void, onEnd: () -> Void) -> Int {
        let members = (0..<bundle).map { member in
            TrainingConfiguration(
                learningRate: 1e-3 * Double(member + 1), regularization: 1e-3, batchSize: batch,
                epochs: 3, lossFactor: .infinity)
        }
        let trainer = BundleTrainer(
            network: NetworkConfiguration(hidden: Array(shape.widths.dropFirst().dropLast())),
            members: members, data: data)
        let perEpoch = data.split.training.count / batch
        var asked = 0
        // Asked before each minibatch: the first of an epoch begins the clock, the last ends it.
        trainer.train(
            shouldStop: { member in
                guard member == 0 else { return false }
                if asked % perEpoch == 0 { onBegin() }
                asked += 1
                if asked % perEpoch == 0 { onEnd() }
                return false
            }, onEnd: { _, _ in })
        return (perEpoch - 1) * 3
    }

    /// Operations per second of CPU time.
    private static func peak() -> Double {
        let begin = ThreadTime.seconds
        let operations = peak_fused_multiply_adds(2_000_000)
        return Double(operations) / (ThreadTime.seconds - begin)
    }

    private static func median(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
