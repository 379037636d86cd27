import HPCluster
import HPSearch
import HPWire

/// What a broken or malicious worker says besides what its session says.
extension Simulation {
    func lie() {
        let liars = workers.indices.filter { workers[$0].traits.isLiar }
        guard !liars.isEmpty else { return }
        let index = liarRandom.pick(liars)
        guard workers[index].process?.connection != nil else { return }
        tally[.lies] += 1
        switch liarRandom.next(below: 8) {
        case 0: send((0..<20).map { _ in UInt8(liarRandom.next(below: 256)) }, fromWorker: index)
        case 1: claim(someLease(), value: 1e9, of: index)
        case 2: claim(someLease(), value: .nan, of: index)
        case 3: claim(someLease(), value: 1e9, studyDigest: "another study", of: index)
        case 4: say(.handBack([someLease()]), of: index)
        case 5: say(.heartbeat(held: [someLease(), someLease()]), of: index)
        case 6: meddle(with: someLease(), of: index)
        default:
            if swarm.isEncrypted { demandOrImpersonate(index) }
        }
    }

    /// Mostly of a worker that isn't the liar, if it exists at all.
    private func someLease() -> Lease {
        let study = liarRandom.integer(in: 1...max(1, observer.ledger.studies.count))
        let count = observer.ledger.study(study)?.trials.count ?? 0
        let trial = liarRandom.integer(in: 1...(count + 1))
        let attempts = observer.ledger.trial(study, trial)?.attempts.count ?? 0
        // An attempt that doesn't exist yet may become the liar's own.
        let attempt = liarRandom.integer(in: 0...(attempts + 1))
        return Lease(
            study: study, trial: trial, attempt: attempt > attempts ? attempt + 1000 : attempt)
    }

    /// Of its own leases a worker can say what it likes: then its word is all there is.
    private func claim(
        _ lease: Lease, value: Double, studyDigest: String? = nil, of index: Int
    ) {
        guard let process = workers[index].process,
            observer.ledger.attempt(lease)?.worker.id
                != identity(index, process.incarnation).id
        else { return }
        let digest = observer.ledger.study(lease.study)?.spec.contentDigest ?? ""
        let result = TrialResult(
            objectiveCurve: [value], value: value, standardError: 0, bestEpoch: 1, epochs: 1,
            metrics: TrialMetrics(), seconds: 5)
        let report = TrialReport(
            lease: lease, studyDigest: studyDigest ?? digest, dataDigest: "data",
            engineRevision: "engine/1",
            outcome: .trained(
                state: .complete, reason: "", detail: "a lie", result: result,
                recordings: TrialRecordings()))
        say(.results([report]), of: index)
    }

    /// A checkpoint is no business of anybody's but the holder of its trial.
    private func meddle(with lease: Lease, of index: Int) {
        guard let process = workers[index].process,
            observer.ledger.attempt(lease)?.worker.id
                != identity(index, process.incarnation).id
        else { return }
        if liarRandom.happens(0.5) {
            return say(.checkpointRequest(.init(lease: lease, offset: 0)), of: index)
        }
        let header = CheckpointHeader(lease: lease, epoch: 9, value: 1, byteCount: 3)
        say(.checkpointPart(.init(header: header, offset: 0, bytes: [6, 6, 6])), of: index)
    }

    /// With keys a worker has a role: commands aren't for it, and no other worker's place is.
    private func demandOrImpersonate(_ index: Int) {
        if liarRandom.happens(0.5) {
            let study = liarRandom.pick(studies).spec.name
            let command: ClientRequest.Command =
                liarRandom.happens(0.5) ? .cancel(study: study) : .pause(study: study)
            return say(.request(ClientRequest(id: liarRandom.word(), command: command)), of: index)
        }
        let others = workers.indices.filter { $0 != index }
        guard !others.isEmpty else { return }
        let victim = workers[liarRandom.pick(others)]
        let incarnation = liarRandom.word()
        let ghost = WorkerIdentity(
            id: "\(victim.traits.id).\(key(index))", incarnation: incarnation,
            name: victim.traits.name)
        observer.observe(.workerStarted(index, ghost))
        let connection = sessions.open(
            Sessions.Session(
                party: .worker(index), identity: ghost, authority: authority(index),
                coordinatorLife: coordinator.life))
        let hello = Hello(
            protocolVersion: ClusterLimits.protocolVersion, introduction: 1,
            worker: WorkerIdentity(
                id: victim.traits.id, incarnation: incarnation, name: victim.traits.name),
            slots: 1, engineRevision: "engine/1", held: [])
        tell("worker \(index)", "pretends to be \(victim.traits.name)")
        send(WireCodec.encode(.hello(hello)), fromWorker: index, on: connection)
    }

    private func say(_ message: PeerMessage, of index: Int) {
        tell("worker \(index)", "lies: \(describe(message))")
        send(WireCodec.encode(message), fromWorker: index)
    }
}
