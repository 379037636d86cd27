import Glibc
package import HPCluster
import HPSearch

/// Checkpoints beside the journal, the newest whole one of each trial, in files that are called
/// `checkpoints/study-3/trial-0042_epoch-05_val-0.5310.checkpoint`.
///
/// A cache: what can't be written or read is said and forgotten. Names are made of numbers, never
/// of what a peer calls something. Methods block, and are called from one thread at a time.
package struct CheckpointFolder: Sendable {
    private struct Place: Hashable {
        var study: StudyID
        var trial: Int
    }

    /// A whole checkpoint. Which attempt made it isn't known of those that were found: 0.
    private struct Whole {
        var header: CheckpointHeader
        var path: String
    }

    private struct Upload {
        var header: CheckpointHeader
        var byteCount = 0
    }

    private let path: String
    private let reservedByteCount: Int
    private let freeByteCount: @Sendable () -> Int
    private var wholes: [Place: Whole] = [:]
    private var uploads: [Place: Upload] = [:]

    /// What the journal's disk keeps free of checkpoints: results need the room.
    package static let usualReservedByteCount = 512 << 20

    /// - Parameters:
    ///   - path: made with the first checkpoint.
    ///   - freeByteCount: what the disk has left.
    package init(
        path: String, reservedByteCount: Int = usualReservedByteCount,
        freeByteCount: @escaping @Sendable () -> Int
    ) {
        self.path = path
        self.reservedByteCount = reservedByteCount
        self.freeByteCount = freeByteCount
    }

    /// Does what is ordered, and reports where somebody waits for that.
    package mutating func perform(_ order: CheckpointOrder) -> CheckpointReport? {
        switch order {
        case .list: return .listed(list())
        case .write(let part, let session): return write(part, from: session)
        case .read(let request, let byteCount, let session):
            return read(request, byteCount, to: session)
        case .discardUpload(let study, let trial):
            discardUpload(Place(study: study, trial: trial))
        case .remove(let study, let trial):
            remove(Place(study: study, trial: trial))
            return .removed(study: study, trial: trial)
        case .removeAll: removeAll()
        }
        return nil
    }

    // MARK: - Uploads

    private mutating func write(
        _ part: CheckpointPart, from session: SessionID
    ) -> CheckpointReport {
        let header = part.header
        let place = Place(study: header.lease.study, trial: header.lease.trial)
        if wholes[place]?.header == header {
            return .received(header, byteCount: header.byteCount, from: session)
        }
        do throws(ServerError) {
            if uploads[place]?.header != header, part.offset == 0 { try begin(header, at: place) }
            guard var upload = uploads[place], upload.header == header else {
                // This process never had what came before.
                return .received(header, byteCount: 0, from: session)
            }
            if part.offset == upload.byteCount {
                try append(part, at: place)
                upload.byteCount = part.end
                uploads[place] = upload
                if part.isLast { try complete(header, at: place) }
            }
            return .received(header, byteCount: upload.byteCount, from: session)
        } catch {
            discardUpload(place)
            return .notWritten(header, detail: "\(error)", from: session)
        }
    }

    private mutating func begin(
        _ header: CheckpointHeader, at place: Place
    ) throws(ServerError) {
        let announced = uploads.lazy.filter { $0.key != place }
            .map { $0.value.header.byteCount - $0.value.byteCount }.reduce(0, +)
        guard freeByteCount() - announced - header.byteCount >= reservedByteCount else {
            throw .noRoomForCheckpoint(path: path)
        }
        for folder in [path, folder(of: place)] where mkdir(folder, 0o700) != 0 {
            guard errno == EEXIST else { throw ServerError(errorNumber: errno, path: folder) }
        }
        let path = uploadPath(place)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ServerError(errorNumber: errno, path: path) }
        close(descriptor)
        uploads[place] = Upload(header: header)
    }

    private func append(_ part: CheckpointPart, at place: Place) throws(ServerError) {
        let path = uploadPath(place)
        let descriptor = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ServerError(errorNumber: errno, path: path) }
        defer { close(descriptor) }
        var written = 0
        while written < part.bytes.count {
            let count = part.bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor, buffer.baseAddress?.advanced(by: written),
                    buffer.count - written, part.offset + written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw ServerError(errorNumber: errno, path: path)
            }
            written += count
        }
        let isDue = part.end / Self.syncByteCount > part.offset / Self.syncByteCount
        guard !isDue || fdatasync(descriptor) == 0, !part.isLast || fsync(descriptor) == 0 else {
            throw ServerError(errorNumber: errno, path: path)
        }
    }

    /// What waits to be written goes to the disk whenever so many bytes have come: a commit of the
    /// journal may have to wait for all of it, on ext4 at least.
    private static let syncByteCount = 4 << 20

    /// A crash leaves the former one, the new one, or both.
    private mutating func complete(
        _ header: CheckpointHeader, at place: Place
    ) throws(ServerError) {
        let folder = folder(of: place)
        let path = "\(folder)/\(header.fileName)"
        guard rename(uploadPath(place), path) == 0 else {
            throw ServerError(errorNumber: errno, path: path)
        }
        uploads[place] = nil
        if let former = wholes[place]?.path, former != path { unlink(former) }
        wholes[place] = Whole(header: header, path: path)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private mutating func discardUpload(_ place: Place) {
        guard uploads.removeValue(forKey: place) != nil else { return }
        unlink(uploadPath(place))
    }

    // MARK: - What is whole

    private func read(
        _ request: CheckpointRequest, _ byteCount: Int, to session: SessionID
    ) -> CheckpointReport {
        let lease = request.lease
        guard let whole = wholes[Place(study: lease.study, trial: lease.trial)] else {
            return .notGiven(lease, detail: "there is no file of it", to: session)
        }
        var header = whole.header
        header.lease = lease
        let descriptor = open(whole.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            let error = ServerError(errorNumber: errno, path: whole.path)
            return .notGiven(lease, detail: "\(error)", to: session)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](
            repeating: 0, count: max(0, min(byteCount, header.byteCount - request.offset)))
        var count = -1
        repeat {
            count = pread(descriptor, &bytes, bytes.count, request.offset)
        } while count < 0 && errno == EINTR
        guard count == bytes.count, count > 0 else {
            return .notGiven(
                lease, detail: "\(whole.path) is shorter than it was", to: session)
        }
        return .given(
            CheckpointPart(header: header, offset: request.offset, bytes: bytes), to: session)
    }

    private mutating func remove(_ place: Place) {
        discardUpload(place)
        if let whole = wholes.removeValue(forKey: place) { unlink(whole.path) }
        // The last one's folder goes, too.
        rmdir(folder(of: place))
    }

    private mutating func removeAll() {
        // What former processes left, too.
        _ = list()
        for place in Array(wholes.keys) { remove(place) }
    }

    /// Takes in what former processes left. Files of other names are somebody else's.
    private mutating func list() -> [CheckpointFile] {
        wholes = [:]
        uploads = [:]
        for name in Self.names(in: path) {
            guard let study = Self.study(ofFolder: name) else { continue }
            for file in Self.names(in: "\(path)/\(name)") { take(file, of: study) }
            rmdir("\(path)/\(name)")
        }
        return wholes.map { place, whole in
            CheckpointFile(
                study: place.study, trial: place.trial, epoch: whole.header.epoch,
                byteCount: whole.header.byteCount)
        }.sorted { ($0.study, $0.trial) < ($1.study, $1.trial) }
    }

    private mutating func take(_ name: String, of study: StudyID) {
        if name.hasPrefix("trial-"), name.hasSuffix(Self.uploadSuffix) {
            let path = "\(folder(of: Place(study: study, trial: 0)))/\(name)"
            unlink(path)
            return
        }
        guard let (trial, epoch, value) = CheckpointName.parse(name) else { return }
        let place = Place(study: study, trial: trial)
        let path = "\(folder(of: place))/\(name)"
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return }
        guard status.st_size > 0, epoch > wholes[place]?.header.epoch ?? 0 else {
            unlink(path)
            return
        }
        if let former = wholes[place] { unlink(former.path) }
        let header = CheckpointHeader(
            lease: Lease(study: study, trial: trial, attempt: 0), epoch: epoch, value: value,
            byteCount: Int(status.st_size))
        wholes[place] = Whole(header: header, path: path)
    }

    // MARK: - Names

    private static let uploadSuffix = ".part"

    private func folder(of place: Place) -> String { "\(path)/study-\(place.study)" }

    private func uploadPath(_ place: Place) -> String {
        "\(folder(of: place))/\(CheckpointName.prefix(trial: place.trial).dropLast())"
            + Self.uploadSuffix
    }

    private static func study(ofFolder name: String) -> StudyID? {
        guard name.hasPrefix("study-"), let study = StudyID(name.dropFirst("study-".count)),
            study >= 1, "study-\(study)" == name
        else { return nil }
        return study
    }

    /// In ascending order; none of a folder that can't be read.
    private static func names(in folder: String) -> [String] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
