import Foundation
import HPDownload
import HPNet

/// Lets readers of data read hostile files and counts what comes of it.
package struct DataFuzzer {
    package struct Counts: Sendable {
        package var inputs = 0
        package var accepted = 0
        package var refused = 0
        package var slowestMilliseconds = 0.0
        /// The most that a reader took beside twice its data.
        package var largestExcessMiB = 0.0
        /// What must never be.
        package var violations: [String] = []
    }

    /// A reader that takes longer has hung: the process ends.
    private static let hangSeconds: UInt32 = 30
    private static let slowMilliseconds = 5000.0
    private static let excessMaximumMiB = 6.0

    package private(set) var counts = Counts()
    private let kind: DataReaderKind
    private let folder: String
    private var files: HostileFiles

    /// - Parameter folder: where the files are; after a crash, those that did it.
    package init(_ kind: DataReaderKind, seed: UInt64, folder: String) {
        self.kind = kind
        self.folder = folder
        files = HostileFiles(kind, seed: seed)
    }

    /// Reads once.
    package mutating func step() throws {
        let input = files.next()
        try place(input)
        let options = tableOptions()
        let dataByteCount = input.map { Self.dataByteCount($0.content) }.reduce(0, +)
        counts.inputs += 1
        alarm(Self.hangSeconds)
        let before = Memory.restartPeak()
        let elapsed = ContinuousClock().measure {
            let complaint = read(options, input)
            if let complaint { examine(complaint) } else { counts.accepted += 1 }
        }
        let taken = Double(Memory.peak() - before - 2 * dataByteCount) / 1_048_576
        alarm(0)
        counts.largestExcessMiB = max(counts.largestExcessMiB, taken)
        counts.slowestMilliseconds = max(counts.slowestMilliseconds, elapsed / .milliseconds(1))
        if taken > Self.excessMaximumMiB {
            violate("\(taken) MiB beside twice \(dataByteCount) bytes")
        }
        if elapsed > .milliseconds(Self.slowMilliseconds) { violate("took \(elapsed)") }
    }

    private mutating func tableOptions() -> TableOptions {
        let position = files.number(below: 6) - 2
        var options = TableOptions(
            label: files.number(below: 3) == 0 ? .name("the label") : .position(position),
            header: [nil, true, false][files.number(below: 3)],
            missing: MissingValues.allCases[files.number(below: 3)])
        if files.number(below: 4) == 0 { options.dropped = [.position(0)] }
        if files.number(below: 3) == 0 { options.categorical = [.position(1)] }
        return options
    }

    /// The complaint of the reader; nil when it took the files.
    private func read(_ options: TableOptions, _ input: [HostileFiles.File]) -> String? {
        do {
            switch kind {
            case .cifar10: _ = try Dataset.cifar10(directory: folder)
            case .csv:
                _ = try Dataset.csv(file: "\(folder)/table.csv", options)
            case .idx, .idxGzip: _ = try Dataset.idx(directory: folder)
            case .archive: try unpack(input.first?.content ?? [])
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// As a fetch does with an archive whose bytes have all come.
    private func unpack(_ content: [UInt8]) throws {
        let archive = DatasetArchive(
            name: "archive", url: "http://127.0.0.1:1/", byteCount: content.count,
            sha256: sha256(content), folder: SmallCIFAR10.folder,
            files: [.init(name: "data_batch_1.bin", byteCount: nil)])
        _ = try DatasetFetch(archive, to: folder).run()
    }

    private mutating func examine(_ complaint: String) {
        counts.refused += 1
        if complaint.contains(where: \.isNewline) || !complaint.contains("; ") {
            violate("says `\(complaint.debugDescription)`")
        }
        if kind == .archive, FileManager.default.fileExists(atPath: target) {
            violate("refuses the archive and leaves its folder")
        }
    }

    private var target: String { "\(folder)/\(SmallCIFAR10.folder)" }

    private mutating func violate(_ problem: String) {
        guard counts.violations.count < 10 else { return }
        counts.violations.append("input \(counts.inputs) \(problem)")
    }

    private mutating func place(_ input: [HostileFiles.File]) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        for file in input {
            let path = "\(folder)/\(file.name)\(kind == .archive ? ".part" : "")"
            if kind != .archive, files.replacesFile() {
                if files.number(below: 2) == 0 { mkdir(path, 0o755) } else { mkfifo(path, 0o644) }
            } else {
                try Data(file.content).write(to: URL(filePath: path))
            }
        }
    }

    /// Of what a file holds: inflated, if it can be.
    private static func dataByteCount(_ content: [UInt8]) -> Int {
        max(content.count, inflatedByteCount(content))
    }
}
