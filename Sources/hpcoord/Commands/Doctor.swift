import ArgumentParser
import Foundation
import HPCluster

/// Says what is wrong with a coordinator, and why nothing runs.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is wrong: why nothing runs, versions, security, the journal's disk.",
        discussion: "It ends with 0 when nothing is wrong, and with 1 otherwise.")

    @Option(help: "How the findings are printed.")
    var format: DocumentFormat = .table

    @OptionGroup var connection: ConnectionOptions

    private struct Received: Decodable {
        var healthy: Bool
    }

    func run() throws {
        var client = try CoordinatorClient(connection)
        let document = try ask(.json, through: &client)
        let received = try JSONDecoder().decode(Received.self, from: Data(document.utf8))
        try Output.write(format == .json ? document : try ask(.table, through: &client))
        if !received.healthy { throw SilentExit(exitStatus: ExitStatus.failed) }
    }

    private func ask(
        _ format: DocumentFormat, through client: inout CoordinatorClient
    ) throws -> String {
        try client.ask(.query(.init(kind: .doctor, format: format.rawValue))).document
    }
}
