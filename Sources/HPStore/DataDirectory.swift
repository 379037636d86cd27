import Foundation

/// What the journal asks of its folder itself; the rest goes through SQLite, to the same disk.
///
/// Tests give it a disk that they can crash.
package protocol JournalFolder: Sendable {
    /// What messages call it.
    var path: String { get }
    var databasePath: String { get }
    /// Bytes of SQLite's write-ahead log, the newest part of the journal.
    var logBytes: Int { get }
    /// What is in the log.
    func logContents() -> [UInt8]
    /// Whether a journal was made here once.
    var isMarked: Bool { get }
    /// Bytes of the database without its log.
    var databaseBytes: Int { get }
    /// Bytes that the disk has left for this process; 0 when it doesn't say.
    var freeBytes: Int { get }

    /// Whether there is a journal already.
    ///
    /// - Throws: `StoreError.corrupt` when only the log is left: SQLite would delete it and begin
    ///   anew.
    func hasDatabase() throws(StoreError) -> Bool

    /// Makes the empty file that SQLite fills, and makes its name durable.
    ///
    /// - Throws: `StoreError.unusable`.
    func prepareDatabaseFile() throws(StoreError)

    /// Notes that the journal is made: an empty file in its place is none of a first start from
    /// then on.
    ///
    /// - Throws: `StoreError.unusable`.
    func mark() throws(StoreError)

    /// Lets another process in; may be called twice.
    func release()
}

/// The folder of a journal: made private, locked, and looked at before SQLite sees it.
struct DataDirectory: JournalFolder {
    let path: String
    private let lock: DirectoryLock

    var databasePath: String { path + "/hpcoord.sqlite" }
    var logBytes: Int { fileSize(logPath) }
    var databaseBytes: Int { fileSize(databasePath) }

    var freeBytes: Int {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return 0 }
        return Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
    }

    private var logPath: String { databasePath + "-wal" }
    private var markPath: String { path + "/hpcoord.made" }

    var isMarked: Bool { access(markPath, F_OK) == 0 }

    /// Before SQLite has it open: closing the file would drop its locks.
    func logContents() -> [UInt8] {
        FileManager.default.contents(atPath: logPath).map { [UInt8]($0) } ?? []
    }

    func mark() throws(StoreError) {
        if isMarked { return }
        let descriptor = open(markPath, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unusable(directory: path, explanation: systemMessage(errno))
        }
        close(descriptor)
        try sync(path)
    }

    /// Creates the folder where it is missing (0700), and locks it.
    init(_ directory: String) throws(StoreError) {
        // An absolute path outlives a change of the working directory, and SQLite can't take it
        // for a URI.
        path = URL(fileURLWithPath: directory, isDirectory: true).standardizedFileURL.path
        try Self.create(path)
        try NetworkFileSystem.refuse(path)
        lock = try DirectoryLock(directory: path)
    }

    func hasDatabase() throws(StoreError) -> Bool {
        if fileSize(databasePath) > 0 {
            try checkHeader()
            return true
        }
        guard logBytes == 0 else {
            throw .corrupt(
                path: databasePath, explanation: "it is empty, but its log \(logPath) is not")
        }
        return false
    }

    /// A damaged format number makes SQLite take the file for one that it may only read, which
    /// sounds like a matter of permissions.
    ///
    /// SQLite holds no lock yet that closing the file could drop.
    private func checkHeader() throws(StoreError) {
        let descriptor = open(databasePath, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .unusable(directory: path, explanation: systemMessage(errno))
        }
        defer { close(descriptor) }
        var header = [UInt8](repeating: 0, count: 20)
        guard pread(descriptor, &header, header.count, 0) == header.count,
            header.starts(with: Array("SQLite format 3\0".utf8))
        else { return }
        guard (1...2).contains(header[18]), (1...2).contains(header[19]) else {
            throw .corrupt(
                path: databasePath,
                explanation: "its header names the formats \(header[18]) and \(header[19])")
        }
    }

    /// Readable by its owner alone.
    func prepareDatabaseFile() throws(StoreError) {
        let descriptor = open(databasePath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unusable(directory: path, explanation: systemMessage(errno))
        }
        close(descriptor)
        try sync(path)
    }

    func release() {
        lock.release()
    }

    private static func create(_ path: String) throws(StoreError) {
        if mkdir(path, 0o700) == 0 { return }
        let code = errno
        if code == ENOENT {
            let parent = (path as NSString).deletingLastPathComponent
            try create(parent)
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw .unusable(directory: path, explanation: systemMessage(errno))
            }
            return
        }
        var status = stat()
        let isFolder = stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        guard isFolder else {
            let explanation = code == EEXIST ? "it is not a folder" : systemMessage(code)
            throw .unusable(directory: path, explanation: explanation)
        }
    }

    private func sync(_ folder: String) throws(StoreError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .unusable(directory: path, explanation: systemMessage(errno))
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw .unusable(directory: path, explanation: systemMessage(errno))
        }
    }
}

/// Bytes in a file; 0 when it doesn't exist. The file isn't opened: closing it would drop the
/// locks that SQLite holds on it.
func fileSize(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
}
