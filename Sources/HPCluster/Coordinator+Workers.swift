import HPSearch
import OrderedCollections

/// Who is there: sessions, heartbeats, lost workers, amnesty.
extension Coordinator {
    mutating func receive(_ message: PeerMessage, from session: SessionID, at now: Instant) {
        if case .hello(let hello) = message { return welcome(hello, session, at: now) }
        if case .request(let request) = message { return answer(request, from: session) }
        guard peers[session] != nil else { return send(.whoAreYou, to: session) }
        peers[session]?.lastHeard = now
        switch message {
        case .hello, .request: break
        case .heartbeat(let held): heartbeat(held: held, from: session, at: now)
        case .results(let reports): commit(reports, from: session)
        case .handBack(let leases): takeBack(leases, from: session)
        case .declineStudy(let id, let code, let detail):
            decline(id, Peer.Declined(code: code, detail: detail), by: session)
        case .goodbye: dismiss(session, outcome: .preempted, detail: "the worker left")
        }
    }

    private mutating func welcome(_ hello: Hello, _ session: SessionID, at now: Instant) {
        guard hello.protocolVersion == ClusterLimits.protocolVersion else {
            let detail = """
                the worker speaks protocol version \(hello.protocolVersion), this coordinator \
                \(ClusterLimits.protocolVersion): install the same release on both
                """
            return send(.refused(code: "version", detail: detail), to: session)
        }
        replaceSessions(of: hello.worker, by: session)
        let isNew = peers[session] == nil
        peers[session] = Peer(
            worker: hello.worker, slots: max(1, hello.slots),
            engineRevision: hello.engineRevision, lastHeard: now)
        send(.welcome(epoch: state.epoch, heartbeatSeconds: limits.heartbeatSeconds), to: session)
        reconcile(hello, session, at: now)
        mayAssign = true
        if isNew { notice("worker \(hello.worker.name) is here with \(hello.slots) slots") }
    }

    /// A worker has one session: the latest. What it holds is settled by its `hello`.
    private mutating func replaceSessions(of worker: WorkerIdentity, by session: SessionID) {
        peers.removeAll { $0.key != session && $0.value.worker.id == worker.id }
    }

    /// Compares what the journal says this worker holds with what it says itself.
    private mutating func reconcile(_ hello: Hello, _ session: SessionID, at now: Instant) {
        let held = Set(hello.held)
        for run in state.studies {
            for (lease, open) in run.openLeases where open.worker.id == hello.worker.id {
                if held.contains(lease) {
                    attach(lease, to: session, at: now)
                } else if open.worker.incarnation == hello.worker.incarnation {
                    end(lease, .preempted, "the assignment did not arrive")
                } else {
                    end(lease, .lost, "the worker's process started anew")
                }
            }
        }
        cancelSettled(hello.held, of: session)
    }

    /// Takes a lease back into the worker's session. How its bundles were made is forgotten by
    /// now: leases of one study and length fill the last slot together.
    private mutating func attach(_ lease: Lease, to session: SessionID, at now: Instant) {
        guard let run = state.study(lease.study), let trial = run.trial(lease.trial),
            let peer = peers[session]
        else { return }
        let member = member(lease, trial)
        let epochs = run.study.stages[trial.stage].epochs
        let last = peer.bundles.count - 1
        if peer.freeSlots == 0, last >= 0, peer.bundles[last].assignment.study == lease.study,
            peer.bundles[last].assignment.epochs == epochs
        {
            peers[session]?.bundles[last].leases.append(lease)
            peers[session]?.bundles[last].assignment.members.append(member)
            return
        }
        let assignment = Assignment(
            study: lease.study, content: nil, epochs: epochs,
            dataDigest: run.study.dataDigest ?? "", members: [member])
        peers[session]?.bundles.append(
            Peer.Bundle(leases: [lease], assignedAt: now, assignment: assignment))
    }

    private mutating func heartbeat(held: [Lease], from session: SessionID, at now: Instant) {
        send(.heartbeatAcknowledged, to: session)
        cancelSettled(held, of: session)
        resendUnknown(held: Set(held), to: session, at: now)
    }

    /// A worker may hold a lost attempt of a trial that still has no result: it trains on, and
    /// its result is welcome. What can't be welcome any more is ended.
    private mutating func cancelSettled(_ held: [Lease], of session: SessionID) {
        let settled = held.filter { lease in
            guard let run = state.study(lease.study) else { return true }
            return run.trial(lease.trial)?.state.isTerminal ?? true
        }
        if !settled.isEmpty { send(.cancel(settled), to: session) }
    }

