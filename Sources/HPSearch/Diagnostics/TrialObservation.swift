import HPMath

/// What is known of a trial that was trained, and what it shows.
///
/// Flags are a pure function of it: every machine gives the same.
package struct TrialObservation: Sendable, Hashable {
    package var state: Trial.State
    /// Of the data set.
    package var classCount: Int
    /// Before the first update, on the training sample.
    package var initialLoss: Double
    /// The index of the evaluation that the trial's value is of; nil when there is none.
    package var best: Int?
    package var recordings: TrialRecordings

    package init(
        state: Trial.State, classCount: Int, initialLoss: Double, best: Int?,
        recordings: TrialRecordings
    ) {
        self.state = state
        self.classCount = classCount
        self.initialLoss = initialLoss
        self.best = best
        self.recordings = recordings
    }
}

extension TrialObservation {
    /// The flags, in the order of their kinds; those that are told from the objective alone are the
    /// report's, by `ObjectiveCurve`.
    package var flags: [TrialFlag] {
        TrialFlag.allCases.filter(shows)
    }

    private func shows(_ flag: TrialFlag) -> Bool {
        switch flag {
        case .learningRateLow: isFlat && !hasOtherReason && !moves
        case .learningRateHigh: state == .diverged || endsAboveStart
        case .initialLoss: startsOffChance
        case .symmetric: isSymmetric
        case .deadReLU: hasDeadLayer && !isSymmetric && !hasShrunk
        case .saturated: hasSaturatedLayer
        case .vanishing: vanishes && !hasShrunk
        case .lateStart: startsLate || isFlat && !hasOtherReason && moves
        case .plateau: isPlateau
        case .noisy: isNoisy
        case .updateHigh: updatesAreHigh && !isLearned && !hasShrunk
        case .updateLow: updatesAreLow && !isLearned && !hasShrunk
        case .regularizationDominates: regularizationDrowns
        case .overfit: gap > FlagThresholds.overfitGap
        case .underfit: isUnderfit
        case .stillImproving, .luckyEpoch: false
        }
    }

    // MARK: - The loss

    /// What keeps a loss where it is besides short steps.
    private var hasOtherReason: Bool {
        isSymmetric || hasDeadLayer || hasSaturatedLayer || vanishes || regularizationDrowns
    }

    private var chance: Double { HPMath.log(Double(classCount)) }
    private var losses: [Double] { recordings.curve.map(\.trainingLoss) }
    private var lowest: Double { losses.filter(\.isFinite).min() ?? initialLoss }
    private var fall: Double { initialLoss - lowest }

    private var startsOffChance: Bool {
        !((initialLoss - chance).magnitude <= FlagThresholds.initialLossShare * chance)
    }

    private var barelyChanges: Bool {
        state != .diverged && !losses.isEmpty
            && losses.allSatisfy {
                ($0 - initialLoss).magnitude < FlagThresholds.changeShare * initialLoss
            }
    }

    /// Whether the loss never fell by as much as a beginning: after few evaluations that takes one
    /// that barely changes.
    var isFlat: Bool {
        barelyChanges
            || state != .diverged && !losses.isEmpty && !endsAboveStart
                && losses.count >= FlagThresholds.shapeLookMinimum
                && fall < FlagThresholds.startShare * initialLoss
    }

    private var endsAboveStart: Bool {
        guard let last = losses.last else { return false }
        return last > initialLoss + FlagThresholds.startShare * max(initialLoss, chance)
    }

    private var isLearned: Bool { lowest < FlagThresholds.learnedShare * initialLoss }

    private var startsLate: Bool {
        guard losses.count >= FlagThresholds.shapeLookMinimum,
            fall > FlagThresholds.startShare * initialLoss
        else { return false }
        let flat = losses.prefix { initialLoss - $0 < FlagThresholds.flatShare * fall }.count
        return flat >= 2 && Double(flat) >= FlagThresholds.flatTimeShare * Double(losses.count)
    }

    /// Whether the second half of the evaluations gained nothing.
    private var standsStill: Bool {
        guard losses.count >= FlagThresholds.shapeLookMinimum,
            let before = losses.prefix(losses.count / 2).min()
        else { return false }
        return before - lowest < FlagThresholds.standstillShare * initialLoss
    }

    private var isPlateau: Bool {
        state == .complete && standsStill && !isLearned && !regularizationDrowns
            && fall > FlagThresholds.startShare * initialLoss
            && moves
    }

    /// Whether the loss keeps rising between evaluations of the second half. It is always of the
    /// same examples: what it does is the weights' doing. The losses of minibatches differ because
    /// they are of other examples, and at small batch sizes by more than any noise.
    private var isNoisy: Bool {
        guard state != .diverged, !endsAboveStart,
            losses.count >= FlagThresholds.shapeLookMinimum
        else { return false }
        let steps = zip(losses, losses.dropFirst()).map { $1 - $0 }.suffix(losses.count / 2)
        let rise = steps.reduce(0) { $0 + max(0, $1) } / Double(steps.count)
        return rise > FlagThresholds.noiseShare * chance
    }

    // MARK: - Accuracy

    private var gap: Double {
        guard let best, state == .complete else { return 0 }
        let point = recordings.curve[best]
        return point.trainingAccuracy - point.validationAccuracy
    }

    private var isUnderfit: Bool {
        guard let best, state == .complete, standsStill, !isPlateau, !isFlat else {
            return false
        }
        return gap < FlagThresholds.underfitGap && !regularizationDrowns
            && recordings.curve[best].trainingAccuracy < FlagThresholds.underfitAccuracy
    }
}
