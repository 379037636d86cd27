import HPMath
package import HPNet

/// Trainings of one optimizer at one batch size, to be held against what DIVERGED promises.
package struct DivergenceCase: Sendable, CustomStringConvertible {
    package var table: BlobTable
    package var optimizer: Optimizer
    package var batchNormalization: Bool
    package var batchSize: Int
    package var epochs: Double

    package init(
        _ table: BlobTable, _ optimizer: Optimizer, batchNormalization: Bool = false,
        batchSize: Int, epochs: Double = 10
    ) {
        self.table = table
        self.optimizer = optimizer
        self.batchNormalization = batchNormalization
        self.batchSize = batchSize
        self.epochs = epochs
    }

    package var description: String {
        "\(table.name), \(optimizer)\(batchNormalization ? ", batch norm" : ""), batch \(batchSize)"
    }

    /// None that people would call mad: minibatches of a few examples take smaller steps.
    package func saneRates(count: Int) -> [Double] {
        let highest =
            switch optimizer {
            case .sgd: 0.3
            case .momentum, .nesterov: 0.05
            case .rmsprop, .adam: 0.03
            }
        let share = min(1, (Double(batchSize) / 32).squareRoot())
        return Self.rates(from: highest * share / 30, to: highest * share, count: count)
    }

    /// At equal distances on a log scale.
    package static func rates(from low: Double, to high: Double, count: Int) -> [Double] {
        (0..<count).map { index in
            low * HPMath.exp(Double(index) / Double(count - 1) * HPMath.log(high / low))
        }
    }

    /// Beyond all that trains.
    package static let explosiveRates: [Double] = [1e2, 1e3, 1e5, 1e8]

    /// The trainings that DIVERGED and would have ended with a finite loss below the limit, as
    /// text.
    package func falseAlarms(at rates: [Double], of data: PreparedData) -> [String] {
        let judged = outcomes(at: rates, of: data, lossFactor: Self.lossFactor)
        guard judged.contains(where: \.hasDiverged) else { return [] }
        let lifted = outcomes(at: rates, of: data, lossFactor: .infinity)
        let chance = HPMath.log(Double(table.classes))
        return rates.indices.compactMap { index in
            guard judged[index].hasDiverged, lifted[index].end == .completed,
                let loss = lifted[index].evaluations.last?.trainingLoss,
                loss < Self.lossFactor * max(lifted[index].initialLoss, chance)
            else { return nil }
            return "\(self), rate \(rates[index]): \(judged[index].end), else it ends at \(loss)"
        }
    }

    /// The trainings at rates that explode which were not DIVERGED within an epoch or 2,000
    /// examples, as text.
    package func lateAlarms(of data: PreparedData) -> [String] {
        let judged = outcomes(at: Self.explosiveRates, of: data, lossFactor: Self.lossFactor)
        return zip(Self.explosiveRates, judged).compactMap { rate, outcome in
            let examples = data.split.training.count
            if case .diverged(let divergence) = outcome.end,
                divergence.epoch == 1 || divergence.epoch * examples <= 2000
            {
                return nil
            }
            return "\(self), rate \(rate): \(outcome.end)"
        }
    }

    private static let lossFactor = 3.0

    /// How trainings at some rates end.
    package func outcomes(
        at rates: [Double], of data: PreparedData, lossFactor: Double
    ) -> [TrainingOutcome] {
        let network = NetworkConfiguration(hidden: [24], batchNormalization: batchNormalization)
        let members = rates.map { rate in
            TrainingConfiguration(
                optimizer: optimizer, learningRate: rate, batchSize: batchSize, epochs: epochs,
                lossFactor: lossFactor, seed: 1)
        }
        var outcomes: [Int: TrainingOutcome] = [:]
        BundleTrainer(
            network: network, members: members, data: data, withDiagnostics: false
        ).train(onEnd: { outcomes[$0] = $1 })
        return members.indices.compactMap { outcomes[$0] }
    }
}

extension TrainingOutcome {
    fileprivate var hasDiverged: Bool {
        if case .diverged = end { true } else { false }
    }
}
