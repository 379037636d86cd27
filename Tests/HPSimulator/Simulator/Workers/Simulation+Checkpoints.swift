import HPCluster
import HPWire

/// Checkpoints of simulated trials, whose bytes are a function of the trial and the epoch: whatever
/// becomes of the messages, a worker is given these or none.
extension Simulation {
    /// A checkpoint has several parts, on its way to the coordinator and back.
    static let checkpointLimits = CheckpointLimits(worthSeconds: 1, partByteCount: 8)
    static let workerLimits = ClusterLimits(checkpoints: checkpointLimits)
    /// After each but the last a member's checkpoint is saved.
    static let epochCount = 4

    static func bytes(of header: CheckpointHeader) -> [UInt8] {
        bytes(ofTrial: header.lease.trial, study: header.lease.study, epoch: header.epoch)
    }

    /// Each epoch's differ in number and in every one.
    private static func bytes(ofTrial trial: Int, study: Int, epoch: Int) -> [UInt8] {
        (0..<14 + trial % 13 + 5 * epoch).map { index in
            UInt8(truncatingIfNeeded: 31 * study + 7 * trial + 101 * epoch + index)
        }
    }

    /// A part of a member's training is done, and on the worker's disk.
    func saveCheckpoint(_ index: Int, _ life: Int, _ number: Int, _ place: Int, _ epoch: Int) {
        guard workers[index].life == life, let process = workers[index].process,
            !process.isPaused,
            let bundle = process.bundles.first(where: { $0.number == number }),
            !bundle.members[place].hasEnded
        else { return }
        let lease = bundle.members[place].lease
        let byteCount =
            Self.bytes(ofTrial: lease.trial, study: lease.study, epoch: epoch).count
        // More digits than the name of the file has.
        let header = CheckpointHeader(
            lease: lease, epoch: epoch, value: 0.1234567 * Double(epoch), byteCount: byteCount)
        handle([.checkpointSaved(header)], at: index)
    }

    /// What a session asks of the worker's disk; returns the answers.
    func moveCheckpoints(
        _ effects: WorkerSession.Effects, at index: Int
    ) -> [WorkerSession.Event] {
        if let wanted = effects.upload {
            let all = Self.bytes(of: wanted.header)
            let part = CheckpointPart(
                header: wanted.header, offset: wanted.offset,
                bytes: Array(all[wanted.offset..<wanted.offset + wanted.byteCount]))
            tally[.checkpointPartsSent] += 1
            send(WireCodec.encode(PeerMessage.checkpointPart(part)), fromWorker: index)
        }
        for (part, _) in effects.keep { keep(part, at: index) }
        return effects.look.map { .checkpointLookedFor($0.lease, epoch: 0) }
    }

    /// Looks at what a file is once its last part is there.
    private func keep(_ part: CheckpointPart, at index: Int) {
        let lease = part.header.lease
        var bytes = part.offset == 0 ? [] : workers[index].process?.fetched[lease] ?? []
        bytes.replaceSubrange(min(part.offset, bytes.count)..., with: part.bytes)
        workers[index].process?.fetched[lease] = part.isLast ? nil : bytes
        guard part.isLast else { return }
        tally[.checkpointsFetched] += 1
        guard bytes != Self.bytes(of: part.header) else { return }
        observer.report(
            CheckpointChecker.name,
            "worker \(index) was given bytes that trial \(lease.trial) never had")
    }
}
