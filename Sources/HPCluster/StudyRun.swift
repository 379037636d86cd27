package import DequeModule
package import HPSearch

/// A study with what its execution needs: the queue, the open leases, the counted failures.
package struct StudyRun: Sendable, Equatable {
    /// An attempt that a worker is running, or was when the coordinator last heard of it.
    package struct OpenLease: Sendable, Equatable {
        package var attempt: Int
        package var worker: WorkerIdentity
        /// Whether nothing else ran on the worker, so that its loss convicts this trial alone.
        package var alone: Bool

        /// Whether an end like this counts against the trial.
        func isCharged(with outcome: AttemptOutcome) -> Bool {
            switch outcome {
            case .crashed, .outOfMemory, .timeout: true
            case .lost: alone
            case .ok, .preempted, .superseded: false
            }
        }
    }

    package private(set) var study: Study
    /// Numbers of the trials that wait, ascending.
    package private(set) var waiting: Deque<Int> = []
    /// Open leases by trial number.
    package private(set) var open: [Int: OpenLease] = [:]
    /// Trials that were lost in a bundle and run alone from then on.
    package private(set) var solo: Set<Int> = []
    /// Counted failures of attempts, by trial number.
    package private(set) var charges: [Int: Int] = [:]
    /// Who ran attempts that ended without a result, by trial and attempt, while the trial has
    /// none: a late result is taken from no other.
    private var formerHolders: [Int: [Int: String]] = [:]
    /// The attempt whose result was committed, where it is not the last one begun.
    package private(set) var lateWinners: [Int: Int] = [:]
    /// Trials in a terminal state.
    package private(set) var doneCount = 0
    package private(set) var completeCount = 0
    /// Every trial up to this number is terminal.
    package private(set) var settledThrough = 0
    /// FAIL trials up to `settledThrough`.
    private var settledFailures = 0
    /// The lowest trial number so far that ends the study by target or by failures.
    package private(set) var endingTrial: Int?
    /// The number of the COMPLETE sampled trial with the best value, the first of equals.
    private var bestSampled: Int?

    package init(study: Study) {
        self.study = study
    }

    /// The trial with this number.
    package func trial(_ number: Int) -> Trial? {
        study.trials.indices.contains(number - 1) ? study.trials[number - 1] : nil
    }

    /// Whether the trials of the last stage that began are all terminal.
    package var stageIsSettled: Bool { doneCount == study.trials.count }

    /// Whether more may be handed out.
    package var isHandingOut: Bool { study.state == .queued || study.state == .running }

    /// The configuration that the study stands for; nil while nothing is COMPLETE.
    package var leader: Leader? {
        Standings.leader(of: study, bestSampled: bestSampled.map { $0 - 1 })
            .map { Leader($0, of: study) }
    }

    /// The attempt whose result stands for a terminal trial.
    package func winningAttempt(of number: Int) -> Int? {
        lateWinners[number] ?? trial(number)?.attempts
    }

    /// The id of the worker that an attempt was handed to, while its trial has no result.
    package func holder(of lease: Lease) -> String? {
        if let held = open[lease.trial], held.attempt == lease.attempt { return held.worker.id }
        return formerHolders[lease.trial]?[lease.attempt]
    }

    /// Open leases in trial order.
    package var openLeases: [(lease: Lease, open: OpenLease)] {
        open.keys.sorted().compactMap { number in
            open[number].map { held in
                (Lease(study: study.id, trial: number, attempt: held.attempt), held)
            }
        }
    }
}

// MARK: - The fold

extension StudyRun {
    mutating func begin(_ stage: Stage) {
        study.stages.append(stage)
    }

    /// Returns what contradicts the journal, or nil.
    mutating func create(_ created: CreatedTrial) -> String? {
        guard created.number == study.trials.count + 1 else {
            return "trial \(created.number) follows trial \(study.trials.count)"
        }
        guard created.stage == study.stages.count - 1 else {
            return "trial \(created.number) belongs to stage \(created.stage), which did not begin"
        }
        guard created.parameters.count == study.spec.parameters.count else {
            return "trial \(created.number) has \(created.parameters.count) parameters"
        }
        study.trials.append(
            Trial(
                number: created.number, stage: created.stage,
                configuration: created.configuration, replicate: created.replicate,
                parameters: created.parameters))
        waiting.append(created.number)
        return nil
    }

    mutating func lease(_ lease: Lease, to worker: WorkerIdentity, alone: Bool) -> String? {
        guard let trial = trial(lease.trial), trial.state == .waiting else {
            return "trial \(lease.trial) was leased but did not wait"
        }
        guard lease.attempt == trial.attempts + 1 else {
            return "attempt \(lease.attempt) of trial \(lease.trial) follows \(trial.attempts)"
        }
        removeFromQueue(lease.trial)
        open[lease.trial] = OpenLease(attempt: lease.attempt, worker: worker, alone: alone)
        study.trials[lease.trial - 1].state = .running
        study.trials[lease.trial - 1].attempts = lease.attempt
        study.trials[lease.trial - 1].worker = worker.name
        if study.state == .queued { study.state = .running }
        return nil
    }