    /// An assignment can be lost on its way: the worker's next heartbeats don't know its leases.
    private mutating func resendUnknown(
        held: Set<Lease>, to session: SessionID, at now: Instant
    ) {
        guard let peer = peers[session] else { return }
        for (index, bundle) in peer.bundles.enumerated() {
            let isRecent =
                now.seconds(since: bundle.assignedAt) < 1.5 * limits.heartbeatSeconds
            let unknown = Set(bundle.leases).subtracting(held)
            guard !isRecent, !unknown.isEmpty else { continue }
            var assignment = bundle.assignment
            assignment.content = state.study(assignment.study)?.study.spec.content
            assignment.members.removeAll { !unknown.contains($0.lease) }
            peers[session]?.bundles[index].assignedAt = now
            send(.assign(assignment), to: session)
        }
    }

    private mutating func takeBack(_ leases: [Lease], from session: SessionID) {
        let own = Set(peers[session]?.leases ?? [])
        for lease in leases where own.contains(lease) {
            end(lease, .preempted, "handed back by the worker")
        }
    }

    mutating func decline(_ id: StudyID, _ why: Peer.Declined, by session: SessionID) {
        guard let peer = peers[session], let run = state.study(id) else { return }
        peers[session]?.declined[id] = why
        for lease in peer.leases where lease.study == id {
            end(lease, .preempted, why.detail)
        }
        notice(
            "worker \(peer.worker.name) can't run study \(run.study.spec.name): \(why.detail)")
    }

    private mutating func dismiss(
        _ session: SessionID, outcome: AttemptOutcome, detail: String
    ) {
        guard let peer = peers[session] else { return }
        for lease in peer.leases { end(lease, outcome, detail) }
        peers[session] = nil
        notice("worker \(peer.worker.name) is gone: \(detail)")
    }

    mutating func expireSessions(at now: Instant) {
        let silent = peers.keys.filter { session in
            peers[session].map { now.seconds(since: $0.lastHeard) >= limits.silenceSeconds }
                ?? false
        }
        for session in silent {
            dismiss(
                session, outcome: .lost,
                detail: "no heartbeat for \(Int(limits.silenceSeconds)) s")
        }
    }

    /// Whether leases are open whose workers have not come back since the restart.
    var hasOrphans: Bool {
        let attached = Set(peers.values.flatMap(\.leases))
        return state.studies.contains { run in
            !run.study.state.isTerminal && run.openLeases.contains { !attached.contains($0.lease) }
        }
    }

    mutating func expireAmnesty(at now: Instant) {
        guard now >= amnestyUntil, hasOrphans else { return }
        let attached = Set(peers.values.flatMap(\.leases))
        for run in state.studies {
            for (lease, _) in run.openLeases where !attached.contains(lease) {
                end(lease, .lost, "the worker did not come back after the coordinator's restart")
            }
        }
    }

    /// Ends an open attempt without a result: the trial waits again, or fails for good.
    mutating func end(_ lease: Lease, _ outcome: AttemptOutcome, _ detail: String) {
        guard let run = state.study(lease.study),
            run.open[lease.trial]?.attempt == lease.attempt
        else { return }
        record(.attemptEnded(lease: lease, outcome: outcome, detail: detail))
        forget(lease)
        mayAssign = true
        failIfUsedUp(lease, outcome, detail)
        advance(lease.study)
    }

    private mutating func failIfUsedUp(
        _ lease: Lease, _ outcome: AttemptOutcome, _ detail: String
    ) {
        guard let run = state.study(lease.study),
            run.charges[lease.trial, default: 0] >= run.study.spec.limits.attempts
        else { return }
        let reason =
            switch outcome {
            case .outOfMemory: "oom"
            case .timeout: "timeout"
            case .crashed: "crashed"
            case .ok, .lost, .preempted, .superseded: "poison"
            }
        record(
            .trialFinished(
                FinishedTrial(
                    study: lease.study, trial: lease.trial, attempt: lease.attempt, state: .fail,
                    reason: reason,
                    detail:
                        "\(run.study.spec.limits.attempts) attempts failed; the last: \(detail)",
                    result: nil, worker: "")))
    }

    /// No session holds this lease any more.
    mutating func forget(_ lease: Lease) {
        for index in peers.values.indices {
            peers.values[index].forget(lease)
        }
    }
}
