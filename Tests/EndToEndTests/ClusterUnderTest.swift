import Foundation
import Testing

/// A coordinator and workers as real processes, on a port of their own.
final class ClusterUnderTest {
    let folder: TemporaryFolder
    private(set) var endpoint = ""
    private var coordinator: Process?
    private var workerProcesses: [Process] = []
    private var workerStarts = 0
    private var starts = 0

    init() throws {
        folder = try TemporaryFolder()
        try startCoordinator(bind: "tcp://127.0.0.1:*")
    }

    deinit {
        for process in workerProcesses + [coordinator].compactMap(\.self) where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private func startCoordinator(bind: String) throws {
        starts += 1
        let log = coordinatorLogFile
        coordinator = try Program.launch(
            "hpcoord", ["serve", "--bind", bind, "--data-dir", folder.path("data")],
            output: folder.url.appendingPathComponent("out"), errors: log)
        try eventually("the coordinator listens") {
            let text = try String(contentsOf: log, encoding: .utf8)
            guard let range = text.range(of: "listening on tcp://127.0.0.1:") else { return false }
            let port = text[range.upperBound...].prefix { $0.isNumber }
            endpoint = "tcp://127.0.0.1:\(port)"
            return !port.isEmpty && text[range.upperBound...].contains("\n")
        }
    }

    /// - Parameters:
    ///   - spool: a folder of the test's; another one is another machine.
    ///   - options: of `hpworker`, beside what is always given.
    func startWorker(
        slots: Int = 1, spool: String = "spool", options: [String] = [],
        environment: [String: String] = [:]
    ) throws {
        workerProcesses.append(
            try launchWorker(
                slots: slots, spool: spool, options: options, environment: environment))
    }

    private func launchWorker(
        slots: Int = 1, spool: String = "spool", options: [String] = [],
        environment: [String: String] = [:]
    ) throws -> Process {
        workerStarts += 1
        return try Program.launch(
            "hpworker",
            [
                "--connect", endpoint, "--spool", folder.path(spool), "--slots", "\(slots)",
            ] + options,
            environment: environment,
            output: folder.url.appendingPathComponent("worker-\(workerStarts).out"),
            errors: folder.url.appendingPathComponent("worker-\(workerStarts).log"))
    }

    /// Starts workers and waits until the coordinator knows them.
    func startWorkers(_ count: Int) throws {
        // One after the other, so that their identities are in the order of their start.
        for number in 1...count {
            try startWorker()
            try eventually("the workers are connected") { try workers().count == number }
        }
    }

    func killWorker(_ index: Int) {
        kill(workerProcesses[index].processIdentifier, SIGKILL)
        workerProcesses[index].waitUntilExit()
    }

    func signalWorker(_ index: Int, _ signal: Int32) {
        kill(workerProcesses[index].processIdentifier, signal)
    }

    /// Starts a worker in the place of one that was killed: the first free identity is its own.
    func restartWorker(_ index: Int) throws {
        workerProcesses[index] = try launchWorker()
    }

    /// The place of the worker with this name, which ends with the number of its identity: workers
    /// that are started one after the other take them in order.
    func workerIndex(named name: String) -> Int? {
        name.split(separator: "-").last.flatMap { Int($0) }.flatMap { number in
            workerProcesses.indices.contains(number) ? number : nil
        }
    }

    func workers() throws -> [WorkersDocument.Worker] {
        try decode(WorkersDocument.self, command(["workers", "--format", "json"]).output).workers
    }

    func audit(of study: String) throws -> AuditDocument {
        try decode(AuditDocument.self, command(["audit", study, "--format", "json"]).output)
    }

    func killCoordinatorAndRestart() throws {
        endCoordinator(SIGKILL)
        try restartCoordinator()
    }

    func restartCoordinator() throws {
        try startCoordinator(bind: endpoint)
    }

    /// Sends a signal that ends the coordinator, and waits for that.
    func endCoordinator(_ signal: Int32) {
        guard let coordinator else { return }
        kill(coordinator.processIdentifier, signal)
        coordinator.waitUntilExit()
    }

    private var coordinatorLogFile: URL {
        folder.url.appendingPathComponent("coordinator-\(starts).log")
    }

    /// What the coordinator said since its last start.
    var coordinatorLog: String {
        get throws { try String(contentsOf: coordinatorLogFile, encoding: .utf8) }
    }

    /// What a worker said since its last start; workers are counted by their starts.
    func workerLog(_ index: Int) throws -> String {
        try String(
            contentsOf: folder.url.appendingPathComponent("worker-\(index + 1).log"),
            encoding: .utf8)
    }

    /// Bytes in the log of the coordinator's database.
    var databaseLogBytes: Int {
        get throws {
            try Data(contentsOf: folder.url.appendingPathComponent("data/hpcoord.sqlite-wal")).count
        }
    }

    /// Lets no file of the coordinator grow beyond this; nil lifts that.
    func limitCoordinatorFiles(toBytes count: Int?) throws {
        guard let coordinator else { return }
        let size = count.map(String.init) ?? "unlimited"
        let process = try Process.run(
            URL(fileURLWithPath: "/usr/bin/env"),
            arguments: [
                "prlimit", "--pid", "\(coordinator.processIdentifier)", "--fsize=\(size):",
            ])
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// A client command, without waiting for its end.
    func command(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run("hpcoord", arguments + ["--connect", endpoint])
    }

    func fingerprint(of study: String) throws -> String {
        try command(["fingerprint", study]).output.trimmingCharacters(in: .newlines)
    }

    func status(of study: String) throws -> StatusDocument {
        try decode(StatusDocument.self, command(["status", study, "--format", "json"]).output)
    }

    func report(of study: String) throws -> ReportDocument {
        try decode(ReportDocument.self, command(["report", study, "--format", "json"]).output)
    }

    func waitUntilComplete(_ study: String) throws {
        try eventually(within: 180, "study \(study) is COMPLETE") {
            try status(of: study).study.state == "COMPLETE"
        }
    }
}

func decode<Document: Decodable>(_ type: Document.Type, _ text: String) throws -> Document {
    try JSONDecoder().decode(type, from: Data(text.utf8))
}
