import HPCluster
package import HPNet
package import HPSearch

/// The lecture's checks before a search: what can be known in seconds and would be found out after
/// hours.
package struct Preflight {
    private let spec: StudySpec
    private let data: PreparedData
    private let deadline: Instant

    /// What takes longer is broken off, and noted.
    package static let secondsMaximum = 30.0

    /// Runs all checks.
    package static func findings(
        of spec: StudySpec, on data: PreparedData
    ) -> [PreflightFinding] {
        let preflight = Preflight(
            spec: spec, data: data,
            deadline: RunnerClock.now.advanced(bySeconds: secondsMaximum))
        return preflight.findings()
    }

    private var isOutOfTime: Bool { RunnerClock.now >= deadline }

    private func findings() -> [PreflightFinding] {
        let variants = PreflightVariant.all(of: spec)
        var findings = dataFindings()
        findings += gradientKinds(variants).map(gradient)
        let small = variants.filter { memberMaximum($0) > 0 }
        for variant in small { findings += initialLoss(variant) }
        findings += variants.map { memberMaximum($0) > 0 ? overfit($0) : tooLarge($0) }
        if let first = small.first { findings += rateRange(first) }
        return findings
    }

    /// Networks of this kind that fit into the memory of one that is as large as can be.
    private func memberMaximum(_ variant: PreflightVariant) -> Int {
        let training = variant.settings.training(of: spec, epochs: 1, replicate: 0)
        let count = BundleMemory.floatCount(
            network: variant.settings.model.engine, training: training, data: data)
        return BundleMemory.floatMaximum / count
    }

    private func tooLarge(_ variant: PreflightVariant) -> PreflightFinding {
        PreflightFinding(
            .overfit, .failed, variant: variant.name,
            sentence: "it takes more memory than any trial may: make it smaller (model.hidden)")
    }

    // MARK: - Data

    private func dataFindings() -> [PreflightFinding] {
        let preview = DataPreview(of: data)
        let classes = preview.classCounts.count
        let isBalanced = preview.rarestShare * 2 >= preview.commonestShare
        let balance = PreflightFinding(
            .classBalance, isBalanced ? .passed : .noted,
            sentence: "\(classes) classes of \(Self.share(preview.rarestShare)) to "
                + "\(Self.share(preview.commonestShare)) of the training split: always naming the "
                + "commonest gives accuracy \(NumberText.short(preview.commonestShare))"
                + (isBalanced ? "" : "; accuracy says little about the rare ones"),
            figures: [
                .init("rarest_share", preview.rarestShare),
                .init("commonest_share", preview.commonestShare),
            ])
        let repeated = preview.repeatedValidationCount
        let leak = PreflightFinding(
            .leak, repeated == 0 ? .passed : .noted,
            sentence: repeated == 0
                ? "no validation example is in the training split"
                : "\(repeated) of \(data.split.validation.count) validation examples are in the "
                    + "training split, too: what is learned by heart counts there as success",
            figures: [.init("repeated_examples", Double(repeated))])
        return [balance, leak]
    }

    private static func share(_ share: Double) -> String {
        NumberText.short((share * 1000).rounded() / 10) + "%"
    }

    // MARK: - Networks

    /// One variant of each kind that has gradients of its own: initialization, say, changes none.
    private func gradientKinds(_ variants: [PreflightVariant]) -> [PreflightVariant] {
        var kinds: [NetworkConfiguration] = []
        return variants.filter { variant in
            var kind = variant.settings.model.engine
            kind.initialization = .he
            kind.hidden = kind.hidden.prefix(Self.depthMaximum).map { _ in 1 }
            if kinds.contains(kind) { return false }
            kinds.append(kind)
            return true
        }
    }

    private static let depthMaximum = 4

    /// A small network of the same kind: what is checked doesn't depend on the size.
    private func gradient(_ variant: PreflightVariant) -> PreflightFinding {
        let configuration = variant.settings.model.engine
        let depth = min(Self.depthMaximum, configuration.hidden.count)
        let conditions = [(0.0, 0.0), (0.1, 0), (0.1, 0.4)]
            .prefix(variant.settings.model.dropout > 0 ? 3 : 2)
        let checks = conditions.map { regularization, dropout in
            GradientCheck.ofSmallNetwork(
                activation: configuration.activation,
                batchNormalization: configuration.batchNormalization, depth: depth,
                regularization: regularization, dropout: dropout)
        }
        let figures = checks[0].rows.indices.map { row in
            PreflightFinding.Figure(
                checks[0].rows[row].name, checks.map { $0.rows[row].largestError }.max() ?? 0)
        }
        let error = checks.map(\.largestError).max() ?? 0
        let kinks = checks.flatMap(\.rows).map(\.kinks).reduce(0, +)
        let compared = checks.flatMap(\.rows).map(\.compared).reduce(0, +)
        let isPassed = checks.allSatisfy(\.isPassed)
        return PreflightFinding(
            .gradient, isPassed ? .passed : .failed, variant: variant.name,
            sentence: "largest relative error \(NumberText.short(error)) of \(compared) numbers, "
                + "limit \(NumberText.short(checks[0].limit))"
                + (kinks > 0 ? ", \(kinks) at kinks not compared" : "")
                + (isPassed ? "" : ": the engine's gradient is wrong; report this as a defect"),
            figures: figures)
    }

    private func initialLoss(_ variant: PreflightVariant) -> [PreflightFinding] {
        let strengths = strengths(variant)
        let initial = InitialLoss(
            network: variant.settings.model.engine, data: data, strengths: strengths,
            seed: spec.seed)
        let chance = "ln \(data.dataset.classCount) = \(NumberText.short(initial.chance))"
        let loss = NumberText.short(initial.dataLoss)
        let atChance = PreflightFinding(
            .initialLoss, initial.isAtChance ? .passed : .failed, variant: variant.name,
            sentence: initial.isAtChance
                ? "loss \(loss) without regularization, chance is \(chance)"
                : "loss \(loss) without regularization, more than 10% off chance, \(chance): the "
                    + "first weights are too large for these features (model.init, "
                    + "data.preprocess)",
            figures: [.init("loss", initial.dataLoss), .init("chance", initial.chance)])
        let totals = initial.regularizationLosses.map { initial.dataLoss + $0 }
        let texts = zip(strengths, totals).map {
            "\(NumberText.short($1)) at reg \(NumberText.short($0))"
        }
        let rises = initial.risesWithRegularization
        let regularization = PreflightFinding(
            .regularization, rises ? .passed : .failed, variant: variant.name,
            sentence: "loss " + (texts.isEmpty ? "is no number" : texts.joined(separator: ", "))
                + (rises
                    ? ""
                    : ": more regularization must cost more, and doesn't where all weights are 0"),
            figures: zip(strengths, totals).map {
                .init("loss_at_reg_\(NumberText.short($0))", $1)
            })
        return [atChance, regularization]
    }

    /// None, and the ends of the range; where nothing is regularized, 1.
    private func strengths(_ variant: PreflightVariant) -> [Double] {
        let domain = spec.parameters.first { $0.name == "reg" }?.domain
        let fixed = variant.settings.train.regularization
        let ends = domain?.bounds.map { [$0.low, $0.high] } ?? [fixed]
        let low = ends.first { $0 > 0 } ?? 1
        let high = ends.last ?? low
        return high > low ? [0, low, high] : [0, low]
    }

    // MARK: - Training

    /// The rates of the spec that an overfit is tried with.
    private static let rateCount = 9

    private func overfit(_ variant: PreflightVariant) -> PreflightFinding {
        let training = variant.settings.training(of: spec, epochs: 1, replicate: 0)
        let count = min(Self.rateCount, memberMaximum(variant))
        let rates = Array(rates(count: count, training).prefix(max(1, count)))
        let result = Overfitting(
            network: variant.settings.model.engine, training: training, learningRates: rates,
            data: data, shouldStop: { isOutOfTime })
        let best = result.best
        let way =
            "learning_rate \(NumberText.short(best.learningRate))"
            + (rates.count > 1 ? ", the best of \(rates.count) tried" : "")
        let loss = best.loss.map(NumberText.short) ?? "nothing: it diverged"
        let figures: [PreflightFinding.Figure] = [
            .init("loss", best.loss ?? .infinity), .init("accuracy", best.accuracy),
            .init("epochs", best.epochs), .init("learning_rate", best.learningRate),
        ]
        let examples = min(Overfitting.examples, data.split.training.count)
        func finding(
            _ outcome: PreflightFinding.Outcome, _ sentence: String
        ) -> PreflightFinding {
            PreflightFinding(
                .overfit, outcome, variant: variant.name, sentence: sentence, figures: figures)
        }
        let course =
            "loss \(NumberText.short(best.initialLoss)) → \(loss) at accuracy "
            + NumberText.short(best.accuracy)
        if best.isSuccessful {
            return finding(
                .passed,
                "\(examples) examples learned by heart in \(NumberText.short(best.epochs)) epochs: "
                    + "\(course), \(way)")
        }
        if result.wasInterrupted {
            return finding(
                .noted,
                "\(examples) examples not learned by heart within the time of a check: \(course)")
        }
        return finding(
            .failed,
            "\(examples) examples can't be learned by heart in \(Overfitting.epochs) epochs: "
                + "\(course), \(way); not worth proceeding before they can "
                + "(learning_rate, model.init, model.hidden, or examples that contradict)")
    }

    private func rates(count: Int, _ training: TrainingConfiguration) -> [Double] {
        let domain = spec.parameters.first { $0.name == "learning_rate" }?.domain
        let rates = domain?.rates(count: count) ?? []
        return rates.isEmpty ? [training.learningRate] : rates
    }

    private func rateRange(_ variant: PreflightVariant) -> [PreflightFinding] {
        let training = variant.settings.training(of: spec, epochs: 1, replicate: 0)
        let rates = rates(count: 2, training)
        guard let low = rates.min(), let high = rates.max(), low < high else { return [] }
        let probes = RateProbe.probes(
            network: variant.settings.model.engine, training: training,
            learningRates: [low, high], data: data, shouldStop: { isOutOfTime })
        let examples = min(RateProbe.examples, data.split.training.count)
        let sentences = [Self.lowEnd(probes[0]), Self.highEnd(probes[1])]
        return zip(probes, sentences).map { probe, sentence in
            PreflightFinding(
                .rateRange, .noted,
                sentence: "learning_rate \(NumberText.short(probe.learningRate)), an epoch of "
                    + "\(examples) examples: \(sentence)",
                figures: [
                    .init("learning_rate", probe.learningRate),
                    .init("initial_loss", probe.initialLoss),
                    .init("loss", probe.loss ?? .infinity),
                ])
        }
    }

    private static func course(_ probe: RateProbe) -> String {
        guard let loss = probe.loss else {
            return probe.hasDiverged ? "DIVERGED" : "not finished within the time of a check"
        }
        return "loss \(fixed(probe.initialLoss)) → \(fixed(loss))"
    }

    /// As many digits as show that a loss doesn't move.
    private static func fixed(_ loss: Double) -> String {
        NumberText.short((loss * 1000).rounded() / 1000)
    }

    private static func lowEnd(_ probe: RateProbe) -> String {
        if probe.isTooHigh { return course(probe) + ": the whole range is too high (lr-high)" }
        if probe.isTooLow {
            return course(probe) + ", too low to learn within an epoch (lr-low), as the low end "
                + "should be"
        }
        return course(probe) + ", it learns: lower rates may be worth a look"
    }

    private static func highEnd(_ probe: RateProbe) -> String {
        if probe.isTooHigh {
            return course(probe) + ", too high to learn (lr-high), as the high end should be"
        }
        if probe.isTooLow { return course(probe) + ": the whole range is too low (lr-low)" }
        return course(probe) + ", it trains: higher rates may be worth a look"
    }
}
