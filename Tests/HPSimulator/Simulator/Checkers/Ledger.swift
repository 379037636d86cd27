import HPCluster
import HPSearch

/// The simulation's own reading of the journal, written apart from the coordinator's.
///
/// It takes every record as it comes: what contradicts the others is for the checkers to say.
struct Ledger {
    struct Attempt {
        var worker: WorkerIdentity
        var alone: Bool
        var outcome: AttemptOutcome?
        var isOpen: Bool
    }

    struct Trial {
        var created: CreatedTrial
        /// Attempt number `n` at index `n - 1`.
        var attempts: [Attempt] = []
        var finished: FinishedTrial?
        /// Attempts that count against the trial.
        var charges = 0

        var openAttempt: Int? { attempts.lastIndex(where: \.isOpen).map { $0 + 1 } }
    }

    struct Study {
        var spec: StudySpec
        var state: HPSearch.Study.State = .queued
        var reason = ""
        var stages: [Stage] = []
        var trials: [Trial] = []
        var dataDigest: String?
        var engineRevision: String?

        /// Nothing more will happen to the trial.
        func isTerminal(_ trial: Int) -> Bool {
            state.isTerminal || trials[trial - 1].finished != nil
        }
    }

    private(set) var epoch = 0
    private(set) var recordCount = 0
    /// The study with id `n` at index `n - 1`.
    private(set) var studies: [Study] = []
    /// What operators ordered of workers, by id; only asked, never iterated.
    private var standings: [String: WorkerStanding] = [:]

    func standing(of worker: String) -> WorkerStanding { standings[worker] ?? .released }

    func study(_ id: StudyID) -> Study? {
        studies.indices.contains(id - 1) ? studies[id - 1] : nil
    }

    func trial(_ study: StudyID, _ number: Int) -> Trial? {
        self.study(study).flatMap { study in
            study.trials.indices.contains(number - 1) ? study.trials[number - 1] : nil
        }
    }

    /// The attempt that a lease names, if it was ever begun.
    func attempt(_ lease: Lease) -> Attempt? {
        trial(lease.study, lease.trial).flatMap { trial in
            trial.attempts.indices.contains(lease.attempt - 1)
                ? trial.attempts[lease.attempt - 1] : nil
        }
    }

    /// Whether nothing more will happen to a trial; false for one that doesn't exist.
    func isTerminal(_ lease: Lease) -> Bool {
        guard let study = study(lease.study), study.trials.indices.contains(lease.trial - 1)
        else { return false }
        return study.isTerminal(lease.trial)
    }

    /// Open leases of a worker, whichever its process.
    func openLeases(ofWorker id: String) -> [Lease] {
        var leases: [Lease] = []
        for (index, study) in studies.enumerated() where !study.state.isTerminal {
            for trial in study.trials {
                guard let attempt = trial.openAttempt, trial.finished == nil,
                    trial.attempts[attempt - 1].worker.id == id
                else { continue }
                leases.append(
                    Lease(study: index + 1, trial: trial.created.number, attempt: attempt))
            }
        }
        return leases
    }

    mutating func apply(_ record: JournalRecord) {
        recordCount += 1
        switch record {
        case .coordinatorStarted(let epoch): self.epoch = epoch
        case .studySubmitted(_, let content):
            if let spec = try? StudySpec(content: content) { studies.append(Study(spec: spec)) }
        case .stageBegan(let id, let stage): update(id) { $0.stages.append(stage) }
        case .trialCreated(let id, let created):
            update(id) { $0.trials.append(Trial(created: created)) }
        case .attemptLeased(let lease, let worker, let alone):
            update(lease) { trial in
                trial.attempts.append(
                    Attempt(worker: worker, alone: alone, outcome: nil, isOpen: true))
            }
            update(lease.study) { if $0.state == .queued { $0.state = .running } }
        case .attemptEnded(let lease, let outcome, _): end(lease, outcome)
        case .trialFinished(let finished): finish(finished)
        case .studyPinned(let id, let dataDigest, _, let engineRevision):
            update(id) { study in
                study.dataDigest = dataDigest
                study.engineRevision = engineRevision
            }
        case .studyChanged(let id, let state, let reason, _):
            update(id) { study in
                study.state = state
                study.reason = reason
            }
        case .workerOrdered(let worker, _, let standing): standings[worker] = standing
        }
    }

    private mutating func end(_ lease: Lease, _ outcome: AttemptOutcome) {
        update(lease) { trial in
            let index = lease.attempt - 1
            guard trial.attempts.indices.contains(index) else { return }
            trial.attempts[index].isOpen = false
            trial.attempts[index].outcome = outcome
            switch outcome {
            case .crashed, .outOfMemory, .timeout: trial.charges += 1
            case .lost: if trial.attempts[index].alone { trial.charges += 1 }
            default: break
            }
        }
    }

    private mutating func finish(_ finished: FinishedTrial) {
        let lease = Lease(
            study: finished.study, trial: finished.trial, attempt: finished.attempt)
        update(lease) { trial in
            trial.finished = finished
            for index in trial.attempts.indices { trial.attempts[index].isOpen = false }
        }
    }

    private mutating func update(_ id: StudyID, _ body: (inout Study) -> Void) {
        if studies.indices.contains(id - 1) { body(&studies[id - 1]) }
    }

    private mutating func update(_ lease: Lease, _ body: (inout Trial) -> Void) {
        update(lease.study) { study in
            if study.trials.indices.contains(lease.trial - 1) {
                body(&study.trials[lease.trial - 1])
            }
        }
    }
}
