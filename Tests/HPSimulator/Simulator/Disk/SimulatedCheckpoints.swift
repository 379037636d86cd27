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

    /// What lies there, in words.
    var rest: [String] {
        (wholes.keys.map { "the checkpoint of trial \($0.study).\($0.trial) is left" }
            + uploads.keys.map { "a part of trial \($0.study).\($0.trial) is left" }).sorted()
    }

    /// Of what is whole.
    func bytes(ofTrial trial: Int, study: Int) -> [UInt8]? {
        wholes[Place(study: study, trial: trial)]?.bytes
    }

    /// Does what is ordered.
    ///
    /// - Parameter fails: whether the disk reads or writes nothing this time.
    mutating func perform(_ order: CheckpointOrder, fails: Bool) -> CheckpointReport? {
        switch order {
        case .list: return .listed(list())
        case .write(let part, let session):
            guard fails else { return write(part, from: session) }
            uploads[Place(study: part.header.lease.study, trial: part.header.lease.trial)] = nil
            return .notWritten(part.header, detail: "the disk fails", from: session)
        case .read(let request, let byteCount, let session):
            return fails
                ? .notGiven(request.lease, detail: "the disk fails", to: session)
                : read(request, byteCount, to: session)
        case .discardUpload(let study, let trial):
            uploads[Place(study: study, trial: trial)] = nil
        case .remove(let study, let trial):
            uploads[Place(study: study, trial: trial)] = nil
            wholes[Place(study: study, trial: trial)] = nil
            return .removed(study: study, trial: trial)
        case .removeAll:
            uploads = [:]
            wholes = [:]
        }
        return nil
    }

    /// A process knows of earlier ones' files what their names say.
    private mutating func list() -> [CheckpointFile] {
        uploads = [:]
        for (place, file) in wholes {
            wholes[place]?.header.lease.attempt = 0
            let named = CheckpointName.parse(file.header.fileName)
            wholes[place]?.header.value = named?.value ?? file.header.value
        }
        return wholes.map { place, file in
            CheckpointFile(
                study: place.study, trial: place.trial, epoch: file.header.epoch,
                byteCount: file.bytes.count)
        }.sorted { ($0.study, $0.trial) < ($1.study, $1.trial) }
    }

    private func read(
        _ request: CheckpointRequest, _ byteCount: Int, to session: SessionID
    ) -> CheckpointReport {
        let place = Place(study: request.lease.study, trial: request.lease.trial)
        guard var file = wholes[place], request.offset < file.bytes.count else {
            return .notGiven(request.lease, detail: "there is no such part", to: session)
        }
        file.header.lease = request.lease
        let bytes = Array(file.bytes.dropFirst(request.offset).prefix(byteCount))
        return .given(
            CheckpointPart(header: file.header, offset: request.offset, bytes: bytes), to: session)
    }

    private mutating func write(
        _ part: CheckpointPart, from session: SessionID
    ) -> CheckpointReport {
        let place = Place(study: part.header.lease.study, trial: part.header.lease.trial)
        if wholes[place]?.header == part.header {
            return .received(part.header, byteCount: part.header.byteCount, from: session)
        }
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
