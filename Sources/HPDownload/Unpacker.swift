import Foundation
import HPNet

/// Unpacks a data set into a folder beside its final one, which gets its name when all is there.
struct Unpacker {
    /// What an archive may unpack to.
    private static let byteCountMaximum = 1 << 30
    private static let fix = "fetch the archive again"

    let archive: DatasetArchive
    /// Where the data set's folder goes.
    let directory: String
    let report: (FetchProgress) -> Void

    private var target: String { "\(directory)/\(archive.folder)" }
    private var temporary: String { "\(directory)/.\(archive.folder).unpacking" }

    func unpack(_ path: String) throws(DownloadError) {
        try? FileManager.default.removeItem(atPath: temporary)
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        guard mkdir(temporary, 0o755) == 0 else { throw .system(temporary) }
        try extract(path)
        if let problem = Self.problem(with: archive.files, in: temporary) {
            throw refused(path, problem)
        }
        try synchronize(temporary)
        guard rename(temporary, target) == 0 else { throw .system(target) }
        try synchronize(directory)
    }

    /// What is wrong with the data set in a folder; nil when it is complete.
    static func problem(with files: [DatasetArchive.File], in folder: String) -> String? {
        for file in files {
            var status = stat()
            guard stat("\(folder)/\(file.name)", &status) == 0 else {
                return "it has no \(file.name)"
            }
            if let byteCount = file.byteCount, Int(status.st_size) != byteCount {
                return "its \(file.name) has \(status.st_size) bytes, not \(byteCount)"
            }
        }
        return nil
    }

    private func extract(_ path: String) throws(DownloadError) {
        var tar = try reading { () throws(NetError) in
            let file = try SequentialFile(path, fix: "run the same command again")
            return TarReader(GzipReader(file, fix: Self.fix))
        }
        var total = 0
        while let entry = try reading({ () throws(NetError) in try tar.next() }) {
            guard let name = try fileName(of: entry, in: path) else { continue }
            total += min(entry.byteCount, Self.byteCountMaximum + 1)
            guard total <= Self.byteCountMaximum else {
                throw refused(path, "it unpacks to more than \(Self.byteCountMaximum) bytes")
            }
            try write(name, from: &tar, of: path)
        }
    }

    private func reading<Result>(
        _ body: () throws(NetError) -> Result
    ) throws(DownloadError) -> Result {
        do throws(NetError) { return try body() } catch { throw .damaged(error) }
    }

    private func refused(_ path: String, _ problem: String) -> DownloadError {
        .damaged(.corrupt(path: path, line: nil, problem: problem, fix: Self.fix))
    }

    /// Files lie in the archive's one folder: whatever else a path may say is refused. Nil for
    /// that folder itself.
    private func fileName(
        of entry: TarReader.Entry, in path: String
    ) throws(DownloadError) -> String? {
        var parts = entry.path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.first == "." { parts.removeFirst() }
        if entry.isFolder, parts.last == "" { parts.removeLast() }
        if entry.isFolder, parts == [Substring(archive.folder)] { return nil }
        guard !entry.isFolder, parts.count == 2, parts[0] == archive.folder,
            !["", ".", ".."].contains(parts[1])
        else {
            let shown = String(entry.path.prefix(80).map { $0.isNewline ? " " : $0 })
            throw refused(path, "its entry `\(shown)` is no file in \(archive.folder)")
        }
        return String(parts[1])
    }

    private func write(
        _ name: String, from tar: inout TarReader, of path: String
    ) throws(DownloadError) {
        let file = "\(temporary)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw errno == EEXIST ? refused(path, "it has \(name) twice") : .system(file)
        }
        defer { close(descriptor) }
        while true {
            let bytes = try reading { () throws(NetError) in try tar.read(upTo: 256 * 1024) }
            if bytes.isEmpty { break }
            guard bytes.withUnsafeBytes({ writeAll($0, to: descriptor) }) else {
                throw .system(file)
            }
            report(.unpacking)
        }
        guard fsync(descriptor) == 0 else { throw .system(file) }
    }

    /// Makes what a folder lists outlive a power loss.
    private func synchronize(_ folder: String) throws(DownloadError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .system(folder) }
    }
}
