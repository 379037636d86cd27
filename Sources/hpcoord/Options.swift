import ArgumentParser
import Foundation
import HPCluster
import HPSearch

/// Where the coordinator is.
struct ConnectionOptions: ParsableArguments {
    static let defaultEndpoint = "tcp://127.0.0.1:5231"

    @Option(
        help: ArgumentHelp(
            "The coordinator's address (or HPCOORD_CONNECT; default: \(defaultEndpoint)).",
            valueName: "endpoint"))
    var connect: String?

    var endpoint: String {
        connect ?? ProcessInfo.processInfo.environment["HPCOORD_CONNECT"]
            ?? Self.defaultEndpoint
    }
}

enum DocumentFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
}

enum ReportFormatOption: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case csv
    case cs231n
    case html
}

/// How a report is printed.
struct ReportOptions: ParsableArguments {
    @Option(help: "How the report is printed.")
    var format: ReportFormatOption = .table

    @Option(help: ArgumentHelp("Show the best N trials only.", valueName: "N"))
    var top: Int?

    @Option(name: .shortAndLong, help: ArgumentHelp("Write to a file.", valueName: "file"))
    var output: String?

    @Option(
        help: ArgumentHelp("Write a page with figures to a file, too.", valueName: "file"))
    var html: String?

    func validate() throws {
        if let top, top < 1 {
            throw ValidationError("--top takes a count of at least 1, not \(top).")
        }
    }

    /// The reports that are asked for, and where each goes: nil for standard output.
    func requests(of study: String) -> [(query: ClientRequest.Query, path: String?)] {
        let page = html.map { (query(of: study, .html), Optional($0)) }
        return [page, (query(of: study, format), output)].compactMap(\.self)
    }

    private func query(
        of study: String, _ format: ReportFormatOption
    ) -> ClientRequest.Query {
        ClientRequest.Query(
            kind: .report, study: study, format: format.rawValue, top: top ?? 0)
    }
}

/// A search spec on disk.
enum SpecFile {
    static let byteCountMaximum = 256 * 1024

    static func read(_ path: String) throws -> StudySpec {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(
                exitStatus: ExitStatus.missingInput,
                message: "\(path): no such spec, or it can't be read; give the path of a file")
        }
        guard data.count <= byteCountMaximum, let text = String(data: data, encoding: .utf8) else {
            throw CommandFailure(
                exitStatus: ExitStatus.usage,
                message: "\(path):1:1: not a spec: it must be UTF-8 text of at most 256 KiB")
        }
        return try StudySpec.read(text: text, file: path)
    }
}
