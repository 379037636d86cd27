import ArgumentParser
import DataTesting
import Foundation

extension DataReaderKind: ExpressibleByArgument {}

/// `hpbench fuzz-data`: hostile files of data, read until the time is over.
struct FuzzDataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz-data",
        abstract: "Read mutated files of data for a while: counts, the slowest, the memory taken.")

    @Option(help: "Which reader.")
    var reader: DataReaderKind

    @Option(help: "How long.")
    var seconds = 10.0

    @Option(help: "Of the mutations: the same seed gives the same files.")
    var seed: UInt64 = 1

    func run() throws {
        let folder = Self.temporaryFolder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        FileHandle.standardError.write(Data("files in \(folder)\n".utf8))
        var fuzzer = DataFuzzer(reader, seed: seed, folder: folder)
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        while clock.now < end { try fuzzer.step() }
        try FileManager.default.removeItem(atPath: folder)
        try show(fuzzer.counts)
    }

    /// In memory where that can be: files are written by the thousand.
    private static var temporaryFolder: String {
        let shared = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: shared)
            ? shared : FileManager.default.temporaryDirectory.path
        return "\(parent)/hpbench-\(UUID().uuidString)"
    }

    private func show(_ counts: DataFuzzer.Counts) throws {
        print(
            "\(reader.rawValue), seed \(seed): \(counts.inputs) inputs, "
                + "\(Int(Double(counts.inputs) / seconds)) per second, "
                + "\(counts.accepted) accepted, \(counts.refused) refused, slowest "
                + String(
                    format: "%.1f ms, at most %.1f MiB beside twice the data, ",
                    counts.slowestMilliseconds, counts.largestExcessMiB)
                + "\(counts.violations.count) violations")
        for violation in counts.violations { print(violation) }
        if !counts.violations.isEmpty { throw ExitCode.failure }
    }
}
