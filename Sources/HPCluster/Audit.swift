package import HPSearch

/// What the journal says of a study: every attempt, and whether the accounts are in order.
package struct Audit: Sendable, Hashable {
    /// One attempt; `outcome` is nil while it runs.
    package struct Attempt: Sendable, Hashable {
        package var lease: Lease
        package var worker: String
        package var outcome: AttemptOutcome?
        package var detail: String

        package init(lease: Lease, worker: String, outcome: AttemptOutcome?, detail: String) {
            self.lease = lease
            self.worker = worker
            self.outcome = outcome
            self.detail = detail
        }
    }

    package var study: String
    package var state: Study.State
    package var planned: Int
    package var created: Int
    package var finished: Int
    /// Coordinator processes that served the journal so far.
    package var coordinatorStarts: Int
    /// In the order in which they began.
    package var attempts: [Attempt]
    /// Sentences; empty when the accounts are in order.
    package var violations: [String]

    package init(
        study: String, state: Study.State, planned: Int, created: Int, finished: Int,
        coordinatorStarts: Int, attempts: [Attempt], violations: [String]
    ) {
        self.study = study
        self.state = state
        self.planned = planned
        self.created = created
        self.finished = finished
        self.coordinatorStarts = coordinatorStarts
        self.attempts = attempts
        self.violations = violations
    }
}

extension Audit {
    /// Counts a study's records anew, independently of the coordinator's fold.
    package init(of study: Study, epoch: Int, records: [JournalRecord]) {
        var tally = Tally()
        for record in records { tally.count(record, of: study.id) }
        let future = study.spec.stages.dropFirst(study.stages.count).map(\.trialCount)
            .reduce(0, +)
        self.init(
            study: study.spec.name, state: study.state, planned: study.trials.count + future,
            created: tally.created, finished: tally.results.count, coordinatorStarts: epoch,
            attempts: tally.attempts, violations: tally.violations(of: study))
    }

    /// The attempts that ended this way.
    package func count(of outcome: AttemptOutcome?) -> Int {
        attempts.count { $0.outcome == outcome }
    }
}

private struct Tally {
    var created = 0
    var attempts: [Audit.Attempt] = []
    var attemptIndex: [Lease: Int] = [:]
    var attemptsOfTrial: [Int: Int] = [:]
    var results: [Int: FinishedTrial] = [:]
    var problems: [String] = []

    mutating func count(_ record: JournalRecord, of id: StudyID) {
        switch record {
        case .trialCreated(id, let trial):
            created += 1
            if trial.number != created {
                problems.append("trial \(trial.number) was created as number \(created)")
            }
        case .attemptLeased(let lease, let worker, _) where lease.study == id:
            begin(lease, worker)
        case .attemptEnded(let lease, let outcome, let detail) where lease.study == id:
            end(lease, outcome, detail)
        case .trialFinished(let finished) where finished.study == id:
            finish(finished)
        default: break
        }
    }

    private mutating func begin(_ lease: Lease, _ worker: WorkerIdentity) {
        let expected = attemptsOfTrial[lease.trial, default: 0] + 1
        if lease.attempt != expected {
            problems.append(
                "trial \(lease.trial) has attempt \(lease.attempt) where \(expected) follows")
        }
        attemptsOfTrial[lease.trial] = lease.attempt
        attemptIndex[lease] = attempts.count
        attempts.append(
            Audit.Attempt(lease: lease, worker: worker.name, outcome: nil, detail: ""))
    }

    private mutating func end(_ lease: Lease, _ outcome: AttemptOutcome, _ detail: String) {
        guard let index = attemptIndex[lease] else {
            problems.append("attempt \(lease.attempt) of trial \(lease.trial) ended unbegun")
            return
        }
        attempts[index].outcome = outcome
        attempts[index].detail = detail
    }

    private mutating func finish(_ finished: FinishedTrial) {
        if results[finished.trial] != nil {
            problems.append("trial \(finished.trial) has two results")
        }
        results[finished.trial] = finished
        let lease = Lease(
            study: finished.study, trial: finished.trial, attempt: finished.attempt)
        guard finished.result != nil || finished.state == .complete else { return }
        guard let index = attemptIndex[lease] else {
            problems.append("the result of trial \(finished.trial) is of an attempt never begun")
            return
        }
        // A lost attempt that came in late keeps the outcome by which it was requeued.
        if attempts[index].outcome == nil { attempts[index].outcome = .ok }
    }

    func violations(of study: Study) -> [String] {
        var found = problems
        if created != study.trials.count {
            found.append("\(created) trials were created, the study has \(study.trials.count)")
        }
        for trial in study.trials
        where trial.state.isTerminal && results[trial.number] == nil
            && trial.reason != "study-ended"
        {
            found.append("trial \(trial.number) is \(trial.state.rawValue) without a record")
        }
        if study.state.isTerminal, study.trials.contains(where: { !$0.state.isTerminal }) {
            found.append("the study is \(study.state.rawValue) but trials are not terminal")
        }
        return found
    }
}
