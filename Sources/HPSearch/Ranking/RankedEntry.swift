/// One configuration at one stage: a report ranks these.
package struct RankedEntry: Sendable, Hashable {
    /// How an entry came out, in the order in which a report lists them.
    package enum Standing: Int, Sendable, Hashable, CaseIterable {
        /// All replicates of a refitted configuration are COMPLETE.
        case refitted
        /// A replicate of a refitted configuration DIVERGED or is FAIL; another is COMPLETE.
        case unstable
        /// A replicate of a refitted configuration waits, runs or was canceled; another is
        /// COMPLETE.
        case incomplete
        /// The sampler drew it, and it is COMPLETE.
        case sampled
        case pruned
        case running
        case waiting
        case diverged
        case fail
        case canceled
    }

    package let standing: Standing
    /// Index of the stage.
    package let stage: Int
    package let configuration: Int
    /// Indices of its trials in the study, in the order of their replicates.
    package var trials: [Int] { [first] + others }
    /// The index of its first trial.
    package let first: Int
    private let others: [Int]
    /// The finite values of its COMPLETE trials, or of PRUNED ones where it is pruned.
    package let values: ReplicateSummary

    /// Replicates that were planned.
    package var replicateCount: Int { 1 + others.count }

    /// - Parameter replicates: indices of the trials of one refitted configuration.
    /// - Precondition: there is a trial.
    init(refitted replicates: [Int], of study: Study) {
        first = replicates[0]
        others = Array(replicates.dropFirst())
        stage = study.trials[first].stage
        configuration = study.trials[first].configuration
        var values = ReplicateSummary()
        for index in replicates where study.trials[index].state == .complete {
            if let value = study.trials[index].finiteValue { values.add(value) }
        }
        self.values = values
        standing = Self.standing(
            ofRefitted: replicates.map { study.trials[$0].state }, hasValue: values.count > 0)
    }

    /// - Parameter index: of a trial that the sampler drew.
    init(sampled index: Int, of study: Study) {
        let trial = study.trials[index]
        first = index
        others = []
        stage = trial.stage
        configuration = trial.configuration
        var values = ReplicateSummary()
        if trial.state == .complete || trial.state == .pruned, let value = trial.finiteValue {
            values.add(value)
        }
        self.values = values
        standing = Self.standing(of: trial.state, hasValue: values.count > 0)
    }

    private static func standing(of state: Trial.State, hasValue: Bool) -> Standing {
        switch state {
        case .complete: hasValue ? .sampled : .fail
        case .pruned: .pruned
        case .running: .running
        case .waiting: .waiting
        case .diverged: .diverged
        case .fail: .fail
        case .canceled: .canceled
        }
    }

    private static func standing(ofRefitted states: [Trial.State], hasValue: Bool) -> Standing {
        guard hasValue else {
            return states.map { standing(of: $0, hasValue: false) }
                .min { $0.rawValue < $1.rawValue } ?? .canceled
        }
        let isOpen = states.contains {
            switch $0 {
            case .waiting, .running, .canceled, .pruned: true
            case .complete, .diverged, .fail: false
            }
        }
        if isOpen { return .incomplete }
        return states.allSatisfy { $0 == .complete } ? .refitted : .unstable
    }

    /// Whether every trial has ended by itself: the sampled trial of a refitted configuration no
    /// longer speaks for it then.
    var hasEnded: Bool {
        switch standing {
        case .refitted, .unstable, .sampled, .pruned, .diverged, .fail: true
        case .incomplete, .running, .waiting, .canceled: false
        }
    }
}

extension Trial {
    /// The value, where it is a finite number.
    package var finiteValue: Double? {
        result?.value.flatMap { $0.isFinite ? $0 : nil }
    }
}
