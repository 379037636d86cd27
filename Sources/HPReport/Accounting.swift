package import HPSearch

/// Where every trial that is planned stands.
package struct Accounting: Sendable, Hashable {
    package private(set) var complete = 0
    package private(set) var pruned = 0
    package private(set) var diverged = 0
    package private(set) var fail = 0
    package private(set) var canceled = 0
    package private(set) var waiting = 0
    package private(set) var running = 0
    /// Trials that the spec plans for stages that have not begun, or never will.
    package private(set) var future = 0

    /// Counts a whole study.
    package init(of study: Study) {
        self.init(of: study.trials[...])
        future = study.spec.stages.dropFirst(study.stages.count).map(\.trialCount).reduce(0, +)
    }

    /// Counts some trials; `future` is 0.
    init(of trials: ArraySlice<Trial>) {
        for trial in trials {
            switch trial.state {
            case .complete: complete += 1
            case .pruned: pruned += 1
            case .diverged: diverged += 1
            case .fail: fail += 1
            case .canceled: canceled += 1
            case .waiting: waiting += 1
            case .running: running += 1
            }
        }
    }

    /// All that the spec plans: the sum of the other counts.
    package var planned: Int { finished + canceled + waiting + running + future }

    /// Trials in a terminal state.
    package var done: Int { finished + canceled }

    /// Trials that ended by themselves.
    var finished: Int { complete + pruned + diverged + fail }

    var json: JSONValue {
        .object([
            "planned": .integer(planned), "complete": .integer(complete),
            "pruned": .integer(pruned), "diverged": .integer(diverged), "fail": .integer(fail),
            "canceled": .integer(canceled), "waiting": .integer(waiting),
            "running": .integer(running), "future": .integer(future),
        ])
    }
}