    mutating func endAttempt(_ lease: Lease, outcome: AttemptOutcome) -> String? {
        guard let held = open[lease.trial], held.attempt == lease.attempt else {
            return "attempt \(lease.attempt) of trial \(lease.trial) ended but was not open"
        }
        open[lease.trial] = nil
        formerHolders[lease.trial, default: [:]][lease.attempt] = held.worker.id
        if held.isCharged(with: outcome) {
            charges[lease.trial, default: 0] += 1
        } else if outcome == .lost {
            solo.insert(lease.trial)
        }
        study.trials[lease.trial - 1].state = .waiting
        study.trials[lease.trial - 1].worker = ""
        enqueue(lease.trial)
        return nil
    }

    mutating func finish(_ finished: FinishedTrial) -> String? {
        guard let trial = trial(finished.trial), !trial.state.isTerminal else {
            return "trial \(finished.trial) finished twice or does not exist"
        }
        guard finished.state.isTerminal, finished.attempt <= trial.attempts else {
            return "trial \(finished.trial) finished by attempt \(finished.attempt), never begun"
        }
        removeFromQueue(finished.trial)
        open[finished.trial] = nil
        formerHolders[finished.trial] = nil
        if finished.attempt != trial.attempts { lateWinners[finished.trial] = finished.attempt }
        let index = finished.trial - 1
        study.trials[index].state = finished.state
        study.trials[index].reason = finished.reason
        study.trials[index].detail = finished.detail
        study.trials[index].result = finished.result
        study.trials[index].worker = finished.worker
        doneCount += 1
        if finished.state == .complete { completeCount += 1 }
        noteBest(finished.trial)
        noteEnding(finished)
        settle()
        return nil
    }

    mutating func pin(
        _ dataDigest: String, _ dataSummary: String?, engineRevision: String
    ) {
        study.dataDigest = dataDigest
        study.dataSummary = dataSummary
        study.engineRevision = engineRevision
    }

    mutating func change(to state: Study.State, reason: String, detail: String) {
        let wasStopping = study.state == .stopping
        study.state = state
        study.reason = reason
        study.detail = detail
        if state.isTerminal, !wasStopping, let endingTrial { dropTrials(after: endingTrial) }
    }

    private mutating func enqueue(_ number: Int) {
        let index = waiting.firstIndex { $0 > number } ?? waiting.endIndex
        waiting.insert(number, at: index)
    }

    private mutating func removeFromQueue(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0 >= number }), waiting[index] == number
        else { return }
        waiting.remove(at: index)
    }

    private mutating func noteBest(_ number: Int) {
        guard let trial = trial(number), trial.state == .complete, let value = trial.finiteValue,
            study.spec.stages[trial.stage].source == .sampler
        else { return }
        if let best = bestSampled, let bestValue = self.trial(best)?.finiteValue {
            let isBetter = study.spec.objective.isBetter(value, than: bestValue)
            guard isBetter || value == bestValue && number < best else { return }
        }
        bestSampled = number
    }

    private mutating func noteEnding(_ finished: FinishedTrial) {
        guard let target = study.spec.objective.target, finished.state == .complete,
            let value = finished.result?.value,
            !study.spec.objective.isBetter(target, than: value)
        else { return }
        endingTrial = min(endingTrial ?? finished.trial, finished.trial)
    }

    /// Moves `settledThrough` on, and stops at the trial whose failure is one too many.
    private mutating func settle() {
        while let next = trial(settledThrough + 1), next.state.isTerminal {
            settledThrough += 1
            guard next.state == .fail else { continue }
            settledFailures += 1
            if let maximum = study.spec.limits.maximumFailed, settledFailures > maximum {
                endingTrial = min(endingTrial ?? settledThrough, settledThrough)
            }
        }
    }

    /// Results beyond the trial that ended the study depend on timing: they are dropped.
    private mutating func dropTrials(after last: Int) {
        for index in study.trials.indices where index >= last {
            if study.trials[index].state == .complete { completeCount -= 1 }
            if !study.trials[index].state.isTerminal { doneCount += 1 }
            study.trials[index].state = .canceled
            study.trials[index].reason = "study-ended"
            study.trials[index].detail = "the study ended at trial \(last)"
            study.trials[index].result = nil
            open[index + 1] = nil
            formerHolders[index + 1] = nil
        }
        waiting.removeAll()
        if let best = bestSampled, best > last { recomputeBest() }
    }

    private mutating func recomputeBest() {
        bestSampled = nil
        for trial in study.trials { noteBest(trial.number) }
    }
}
