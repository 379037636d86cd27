package import HPSearch

/// A stage of the spec and how far it came, begun or not.
package struct StageOverview: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable {
        /// Not begun.
        case waiting = "WAITING"
        case running = "RUNNING"
        /// Every trial of the stage is terminal.
        case complete = "COMPLETE"
        /// The study ended before the stage began or was done.
        case canceled = "CANCELED"
    }

    package var index: Int
    package var name: String
    package var epochs: Double
    package var state: State
    package var trialCount: Int
    /// Nil while the stage has not begun.
    package var begun: Stage?
    package var accounting: Accounting

    /// Every stage of the spec, in order.
    package static func all(of study: Study) -> [StageOverview] {
        study.spec.stages.enumerated().map { index, spec in
            let begun = study.stages.indices.contains(index) ? study.stages[index] : nil
            let trials = begun.map { stage in
                let range = (stage.firstTrial - 1)..<(stage.firstTrial - 1 + stage.trialCount)
                return study.trials[range.clamped(to: study.trials.indices)]
            }
            return StageOverview(
                index: index, name: spec.name, epochs: begun?.epochs ?? spec.epochs,
                state: state(of: study, trials), trialCount: begun?.trialCount ?? spec.trialCount,
                begun: begun, accounting: Accounting(of: trials ?? []))
        }
    }

    private static func state(of study: Study, _ trials: ArraySlice<Trial>?) -> State {
        guard let trials else { return study.state.isTerminal ? .canceled : .waiting }
        guard trials.allSatisfy(\.state.isTerminal) else { return .running }
        let wasCutShort = study.state.isTerminal && trials.contains { $0.state == .canceled }
        return wasCutShort ? .canceled : .complete
    }
}
