import ArgumentParser
import Foundation
import HPCluster
import HPNet
import HPRunner
import HPSearch
import HPServer
import Synchronization
import UnixSignals

/// A coordinator and local workers in one process, for one study.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a spec here: a coordinator and local workers, then the report.")

    @Argument(help: "The spec: YAML or JSON.")
    var spec: String

    @Option(help: ArgumentHelp("Local workers (default: one per core).", valueName: "N"))
    var workers: Int?

    @Option(help: ArgumentHelp("The folder of the journal.", valueName: "dir"))
    var dataDir = "./hpcoord-data"

    @Option(
        help: ArgumentHelp("The folder that the spec's data path lies below.", valueName: "dir"))
    var dataRoot = "."

    @Flag(help: "Apply the ranges that an earlier run ended at (`narrow: confirm`), and go on.")
    var accept = false

    @OptionGroup var options: ReportOptions

    func validate() throws {
        if let workers, !(1...256).contains(workers) {
            throw ValidationError("--workers takes a count from 1 to 256, not \(workers).")
        }
    }

    func run() async throws {
        let resolved = try SpecFile.read(spec)
        let requests = options.requests(of: resolved.name)
        for request in requests { try request.checkDestination() }
        // Data that no worker can read would be waited for without end.
        let loader = try DataCheck.loader(of: resolved, file: spec, below: dataRoot)
        let data = try loader.summary(of: resolved)
        // Embedded and generated data leave nothing to understand.
        if resolved.data.path != nil { Output.complain("hpcoord: \(data.text)") }
        PreflightMemory.warn(of: resolved, file: spec)
        let cluster = try LocalCluster(
            dataDirectory: dataDir, dataRoot: dataRoot, loader: loader,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
        let interruption = Interruption()
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let interrupter = Task {
            for await _ in signals {
                interruption.happen()
                cluster.stop()
            }
        }
        defer { interrupter.cancel() }
        let search = Search(
            spec: resolved, data: data, queries: requests.map(\.query), accepts: accept,
            interruption: interruption)
        let outcome = try await cluster.use { endpoint in
            try await search.run(at: endpoint)
        }
        guard let outcome else {
            Output.complain(
                "hpcoord: interrupted; the same command goes on where this one ended")
            throw SilentExit(exitStatus: ExitStatus.interrupted)
        }
        for (report, request) in zip(outcome.reports, requests) {
            try request.deliver(report)
        }
        if let proposal = outcome.proposal {
            Output.writeError(proposal)
            Output.complain("hpcoord: the same command with --accept applies them and goes on")
        }
        try StudyLine.exitUnlessSuccessful(outcome.progress)
    }
}

/// Whether the person at the keyboard wants an end.
private final class Interruption: Sendable {
    private let flag = Mutex(false)

    var hasHappened: Bool { flag.withLock { $0 } }

    func happen() {
        flag.withLock { $0 = true }
    }
}

/// Submits, follows, and asks for the reports.
private struct Search: Sendable {
    struct Outcome: Sendable {
        var progress: StudyProgress
        /// One for each query.
        var reports: [String]
        /// The next ranges, when they wait for consent.
        var proposal: String?
    }

    let spec: StudySpec
    let data: DataSummary
    let queries: [ClientRequest.Query]
    /// Whether ranges that wait for consent are applied.
    let accepts: Bool
    let interruption: Interruption

    /// Runs to the end of the study; nil when interrupted.
    @concurrent
    func run(at endpoint: String) async throws -> Outcome? {
        do {
            var client = try CoordinatorClient(local: endpoint)
            let submitted = try client.ask(.submit(content: spec.content)).progress
            try StudyOrigin(of: spec.name, through: &client).require(
                data, revision: Engine.revision, isOver: submitted?.state.isTerminal == true)
            if accepts, submitted?.awaitsConfirmation == true {
                _ = try client.ask(.acceptNarrowing(study: spec.name))
            }
            let progress = try StudyWatcher.follow(
                spec.name, through: &client, endsAtConfirmation: true,
                isInterrupted: { interruption.hasHappened })
            guard let progress else { return nil }
            var reports: [String] = []
            for query in queries {
                reports.append(try client.ask(.query(query), patienceSeconds: 30).document)
            }
            return Outcome(
                progress: progress, reports: reports,
                proposal: progress.awaitsConfirmation ? try proposal(through: &client) : nil)
        } catch  where interruption.hasHappened {
            return nil
        }
    }

    private func proposal(through client: inout CoordinatorClient) throws -> String {
        try client.ask(.query(.init(kind: .narrow, study: spec.name))).document
    }
}
