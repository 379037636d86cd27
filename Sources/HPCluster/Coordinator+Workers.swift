import HPSearch
import OrderedCollections

/// Who is there: sessions and heartbeats.
extension Coordinator {
    mutating func receive(_ message: PeerMessage, from session: SessionID, at now: Instant) {
        if case .hello(let hello) = message { return welcome(hello, session, at: now) }
        if case .request(let request) = message { return answer(request, from: session, at: now) }
        guard peers[session] != nil else { return send(.whoAreYou, to: session) }
        peers[session]?.lastHeard = now
        switch message {
        case .hello, .request: break
        case .heartbeat(let held): heartbeat(held: held, from: session, at: now)
        case .results(let reports): commit(reports, from: session)
        case .handBack(let leases): takeBack(leases, from: session)
        case .declineStudy(let id, let code, let detail):
            decline(id, Peer.Declined(code: code, detail: detail), by: session)
        case .checkpointPart(let part): take(part, from: session)
        case .checkpointRequest(let request): give(request, to: session)
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
        guard isNews(hello) else { return }
        let isNew = !peers.values.contains { $0.worker.id == hello.worker.id }
        replaceSessions(of: hello.worker, by: session)
        departed[hello.worker.id] = nil
        let seconds = limits.heartbeatSeconds(workers: peers.count + 1)
        peers[session] = Peer(
            worker: hello.worker, introduction: hello.introduction, slots: max(1, hello.slots),
            engineRevision: hello.engineRevision, lastHeard: now,
            heartbeat: HeartbeatInterval(seconds: seconds))
        send(
            .welcome(
                epoch: state.epoch, heartbeatSeconds: seconds,
                checkpointByteCountMaximum: limits.checkpoints.byteCountMaximum),
            to: session)
        reconcile(hello, session, at: now)
        mayAssign = true
        if isNew { notice("worker \(hello.worker.name) is here with \(hello.slots) slots") }
    }

    /// Whether this introduction is the latest: what a worker's former process or an earlier
    /// moment has to say may arrive late, or twice, and must not undo what is known since.
    ///
    /// A process with a lower number than one that is gone is let in: it is the worker that there
    /// is, with a clock that was set back.
    private func isNews(_ hello: Hello) -> Bool {
        peers.values.allSatisfy { peer in
            if peer.worker.id != hello.worker.id { return true }
            return peer.worker.incarnation == hello.worker.incarnation
                ? peer.introduction < hello.introduction
                : peer.worker.incarnation < hello.worker.incarnation
        }
    }

    /// A worker has one session: the latest. What it holds is settled by its `hello`.
    private mutating func replaceSessions(of worker: WorkerIdentity, by session: SessionID) {
        for (former, peer) in peers where peer.worker.id == worker.id {
            drop(former)
        }
        // A session belongs to one worker: whoever used it before is gone.
        if peers[session] != nil { drop(session) }
    }

    /// Compares what the journal says this worker holds with what it says itself.
    private mutating func reconcile(_ hello: Hello, _ session: SessionID, at now: Instant) {
        let held = Set(hello.held)
        let standing = state.standing(of: hello.worker.id)
        for run in state.studies {
            for (lease, open) in run.openLeases where open.worker.id == hello.worker.id {
                let isHeld = held.contains(lease)
                if open.worker.incarnation < hello.worker.incarnation, !isHeld {
                    end(lease, .lost, "the worker's process started anew")
                } else if open.worker.incarnation > hello.worker.incarnation, !isHeld {
                    // A later process has it, which may yet come: the amnesty decides.
                    continue
                } else if standing == .quarantined {
                    end(lease, .preempted, Self.quarantineDetail)
                } else {
                    attach(lease, to: session, at: now)
                }
            }
        }
        resendUnknown(held: held, to: session, at: now, isPatient: false)
        noteStrays(hello.held, of: session)
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
        holders[lease] = session
        if run.open[lease.trial]?.alone == true { peers[session]?.runsAlone = true }
        if peer.bundles.count >= peer.slots, last >= 0,
            peer.bundles[last].assignment.study == lease.study,
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
        let seconds = limits.heartbeatSeconds(workers: peers.count)
        peers[session]?.heartbeat.tell(seconds)
        send(.heartbeatAcknowledged(heartbeatSeconds: seconds), to: session)
        noteStrays(held, of: session)
        cancelSettled(held, of: session)
        resendUnknown(held: Set(held), to: session, at: now, isPatient: true)
        if peers[session]?.handsBack == true {
            peers[session]?.handsBack = false
            mayAssign = true
        }
    }

    /// A worker may go on with an attempt that was given up as lost, of a trial that still has no
    /// result: its result is welcome, and nobody else is handed the trial meanwhile.
    private mutating func noteStrays(_ held: [Lease], of session: SessionID) {
        guard let peer = peers[session], state.standing(of: peer.worker.id) != .quarantined
        else { return }
        var strays: Set<Lease> = []
        for lease in held where holders[lease] != session {
            guard let run = state.study(lease.study), let trial = run.trial(lease.trial),
                trial.state == .waiting, run.holder(of: lease) == peer.worker.id
            else { continue }
            strays.insert(lease)
        }
        guard strays != peer.strays else { return }
        peers[session]?.strays = strays
        mayAssign = true
    }

    /// What can't be welcome any more is ended at the worker.
    private mutating func cancelSettled(_ held: [Lease], of session: SessionID) {
        let isQuarantined =
            peers[session].map { state.standing(of: $0.worker.id) == .quarantined } ?? false
        let settled = held.filter { lease in
            guard let run = state.study(lease.study), !isQuarantined else { return true }
            return run.trial(lease.trial)?.state.isTerminal ?? true
        }
        if !settled.isEmpty { send(.cancel(settled), to: session) }
    }

    /// An assignment can be lost on its way: the worker doesn't know its leases then.
    ///
    /// - Parameter isPatient: whether a recent assignment may still be on its way.
    private mutating func resendUnknown(
        held: Set<Lease>, to session: SessionID, at now: Instant, isPatient: Bool
    ) {
        guard let peer = peers[session] else { return }
        for (index, bundle) in peer.bundles.enumerated() {
            let isRecent =
                now.seconds(since: bundle.assignedAt) < 1.5 * peer.heartbeat.longestSeconds
            let unknown = Set(bundle.leases).subtracting(held)
            guard !(isPatient && isRecent), !unknown.isEmpty else { continue }
            var assignment = bundle.assignment
            assignment.content = state.study(assignment.study)?.study.spec.content
            assignment.members.removeAll { !unknown.contains($0.lease) }
            peers[session]?.bundles[index].assignedAt = now
            send(.assign(assignment), to: session)
        }
    }

    private mutating func takeBack(_ leases: [Lease], from session: SessionID) {
        for lease in leases where holders[lease] == session {
            peers[session]?.handsBack = true
            // It may be that the content never arrived.
            peers[session]?.knownStudies.remove(lease.study)
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
        drop(session)
        for lease in peer.leases { end(lease, outcome, detail) }
        remember(peer)
        mayAssign = true
        notice("worker \(peer.worker.name) is gone: \(detail)")
    }

    /// What the worker still holds goes to others, and what it made goes to nobody.
    mutating func revoke(_ session: SessionID) {
        guard let worker = peers[session]?.worker.id else { return }
        dismiss(session, outcome: .preempted, detail: "the worker's key was revoked")
        removeCheckpoints(madeBy: worker)
    }

    private mutating func drop(_ session: SessionID) {
        for lease in peers[session]?.leases ?? [] { holders[lease] = nil }
        peers[session] = nil
    }

    /// Workers of the last time that are gone: as many as a person looks through.
    private static let departedMaximum = 200

    private mutating func remember(_ peer: Peer) {
        departed[peer.worker.id] = DepartedWorker(
            worker: peer.worker, slots: peer.slots, engineRevision: peer.engineRevision,
            lastHeard: peer.lastHeard)
        if departed.count > Self.departedMaximum { departed.removeFirst() }
    }

    mutating func expireSessions(at now: Instant) {
        for session in Array(peers.keys) {
            guard let peer = peers[session], deadline(of: peer) <= now else { continue }
            let seconds = now.seconds(since: peer.lastHeard)
            dismiss(session, outcome: .lost, detail: "no heartbeat for \(Int(seconds)) s")
        }
    }

    func deadline(of peer: Peer) -> Instant {
        peer.lastHeard.advanced(
            bySeconds: limits.silenceSeconds(heartbeatSeconds: peer.heartbeat.longestSeconds))
    }
}
