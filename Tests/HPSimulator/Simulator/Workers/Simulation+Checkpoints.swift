import HPCluster
import HPWire

/// Checkpoints of simulated trials, whose bytes are a function of the trial: whatever becomes of
/// the messages, a worker is given these or none.
extension Simulation {
    static let checkpointName = "checkpoints"
    static let workerLimits = ClusterLimits(
        checkpoints: CheckpointLimits(worthSeconds: 1, partByteCount: 8))

    private func bytes(of lease: Lease) -> [UInt8] {
        (0..<20 + lease.trial % 13).map { index in
            UInt8(truncatingIfNeeded: 31 * lease.study + 7 * lease.trial + index)
        }
    }

    /// Half of a member's training is done, and on the worker's disk.
    func saveCheckpoint(_ index: Int, _ life: Int, _ number: Int, _ place: Int) {
        guard workers[index].life == life, let process = workers[index].process,
            !process.isPaused,
            let bundle = process.bundles.first(where: { $0.number == number }),
            !bundle.members[place].hasEnded
        else { return }
        let lease = bundle.members[place].lease
        let header = CheckpointHeader(
            lease: lease, epoch: 1, value: 0.5, byteCount: bytes(of: lease).count)
        handle([.checkpointSaved(header)], at: index)
    }

    /// What a session asks of the worker's disk; returns the answers.
    func moveCheckpoints(
        _ effects: WorkerSession.Effects, at index: Int
    ) -> [WorkerSession.Event] {
        if let wanted = effects.upload {
            let all = bytes(of: wanted.header.lease)
            let part = CheckpointPart(
                header: wanted.header, offset: wanted.offset,
                bytes: Array(all[wanted.offset..<wanted.offset + wanted.byteCount]))
            tally[.checkpointPartsSent] += 1
            send(WireCodec.encode(PeerMessage.checkpointPart(part)), fromWorker: index)
        }
        for (part, _) in effects.keep {
            let all = bytes(of: part.header.lease)
            let isSound =
                part.end <= all.count && Array(all[part.offset..<part.end]) == part.bytes
            if part.isLast { tally[.checkpointsFetched] += 1 }
            guard !isSound || (part.isLast && part.end != all.count) else { continue }
            observer.report(
                Self.checkpointName,
                "worker \(index) was given bytes that trial \(part.header.lease.trial) never had")
        }
        return effects.look.map { .checkpointLookedFor($0.lease, epoch: 0) }
    }
}
