import ArgumentParser
import Foundation
import HPServer
import HPTransport
import Logging
import UnixSignals

/// Runs a coordinator until it is told to stop.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a coordinator that workers and commands connect to.")

    @Option(
        help: ArgumentHelp(
            "The address to listen on; off loopback everything is encrypted.",
            valueName: "endpoint"))
    var bind = ConnectionOptions.defaultEndpoint

    @Option(help: ArgumentHelp("The folder of the journal.", valueName: "dir"))
    var dataDir = "./hpcoord-data"

    @Option(
        help: ArgumentHelp(
            "Refuse studies whose data does not lie below this folder.", valueName: "dir"))
    var dataRoot: String?

    @Flag(help: "Encrypt on loopback, too: every peer needs a key.")
    var encrypt = false

    func run() async throws {
        // Who reads the log may go; the coordinator stays.
        signal(SIGPIPE, SIG_IGN)
        let logger = ProgramLog.make(level: .info)
        let server = try CoordinatorServer(
            ServerConfiguration(
                bind: bind, dataDirectory: dataDir, dataRoot: dataRoot, encrypts: encrypt),
            logger: logger)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let stopper = Task {
            for await _ in signals { server.stop() }
        }
        defer { stopper.cancel() }
        try await ServerThread.run(server) { endpoint in
            logger.info("listening on \(endpoint), journal in \(dataDir)")
        }
        Transport.finish()
    }
}
