import HPCluster

/// The folder of checkpoints beside the journal: what is whole outlives the process.
struct SimulatedCheckpoints {
    private struct Place: Hashable {
        var study: Int
        var trial: Int
    }

    private struct File {
        var header: CheckpointHeader
        var bytes: [UInt8] = []
    }

    private var wholes: [Place: File] = [:]
    private var uploads: [Place: File] = [:]

    mutating func perform(_ order: CheckpointOrder) -> CheckpointReport? {
        switch order {
        case .list:
            uploads = [:]
            return .listed(
                wholes.map { place, file in
                    CheckpointFile(
                        study: place.study, trial: place.trial, epoch: file.header.epoch,
                        byteCount: file.bytes.count)
                }.sorted { ($0.study, $0.trial) < ($1.study, $1.trial) })
        case .write(let part, let session): return write(part, from: session)
        case .read(let request, let byteCount, let session):
            let place = Place(study: request.lease.study, trial: request.lease.trial)
            guard var file = wholes[place] else {
                return .notGiven(request.lease, detail: "no file", to: session)
            }
            file.header.lease = request.lease
            let bytes = Array(file.bytes.dropFirst(request.offset).prefix(byteCount))
            return .given(
                CheckpointPart(header: file.header, offset: request.offset, bytes: bytes),
                to: session)
        case .discardUpload(let study, let trial):
            uploads[Place(study: study, trial: trial)] = nil
        case .remove(let study, let trial):
            uploads[Place(study: study, trial: trial)] = nil
            wholes[Place(study: study, trial: trial)] = nil
        }
        return nil
    }

    private mutating func write(
        _ part: CheckpointPart, from session: SessionID
    ) -> CheckpointReport {
        let place = Place(study: part.header.lease.study, trial: part.header.lease.trial)
        if uploads[place]?.header != part.header, part.offset == 0 {
            uploads[place] = File(header: part.header)
        }
        guard var file = uploads[place], file.header == part.header else {
            return .received(part.header, byteCount: 0, from: session)
        }
        if part.offset == file.bytes.count { file.bytes += part.bytes }
        let isWhole = file.bytes.count == part.header.byteCount
        if isWhole { wholes[place] = file }
        uploads[place] = isWhole ? nil : file
        return .received(part.header, byteCount: file.bytes.count, from: session)
    }
}
