import HPSearch
import OrderedCollections

/// Who gets which trials.
extension Coordinator {
    /// Hands out waiting trials to free slots, sessions in the order in which they came, studies
    /// in the order of submission, trials by number.
    mutating func assignWork(at now: Instant) {
        guard mayAssign else { return }
        mayAssign = false
        claimed = peers.values.reduce(into: Set()) { claimed, peer in
            claimed.formUnion(peer.strays.map(TrialKey.init))
        }
        var free = peers.values.filter(mayWork).map(\.freeSlots).reduce(0, +)
        for session in peers.keys {
            while let peer = peers[session], peer.freeSlots > 0, mayWork(peer),
                let numbers = nextBundle(for: peer, freeSlots: free)
            {
                assign(numbers.trials, of: numbers.study, to: session, at: now)
                free = max(1, free - 1)
            }
        }
    }

    private func mayWork(_ peer: Peer) -> Bool {
        state.standing(of: peer.worker.id) == .released && !peer.handsBack
    }

    /// What the peer is handed next, from the first study that has anything for it.
    ///
    /// A trial that was lost in a bundle runs on a worker that runs nothing else: a busy one gets
    /// others of the study meanwhile, but nothing of a later study, which might keep it busy for
    /// ever.
    private func nextBundle(
        for peer: Peer, freeSlots: Int
    ) -> (study: StudyID, trials: [Int])? {
        for run in state.studies where isOpen(run, to: peer) {
            let eligible = Array(
                run.waiting.prefix(limits.bundleWindow).filter { isEligible($0, of: run) })
            guard !eligible.isEmpty else { continue }
            let trials = bundle(of: run, from: eligible, for: peer, freeSlots: freeSlots)
            return trials.isEmpty ? nil : (run.study.id, trials)
        }
        return nil
    }

    private func isOpen(_ run: StudyRun, to peer: Peer) -> Bool {
        run.isHandingOut && !run.waiting.isEmpty && peer.declined[run.study.id] == nil
            && run.study.engineRevision.map { $0 == peer.engineRevision } ?? true
    }

    /// Trials beyond one that already ends the study would be dropped; one that a worker goes on
    /// with although it was given up as lost is not run twice.
    private func isEligible(_ number: Int, of run: StudyRun) -> Bool {
        number < run.endingTrial ?? .max
            && !claimed.contains(TrialKey(study: run.study.id, trial: number))
    }

    private mutating func assign(
        _ numbers: [Int], of id: StudyID, to session: SessionID, at now: Instant
    ) {
        guard let plan = plan(numbers, of: id, for: session) else { return }
        for member in plan.assignment.members {
            record(
                .attemptLeased(lease: member.lease, worker: plan.worker, alone: plan.isAlone))
            if member.checkpoint != nil { shelf.give(to: member.lease) }
        }
        peers[session]?.knownStudies.insert(id)
        peers[session]?.runsAlone = plan.isAlone
        hold(
            Peer.Bundle(
                leases: plan.assignment.members.map(\.lease), assignedAt: now,
                assignment: plan.assignment),
            by: session)
        send(.assign(plan.assignment), to: session)
    }

    private struct Plan {
        var assignment: Assignment
        var worker: WorkerIdentity
        var isAlone: Bool
    }

    /// What is handed out, found before anything is recorded: a study that is still being read
    /// would be copied as a whole by the first record.
    private func plan(_ numbers: [Int], of id: StudyID, for session: SessionID) -> Plan? {
        guard let run = state.study(id), let peer = peers[session],
            let stage = run.trial(numbers[0]).map({ run.study.stages[$0.stage] })
        else { return nil }
        let members = numbers.compactMap { number in
            run.trial(number).map { trial in
                member(Lease(study: id, trial: number, attempt: trial.attempts + 1), trial)
            }
        }
        return Plan(
            assignment: Assignment(
                study: id, content: peer.knownStudies.contains(id) ? nil : run.study.spec.content,
                epochs: stage.epochs, dataDigest: run.study.dataDigest ?? "", members: members),
            worker: peer.worker,
            isAlone: numbers.count == 1 && peer.isIdle
                && (peer.slots == 1 || isSolo(numbers, run)))
    }

    private func isSolo(_ numbers: [Int], _ run: StudyRun) -> Bool {
        numbers.allSatisfy(run.solo.contains)
    }

    func member(_ lease: Lease, _ trial: Trial) -> Assignment.Member {
        Assignment.Member(
            lease: lease, replicate: trial.replicate, parameters: trial.parameters,
            checkpoint: checkpointOffer(of: lease))
    }

    /// The first trial and others of its shape; few enough that a stage's tail leaves no slot
    /// idle.
    private func bundle(
        of run: StudyRun, from eligible: [Int], for peer: Peer, freeSlots: Int
    ) -> [Int] {
        let others = eligible.filter { !run.solo.contains($0) }
        if peer.isIdle, let first = eligible.first, run.solo.contains(first) { return [first] }
        guard let first = others.first else { return [] }
        let share = (run.waiting.count + freeSlots - 1) / max(1, freeSlots)
        let size = max(1, min(limits.bundleMaximum, share))
        let shape = shape(of: first, in: run)
        return Array(others.lazy.filter { self.shape(of: $0, in: run) == shape }.prefix(size))
    }

    /// What trials that are trained as one must have in common; data and split are the study's.
    private struct Shape: Equatable {
        var preprocessing: [DataSpec.Preprocessing]
        var hidden: [Int]
        var activation: ModelSpec.Activation
        var optimizer: TrainSpec.Optimizer
        var batchSize: Int
        var stage: Int
        var replicate: Int
    }

    private func shape(of number: Int, in run: StudyRun) -> Shape? {
        run.trial(number).map { trial in
            let settings = run.study.spec.settings(for: trial.parameters)
            return Shape(
                preprocessing: settings.preprocessing, hidden: settings.model.hidden,
                activation: settings.model.activation,
                optimizer: settings.train.optimizer, batchSize: settings.train.batchSize,
                stage: trial.stage, replicate: trial.replicate)
        }
    }
}
