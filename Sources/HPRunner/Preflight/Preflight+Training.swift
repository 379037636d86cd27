import HPNet
import HPSearch

/// What the first weights and a little training tell.
extension Preflight {
    func initialLoss(_ variant: PreflightVariant) -> [PreflightFinding] {
        let strengths = strengths(variant)
        let data = data(variant)
        let initial = InitialLoss(
            network: variant.settings.model.engine,
            training: variant.settings.training(of: spec, epochs: 1, replicate: 0), data: data,
            strengths: strengths, bundleMaximum: bundleMaximum(variant))
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
        let range = regularizationRange(variant)
        let ends = [range.lowerBound, range.upperBound].filter { $0 > 0 }
        return ends.isEmpty ? [0, 1] : ends[0] < ends[ends.count - 1] ? [0] + ends : [0, ends[0]]
    }

    private func regularizationRange(_ variant: PreflightVariant) -> ClosedRange<Double> {
        let fixed = variant.settings.train.regularization
        let bounds = spec.parameters.first { $0.name == "reg" }?.domain.bounds
        return bounds.map { $0.low...$0.high } ?? fixed...fixed
    }

    // MARK: - Twenty examples

    /// Of a range of rates so many are tried.
    private static let rateCount = 9

    private func overfitting(
        _ variant: PreflightVariant, rates: [Double]
    ) -> Overfitting {
        Overfitting(
            network: variant.settings.model.engine,
            training: variant.settings.training(of: spec, epochs: 1, replicate: 0),
            learningRates: rates.thinned(to: bundleMaximum(variant)), data: data(variant),
            shouldStop: { isOutOfTime })
    }

    func overfit(_ variant: PreflightVariant) -> PreflightFinding {
        let rates = rates(of: variant, count: Self.rateCount)
        let result = overfitting(variant, rates: rates)
        let best = result.best
        let examples = min(Overfitting.examples, data(variant).split.training.count)
        let way =
            "learning_rate \(NumberText.short(best.learningRate))"
            + (rates.count > 1 ? ", the best of \(result.attempts.count) tried" : "")
        let (outcome, sentence): (PreflightFinding.Outcome, String) =
            if best.isSuccessful {
                (
                    .passed,
                    "\(examples) examples learned by heart in \(NumberText.short(best.epochs)) "
                        + "epochs: \(Self.course(best)), \(way)"
                )
            } else if result.wasInterrupted {
                (
                    .noted,
                    "\(examples) examples not learned by heart within the time of a check: "
                        + Self.course(best, wasInterrupted: true)
                )
            } else {
                (
                    .failed,
                    "\(examples) examples can't be learned by heart in \(Overfitting.epochs) "
                        + "epochs: \(Self.course(best)), \(way); not worth proceeding before they "
                        + "can: " + cause(variant, rates: rates)
                )
            }
        return PreflightFinding(
            .overfit, outcome, variant: variant.name, sentence: sentence,
            figures: [
                .init("loss", best.loss ?? .infinity), .init("accuracy", best.accuracy),
                .init("epochs", best.epochs), .init("learning_rate", best.learningRate),
            ])
    }

    private static func course(
        _ attempt: Overfitting.Attempt, wasInterrupted: Bool = false
    ) -> String {
        let start = "loss \(NumberText.short(attempt.initialLoss))"
        guard let loss = attempt.loss else {
            return wasInterrupted ? start + " at the start" : start + ", DIVERGED in epoch 1"
        }
        return start + " → \(NumberText.short(loss)) at accuracy "
            + NumberText.short(attempt.accuracy)
    }

    /// Rates beyond those of the spec, as shares of the lowest and as multiples of the highest.
    private static let beyond = [10.0, 100, 1000]

    /// Whether minibatches are at fault, or the rates, or the network and the data: other rates
    /// tell.
    private func cause(_ variant: PreflightVariant, rates: [Double]) -> String {
        let settings = variant.settings
        if settings.model.batchNormalization, settings.train.batchSize == 1 {
            return "batch normalization makes every minibatch of one example zero "
                + "(train.batch_size)"
        }
        let low = rates.min() ?? 1
        let high = rates.max() ?? 1
        let others = Self.beyond.reversed().map { low / $0 } + Self.beyond.map { high * $0 }
        let result = overfitting(variant, rates: others)
        if result.best.isSuccessful {
            return "at learning_rate \(NumberText.short(result.best.learningRate)) they can, so "
                + "search there (learning_rate)"
        }
        if result.wasInterrupted { return "other rates may (learning_rate)" }
        let tried = result.attempts.map { NumberText.short($0.learningRate) }
        return "neither can they at \(tried.joined(separator: ", ")) (model.init, model.hidden, "
            + "data.preprocess, or examples that contradict)"
    }

    private func rates(of variant: PreflightVariant, count: Int) -> [Double] {
        let domain = spec.parameters.first { $0.name == "learning_rate" }?.domain
        let rates = domain?.rates(count: count) ?? []
        return rates.isEmpty ? [variant.settings.train.learningRate] : rates
    }

    // MARK: - Ends of the range

    /// With as little regularization as the spec has: what a rate does is to be seen.
    func rateRange(_ variant: PreflightVariant) -> [PreflightFinding] {
        let rates = rates(of: variant, count: 2)
        guard let low = rates.min(), let high = rates.max(), low < high else { return [] }
        var training = variant.settings.training(of: spec, epochs: 1, replicate: 0)
        training.regularization = regularizationRange(variant).lowerBound
        let data = data(variant)
        // One after the other: side by side they may take twice the memory of a trial.
        let probes = [low, high].flatMap { rate in
            RateProbe.probes(
                network: variant.settings.model.engine, training: training,
                learningRates: [rate], data: data, shouldStop: { isOutOfTime })
        }
        let examples = min(RateProbe.examples, data.split.training.count)
        let sentences = [Self.lowEnd(probes[0]), Self.highEnd(probes[1])]
        return zip(probes, sentences).map { probe, sentence in
            PreflightFinding(
                .rateRange, .noted,
                sentence: "learning_rate \(NumberText.short(probe.learningRate)) at reg "
                    + "\(NumberText.short(training.regularization)), an epoch of \(examples) "
                    + "examples: \(sentence)",
                figures: [
                    .init("learning_rate", probe.learningRate),
                    .init("initial_loss", probe.initialLoss),
                    .init("loss", probe.loss ?? .infinity),
                ])
        }
    }

    private static func course(_ probe: RateProbe) -> String {
        guard let loss = probe.loss else { return "DIVERGED" }
        return "loss \(fixed(probe.initialLoss)) → \(fixed(loss))"
    }

    /// As many digits as show that a loss doesn't move.
    private static func fixed(_ loss: Double) -> String {
        NumberText.short((loss * 1000).rounded() / 1000)
    }

    private static let unfinished = "not finished within the time of a check"

    private static func lowEnd(_ probe: RateProbe) -> String {
        if probe.wasInterrupted { return unfinished }
        if probe.isTooHigh { return course(probe) + ": the whole range is too high (lr-high)" }
        if probe.isTooLow {
            return course(probe) + ", too low to learn within an epoch (lr-low), as the low end "
                + "should be"
        }
        return course(probe) + ", it learns: lower rates may be worth a look"
    }

    private static func highEnd(_ probe: RateProbe) -> String {
        if probe.wasInterrupted { return unfinished }
        if probe.isTooHigh {
            return course(probe) + ", too high to learn (lr-high), as the high end should be"
        }
        if probe.isTooLow { return course(probe) + ": the whole range is too low (lr-low)" }
        return course(probe) + ", it trains: higher rates may be worth a look"
    }
}
