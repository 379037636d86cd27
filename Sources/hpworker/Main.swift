import ArgumentParser
import Foundation
import HPCluster
import HPKeys
import HPRunner
import HPTerminal
import HPTransport
import Logging
import UnixSignals

/// The worker's program.
@main
enum Main {
    static func main() async {
        StandardStream.prepare()
        do {
            var command = try HPWorker.parseAsRoot()
            if let worker = command as? HPWorker {
                try await worker.run()
            } else {
                try command.run()
            }
        } catch {
            exit(WorkerErrors.report(error))
        }
    }
}

struct HPWorker: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hpworker",
        abstract: "Runs trials for a coordinator.",
        version: Release.version)

    @Option(
        help: ArgumentHelp(
            """
            The coordinator's address (or HPCOORD_CONNECT; default: tcp://127.0.0.1:5231).
            """, valueName: "endpoint"))
    var connect: String?

    @Option(help: ArgumentHelp("Bundles to run side by side.", valueName: "N"))
    var slots = 1

    @Option(
        help: ArgumentHelp("The folder that data paths of specs lie below.", valueName: "dir"))
    var dataRoot = "."

    @Option(
        help: ArgumentHelp(
            """
            The folder of identities, unacknowledged results and checkpoints (default: \
            $XDG_STATE_HOME/hpcoord/worker).
            """, valueName: "dir"))
    var spool: String?

    @Option(
        help: ArgumentHelp(
            "The key file for a coordinator that encrypts (or HPCOORD_KEY).", valueName: "file"))
    var key: String?

    @Option(
        help: ArgumentHelp(
            "Seconds of work that are worth a checkpoint on the worker's disk.",
            valueName: "seconds", visibility: .hidden))
    var checkpointSeconds: Double?

    @Option(
        help: ArgumentHelp(
            "Seconds of work that are worth the upload of a checkpoint.",
            valueName: "seconds", visibility: .hidden))
    var uploadSeconds: Double?

    func validate() throws {
        guard (1...1024).contains(slots) else {
            throw ValidationError("--slots takes a count from 1 to 1024, not \(slots).")
        }
    }

    func run() async throws {
        var logger = Logger(label: "hpworker") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .info
        let environment = ProcessInfo.processInfo.environment
        let endpoint =
            connect ?? environment["HPCOORD_CONNECT"] ?? "tcp://127.0.0.1:5231"
        let keyPath = key ?? environment["HPCOORD_KEY"] ?? ""
        var configuration = WorkerConfiguration(
            connect: endpoint, slots: slots, dataRoot: dataRoot,
            spoolRoot: spool ?? WorkerSlot.defaultRoot(environment: environment),
            key: keyPath.isEmpty ? nil : try ClientKey(reading: keyPath))
        if let checkpointSeconds { configuration.checkpointWorthSeconds = checkpointSeconds }
        if let uploadSeconds { configuration.limits.checkpoints.worthSeconds = uploadSeconds }
        let worker = try Worker(configuration, logger: logger)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let stopper = Task {
            for await _ in signals { worker.stop() }
        }
        defer { stopper.cancel() }
        logger.info("\(worker.name) works for \(endpoint), slots: \(slots), data: \(dataRoot)")
        let exit = try await WorkerThread.run(worker)
        Transport.finish()
        if case .refused(let code, let detail) = exit {
            throw Refusal(code: code, description: detail)
        }
    }
}

/// The coordinator refused this worker for good.
struct Refusal: Error, CustomStringConvertible {
    var code: String
    var description: String

    /// A key that may not do this is another matter than one that isn't known.
    var exitStatus: Int32 { code == "role" ? 77 : 69 }
}
