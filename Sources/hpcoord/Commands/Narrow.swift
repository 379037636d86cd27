import ArgumentParser
import Foundation
import HPCluster
import HPReport
import HPSearch

/// Shows the next ranges, and applies them where a stage waits for that.
struct Narrow: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the ranges that the rule makes of a study's trials, or of a table's.",
        discussion: """
            `narrow STUDY` shows the moves with their reasons; --accept applies them to a stage \
            with `narrow: confirm`. `narrow SPEC --trials FILE.csv` needs no coordinator: the \
            table has a header, a column for each searched parameter and one for the metric, and \
            may have `trial`, `stage`, `state` and `standard_error`.
            """)

    @Argument(help: "The study's name; with --trials, a spec.")
    var study: String

    @Option(help: ArgumentHelp("Trials to judge, as a table.", valueName: "file.csv"))
    var trials: String?

    @Flag(help: "Apply the moves that the study waits for.")
    var accept = false

    @Option(help: "How the moves are printed.")
    var format: DocumentFormat = .table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if accept, trials != nil {
            throw ValidationError("--accept is for a study, not for --trials.")
        }
    }

    func run() throws {
        if let trials { return try judge(trials) }
        if accept {
            return try Operation.perform(.acceptNarrowing(study: study), at: connection)
        }
        try Document.show(
            .init(kind: .narrow, study: study, format: format.rawValue), from: connection)
    }

    private func judge(_ path: String) throws {
        let spec = try SpecFile.read(study)
        let table = try TrialTable(try TableFile.read(path), file: path, spec: spec)
        for note in table.notes { Output.complain("hpcoord: \(path): \(note)") }
        let judged = table.study.stages.filter { stage in
            stage.trialCount > 0 && spec.stages[stage.index].source == .sampler
        }.map(\.index)
        try Output.write(
            NarrowDocument.render(
                table.study, stages: judged, format: format == .json ? .json : .table))
    }
}

/// A table of trials on disk.
private enum TableFile {
    static let byteCountMaximum = 64 * 1024 * 1024

    static func read(_ path: String) throws -> String {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let isFile = attributes?[.type] as? FileAttributeType != .typeDirectory
        let size = isFile ? attributes?[.size] as? Int : nil
        guard let size, size <= byteCountMaximum,
            let data = FileManager.default.contents(atPath: path)
        else {
            throw CommandFailure(
                exitStatus: ExitStatus.missingInput,
                message: size == nil
                    ? "\(path): no such table, or it can't be read; give the path of a CSV file"
                    : "\(path): a table of trials has at most 64 MiB")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure(
                exitStatus: ExitStatus.usage,
                message: "\(path):1:1: not a table: it must be UTF-8 text")
        }
        return text
    }
}
