import HPSearch
import OrderedCollections

/// Who gets which trials.
extension Coordinator {
    /// Hands out waiting trials to free slots, sessions in the order in which they came, studies
    /// in the order of submission, trials by number.
    mutating func assignWork(at now: Instant) {
        guard mayAssign else { return }
        mayAssign = false
        var free = peers.values.map(\.freeSlots).reduce(0, +)
        for session in peers.keys {
            while let peer = peers[session], peer.freeSlots > 0,
                let id = nextStudy(for: peer)
            {
                assignBundle(of: id, to: session, freeSlots: free, at: now)
                free -= 1
            }
        }
    }

    private mutating func nextStudy(for peer: Peer) -> StudyID? {
        state.studies.first { run in
            run.isHandingOut && firstEligible(of: run) != nil
                && peer.declined[run.study.id] == nil && acceptsEngine(of: peer, run.study)
        }?.study.id
    }

    private func acceptsEngine(of peer: Peer, _ study: Study) -> Bool {
        study.engineRevision.map { $0 == peer.engineRevision } ?? true
    }

    /// Trials beyond one that already ends the study would be dropped.
    private func firstEligible(of run: StudyRun) -> Int? {
        run.waiting.first.flatMap { first in
            first < run.endingTrial ?? .max ? first : nil
        }
    }

    private mutating func assignBundle(
        of id: StudyID, to session: SessionID, freeSlots: Int, at now: Instant
    ) {
        guard let run = state.study(id), let peer = peers[session] else { return }
        let numbers = bundle(of: run, freeSlots: freeSlots)
        var members: [Assignment.Member] = []
        for number in numbers {
            guard let trial = run.trial(number) else { continue }
            let lease = Lease(study: id, trial: number, attempt: trial.attempts + 1)
            record(.attemptLeased(lease: lease, worker: peer.worker, alone: numbers.count == 1))
            members.append(member(lease, trial))
        }
        guard let stage = run.trial(numbers[0]).map({ run.study.stages[$0.stage] }) else { return }
        let assignment = Assignment(
            study: id, content: peer.knownStudies.contains(id) ? nil : run.study.spec.content,
            epochs: stage.epochs, dataDigest: run.study.dataDigest ?? "", members: members)
        peers[session]?.knownStudies.insert(id)
        peers[session]?.bundles.append(
            Peer.Bundle(leases: members.map(\.lease), assignedAt: now, assignment: assignment))
        send(.assign(assignment), to: session)
    }

    func member(_ lease: Lease, _ trial: Trial) -> Assignment.Member {
        Assignment.Member(
            lease: lease, replicate: trial.replicate, parameters: trial.parameters)
    }

    /// The first waiting trial and others of its shape; few enough that a stage's tail leaves no
    /// slot idle.
    private func bundle(of run: StudyRun, freeSlots: Int) -> [Int] {
        guard let first = run.waiting.first else { return [] }
        if run.solo.contains(first) { return [first] }
        let share = (run.waiting.count + freeSlots - 1) / max(1, freeSlots)
        let size = min(limits.bundleMaximum, share)
        let shape = shape(of: first, in: run)
        let alike = run.waiting.prefix(limits.bundleWindow).filter { number in
            number < run.endingTrial ?? .max && !run.solo.contains(number)
                && self.shape(of: number, in: run) == shape
        }
        return Array(alike.prefix(size))
    }

    /// What trials that are trained as one must have in common; data, split and preprocessing
    /// are the study's.
    private struct Shape: Equatable {
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
                hidden: settings.model.hidden, activation: settings.model.activation,
                optimizer: settings.train.optimizer, batchSize: settings.train.batchSize,
                stage: trial.stage, replicate: trial.replicate)
        }
    }
}
