import ArgumentParser
import Foundation
import HPCluster

/// Lists the coordinator's studies.
struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the coordinator's studies.")

    @Option(help: "How the list is printed.")
    var format: DocumentFormat = .table

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        try Document.show(.init(kind: .list, format: format.rawValue), from: connection)
    }
}

/// Shows how far a study is.
struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how far a study is; -w follows it to its end.")

    @Argument(help: "The study's name.")
    var study: String

    @Flag(name: .customShort("w"), help: "Follow the study to its end.")
    var watch = false

    @Option(help: "How the status is printed.")
    var format: DocumentFormat = .table

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        if watch {
            var client = try CoordinatorClient(connection)
            _ = try client.ask(.query(.init(kind: .status, study: study)))
            _ = try StudyWatcher.follow(study, through: &client)
        }
        try Document.show(
            .init(kind: .status, study: study, format: format.rawValue), from: connection)
    }
}

/// Prints a study's ranked report.
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a study's ranked report.")

    @Argument(help: "The study's name.")
    var study: String

    @OptionGroup var options: ReportOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let requests = options.requests(of: study)
        for request in requests { try request.checkDestination() }
        for request in requests { try request.fulfill(from: connection) }
    }
}

/// Shows one trial.
struct ShowTrial: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Show one trial: its learning curve, its layers, and what to change.",
        discussion: """
            --weights trains the trial again on this machine, compares every bit with what was \
            committed, and writes the network of its best epoch as safetensors.
            """)

    @Argument(help: "The study's name.")
    var study: String

    @Argument(help: "The trial's number, from 1.")
    var number: Int

    @Option(help: "How the trial is printed.")
    var format: DocumentFormat = .table

    @Option(
        help: ArgumentHelp("Write a page with figures to a file, too.", valueName: "file"))
    var html: String?

    @Option(
        help: ArgumentHelp(
            "Write each figure to a file of its own in a folder, too.", valueName: "dir"))
    var figures: String?

    @Option(
        help: ArgumentHelp(
            "Write the weights of its best epoch to this file, or into this folder.",
            valueName: "path"))
    var weights: String?

    @Option(
        help: ArgumentHelp("The folder that the study's data path lies below.", valueName: "dir"))
    var dataRoot = "."

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        if let weights {
            return try TrialWeights(study: study, number: number, dataRoot: dataRoot)
                .write(to: weights, from: connection)
        }
        let query = ClientRequest.Query(
            kind: .trial, study: study, trial: number, format: format.rawValue)
        let requests = DocumentRequest.all(query, output: nil, html: html, figures: figures)
        for request in requests { try request.checkDestination() }
        for request in requests { try request.fulfill(from: connection) }
    }
}

/// Prints a study's fingerprint.
struct Fingerprint: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the SHA-256 of a complete study's ranked result.")

    @Argument(help: "The study's name.")
    var study: String

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        try Document.show(.init(kind: .fingerprint, study: study), from: connection)
    }
}

/// Lists the workers that are connected, and those that are gone.
struct Workers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the workers that are connected, and those that are gone.")

    @Option(help: "How the list is printed.")
    var format: DocumentFormat = .table

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        try Document.show(.init(kind: .workers, format: format.rawValue), from: connection)
    }
}

/// Accounts for every trial and attempt of a study.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Account for every trial and attempt of a study.",
        discussion: "It ends with 1 when the accounts are not in order.")

    @Argument(help: "The study's name.")
    var study: String

    @Option(help: "How the audit is printed.")
    var format: DocumentFormat = .table

    @OptionGroup var connection: ConnectionOptions

    private struct Received: Decodable {
        var violations: [String]
    }

    func run() throws {
        var client = try CoordinatorClient(connection)
        let document = try ask(.json, through: &client)
        let received = try JSONDecoder().decode(Received.self, from: Data(document.utf8))
        try Output.write(format == .json ? document : try ask(.table, through: &client))
        if !received.violations.isEmpty { throw SilentExit(exitStatus: ExitStatus.failed) }
    }

    private func ask(
        _ format: DocumentFormat, through client: inout CoordinatorClient
    ) throws -> String {
        let query = ClientRequest.Query(kind: .audit, study: study, format: format.rawValue)
        return try client.ask(.query(query), patienceSeconds: 30).document
    }
}

/// Asks for a document and prints it.
enum Document {
    static func show(_ query: ClientRequest.Query, from connection: ConnectionOptions) throws {
        try DocumentRequest(query: query, destination: .standardOutput).fulfill(from: connection)
    }
}
