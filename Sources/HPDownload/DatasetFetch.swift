import Foundation
import HPNet

/// How far a fetch is.
package enum FetchProgress: Sendable, Hashable {
    /// Of the archive; `startByteCount` of them had come before.
    case downloading(byteCount: Int, startByteCount: Int)
    case verifying(byteCount: Int)
    case unpacking
}

/// Fetches a data set's archive, verifies its SHA-256 and unpacks it. Killed at any point, it
/// leaves nothing half-done under the final name, and the next goes on where it ended.
package struct DatasetFetch {
    private let archive: DatasetArchive
    private let directory: String
    private let report: (FetchProgress) -> Void

    /// - Parameters:
    ///   - directory: where the data set's folder goes; made if it isn't there.
    ///   - report: called for every few kilobytes.
    package init(
        _ archive: DatasetArchive, to directory: String,
        report: @escaping (FetchProgress) -> Void = { _ in }
    ) {
        self.archive = archive
        self.directory = directory
        self.report = report
    }

    /// The data set's folder.
    package var folder: String { "\(directory)/\(archive.folder)" }

    /// Returns when the data set is there; whether it was there before.
    ///
    /// - Throws: `DownloadError`.
    package func run() throws(DownloadError) -> Bool {
        if try isThere() { return true }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw .unusable(path: directory, explanation: error.localizedDescription)
        }
        let part = try PartFile("\(directory)/\(archive.name).part")
        // Another process may have been at it until a moment ago.
        if try isThere() {
            part.remove()
            return true
        }
        try ArchiveDownload(archive: archive, part: part, report: report).run()
        try Unpacker(archive: archive, directory: directory, report: report).unpack(part.path)
        part.remove()
        return false
    }

    private func isThere() throws(DownloadError) -> Bool {
        guard FileManager.default.fileExists(atPath: folder) else { return false }
        if let problem = Unpacker.problem(with: archive.files, in: folder) {
            throw .incomplete(path: folder, problem: problem)
        }
        return true
    }
}
