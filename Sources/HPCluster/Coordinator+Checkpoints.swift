import HPSearch

/// A request for a checkpoint and whose it is: the last one of each session.
struct EarlyRequest: Sendable {
    var request: CheckpointRequest
    var session: SessionID
}

/// Checkpoints that outlive their worker's machine: who may bring one, and who is offered it.
///
/// A cache beside the journal: no record says anything of it, and no result depends on it.
extension Coordinator {
    /// Takes a part from the session that holds the trial's lease, and from no other.
    mutating func take(_ part: CheckpointPart, from session: SessionID) {
        let lease = part.header.lease
        guard holders[lease] == session else {
            return refuse(lease, "the attempt is over, or was handed to another worker", session)
        }
        switch shelf.admit(part.header, limits.checkpoints) {
        case .taken: effects.checkpoints.append(.write(part, from: session))
        case .needless: acknowledge(part.header, byteCount: part.header.byteCount, to: session)
        case .outdated: break
        case .refused(let detail): refuse(lease, detail, session)
        }
    }

    /// A request that comes while a coordinator that just started looks what there is waits for
    /// that.
    mutating func give(_ request: CheckpointRequest, to session: SessionID) {
        if earlyRequests != nil {
            earlyRequests?.removeAll { $0.session == session }
            earlyRequests?.append(EarlyRequest(request: request, session: session))
            return
        }
        guard holders[request.lease] == session else {
            return refuse(
                request.lease, "the attempt is over, or was handed to another worker", session)
        }
        guard let offer = shelf.offer(of: TrialKey(request.lease)),
            request.offset < offer.byteCount
        else { return refuse(request.lease, "the coordinator has no such part of it", session) }
        effects.checkpoints.append(
            .read(request, byteCount: limits.checkpoints.partByteCount, to: session))
    }

    mutating func take(_ report: CheckpointReport) {
        switch report {
        case .listed(let files):
            for file in files { list(file) }
            let early = earlyRequests ?? []
            earlyRequests = nil
            for asked in early { give(asked.request, to: asked.session) }
        case .received(let header, let byteCount, let session):
            note(header, byteCount: byteCount)
            acknowledge(header, byteCount: byteCount, to: session)
        case .notWritten(let header, let detail, let session):
            shelf.fail(header)
            refuse(header.lease, detail, session)
            notice("a checkpoint of trial \(header.lease.trial) isn't kept: \(detail)")
        case .given(let part, let session): send(.checkpointPart(part), to: session)
        case .notGiven(let lease, let detail, let session):
            removeCheckpoints(of: TrialKey(lease))
            refuse(lease, detail, session)
            notice("the checkpoint of trial \(lease.trial) can't be read: \(detail)")
        case .removed(let study, let trial):
            shelf.noteRemoval(of: TrialKey(study: study, trial: trial))
        }
    }

    /// Takes in what the folder has of an upload, which may be more than is still wanted: parts
    /// wait for the disk while their attempt ends, or after one of them couldn't be written.
    private mutating func note(_ header: CheckpointHeader, byteCount: Int) {
        let trial = TrialKey(header.lease)
        if byteCount == header.byteCount {
            shelf.complete(header)
            if isOver(trial) { removeCheckpoints(of: trial) }
        } else if !shelf.hasUpload(of: trial) {
            effects.checkpoints.append(.discardUpload(study: trial.study, trial: trial.trial))
        }
    }

    private func isOver(_ trial: TrialKey) -> Bool {
        guard let run = state.study(trial.study), !run.study.state.isTerminal else { return true }
        return run.trial(trial.trial)?.state.isTerminal ?? true
    }

    /// What of a trial's training lies here, for whoever is handed it.
    func checkpointOffer(of lease: Lease) -> CheckpointOffer? {
        shelf.offer(of: TrialKey(lease))
    }

    /// A checkpoint may be what its reader dies of: it takes more memory to go on from one than to
    /// begin. An attempt that was given one and came to no later one says so once, and the next
    /// begins anew: no trial fails by a cache.
    mutating func dropWhatWasGiven(to lease: Lease) {
        if shelf.wasGiven(to: lease) { removeCheckpoints(of: TrialKey(lease)) }
    }

    /// A trial that is over needs no checkpoint, nor an attempt that is over its upload.
    mutating func tidyCheckpoints(after record: JournalRecord) {
        switch record {
        case .attemptEnded(let lease, _, _):
            guard shelf.discardUpload(of: lease) else { return }
            effects.checkpoints.append(.discardUpload(study: lease.study, trial: lease.trial))
        case .trialFinished(let finished):
            removeCheckpoints(of: TrialKey(study: finished.study, trial: finished.trial))
        case .studyChanged(let study, let state, _, _):
            guard state.isTerminal else { return }
            for trial in shelf.trials(of: study) { removeCheckpoints(of: trial) }
        case .coordinatorStarted, .studySubmitted, .stageBegan, .trialCreated, .attemptLeased,
            .studyPinned, .workerOrdered:
            break
        }
    }

    private mutating func list(_ file: CheckpointFile) {
        let trial = TrialKey(study: file.study, trial: file.trial)
        guard !isOver(trial), !isSuspect(trial) else {
            effects.checkpoints.append(.remove(study: file.study, trial: file.trial))
            return
        }
        shelf.list(file, of: trial)
    }

    /// Removes the checkpoints of every trial that a worker held an attempt of: what it computed is
    /// to reach no result, by no other worker's hands either. Which attempt made a file that was
    /// there at the start isn't known, so that it is judged by its trial.
    mutating func removeCheckpoints(madeBy worker: String) {
        for run in state.studies where !run.study.state.isTerminal {
            for trial in run.study.trials where !trial.state.isTerminal {
                guard isHeld(trial, of: run, by: { $0 == worker }) else { continue }
                // Whether or not there is a file: its last part may be with the disk.
                let key = TrialKey(study: run.study.id, trial: trial.number)
                shelf.remove(key)
                effects.checkpoints.append(.remove(study: key.study, trial: key.trial))
            }
        }
    }

    /// Whether a worker that is quarantined had a hand in it.
    private func isSuspect(_ trial: TrialKey) -> Bool {
        guard let run = state.study(trial.study), let found = run.trial(trial.trial) else {
            return false
        }
        return isHeld(found, of: run) { state.standing(of: $0) == .quarantined }
    }

    private func isHeld(
        _ trial: Trial, of run: StudyRun, by isMeant: (String) -> Bool
    ) -> Bool {
        (0..<trial.attempts).contains { index in
            let lease = Lease(study: run.study.id, trial: trial.number, attempt: index + 1)
            return run.holder(of: lease).map(isMeant) ?? false
        }
    }

    private mutating func removeCheckpoints(of trial: TrialKey) {
        guard shelf.hasFiles(of: trial) else { return }
        shelf.remove(trial)
        effects.checkpoints.append(.remove(study: trial.study, trial: trial.trial))
    }

    private mutating func acknowledge(
        _ header: CheckpointHeader, byteCount: Int, to session: SessionID
    ) {
        send(
            .checkpointReceipt(
                CheckpointReceipt(
                    lease: header.lease, epoch: header.epoch, byteCount: byteCount)),
            to: session)
    }

    private mutating func refuse(_ lease: Lease, _ detail: String, _ session: SessionID) {
        send(.checkpointRefused(lease, detail: detail), to: session)
    }
}
