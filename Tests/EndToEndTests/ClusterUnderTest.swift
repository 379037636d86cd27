import Foundation

/// A coordinator and workers as real processes, on a port of their own.
final class ClusterUnderTest {
    let folder: TemporaryFolder
    private(set) var endpoint = ""
    private var coordinator: Process?
    private var workers: [Process] = []
    private var starts = 0

    init() throws {
        folder = try TemporaryFolder()
        try startCoordinator(bind: "tcp://127.0.0.1:*")
    }

    deinit {
        for process in workers + [coordinator].compactMap(\.self) where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private func startCoordinator(bind: String) throws {
        starts += 1
        let log = folder.url.appendingPathComponent("coordinator-\(starts).log")
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

    func startWorker(slots: Int = 1, environment: [String: String] = [:]) throws {
        let number = workers.count + 1
        workers.append(
            try Program.launch(
                "hpworker",
                [
                    "--connect", endpoint, "--spool", folder.path("spool"),
                    "--slots", "\(slots)",
                ],
                environment: environment,
                output: folder.url.appendingPathComponent("worker-\(number).out"),
                errors: folder.url.appendingPathComponent("worker-\(number).log")))
    }

    /// Starts workers and waits until the coordinator knows them.
    func startWorkers(_ count: Int) throws {
        for _ in 0..<count { try startWorker() }
        try eventually("the workers are connected") {
            let text = try command(["workers", "--format", "json"]).output
            return try decode(WorkersDocument.self, text).workers.count == count
        }
    }

    func killWorker(_ index: Int) {
        kill(workers[index].processIdentifier, SIGKILL)
        workers[index].waitUntilExit()
    }

    func killCoordinatorAndRestart() throws {
        guard let coordinator else { return }
        kill(coordinator.processIdentifier, SIGKILL)
        coordinator.waitUntilExit()
        try startCoordinator(bind: endpoint)
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
