import ArgumentParser
import Foundation
import HPCluster
import HPKeys
import HPSearch

/// Where the coordinator is.
struct ConnectionOptions: ParsableArguments {
    static let defaultEndpoint = "tcp://127.0.0.1:5231"

    @Option(
        help: ArgumentHelp(
            "The coordinator's address (or HPCOORD_CONNECT; default: \(defaultEndpoint)).",
            valueName: "endpoint"))
    var connect: String?

    @Option(
        help: ArgumentHelp(
            "The key file for a coordinator that encrypts (or HPCOORD_KEY).", valueName: "file"))
    var key: String?

    var endpoint: String {
        connect ?? ProcessInfo.processInfo.environment["HPCOORD_CONNECT"]
            ?? Self.defaultEndpoint
    }

    /// - Throws: `KeyError` when there is a key file and it can't be used.
    func clientKey() throws -> ClientKey? {
        let path = key ?? ProcessInfo.processInfo.environment["HPCOORD_KEY"] ?? ""
        return path.isEmpty ? nil : try ClientKey(reading: path)
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

    @Option(
        help: ArgumentHelp(
            "Write each figure to a file of its own in a folder, too.", valueName: "dir"))
    var figures: String?

    func validate() throws {
        if let top, top < 1 {
            throw ValidationError("--top takes a count of at least 1, not \(top).")
        }
    }

    /// The reports that are asked for, and where each goes.
    func requests(of study: String) -> [DocumentRequest] {
        let query = ClientRequest.Query(
            kind: .report, study: study, format: format.rawValue, top: top ?? 0)
        return DocumentRequest.all(query, output: output, html: html, figures: figures)
    }
}

/// A search spec on disk.
enum SpecFile {
    /// Above what the reader takes, so that it says what is wrong with a long spec.
    private static let byteCountMaximum = 256 * 1024 + 1

    /// Reads a spec; warnings go to standard error.
    static func read(_ path: String) throws -> StudySpec {
        let (spec, warnings) = try StudySpec.examine(text: try text(path), file: path)
        for warning in warnings { Output.complain(warning.description) }
        return spec
    }

    /// Where a key stands in a spec that was read; nil when it can't be read again.
    static func place(of keys: [String], in path: String) -> SpecPlace? {
        (try? text(path)).flatMap { StudySpec.place(of: keys, in: $0) }
    }

    private static func text(_ path: String) throws -> String {
        guard !isFolder(path), let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: byteCountMaximum) ?? Data()
        else {
            throw CommandFailure(
                exitStatus: ExitStatus.missingInput,
                message: "\(path): no such spec, or it can't be read; give the path of a file")
        }
        guard data.count < byteCountMaximum else {
            throw CommandFailure(
                exitStatus: ExitStatus.usage,
                message: "\(path):1:1: the spec has more than 256 KiB; a spec is a page of text: "
                    + "is this the right file?")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            let place = placeOfInvalidByte(data)
            throw CommandFailure(
                exitStatus: ExitStatus.usage,
                message: "\(path):\(place.line):\(place.column): the text is not UTF-8; save the "
                    + "file as UTF-8")
        }
        return text
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// Where the text and its repaired form part.
    private static func placeOfInvalidByte(_ data: Data) -> SpecPlace {
        let repaired = String(decoding: data, as: UTF8.self)
        let valid = zip(data, repaired.utf8).prefix { $0 == $1 }.map(\.0)
        let before = String(decoding: valid, as: UTF8.self)
        let line = before.utf8.count { $0 == UInt8(ascii: "\n") } + 1
        let column = before.unicodeScalars.reversed().prefix { $0 != "\n" }.count + 1
        return SpecPlace(line: line, column: column)
    }
}
