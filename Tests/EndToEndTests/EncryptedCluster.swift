import Foundation

/// A coordinator that encrypts, with the keys that a test makes for it.
final class EncryptedCluster {
    let folder: TemporaryFolder
    private(set) var endpoint = ""
    private var coordinator: Process?
    private var workers: [Process] = []

    var administratorKey: String { folder.path("data/keys/admin.key") }

    init() throws {
        folder = try TemporaryFolder()
        let log = folder.url.appendingPathComponent("coordinator.log")
        coordinator = try Program.launch(
            "hpcoord",
            ["serve", "--encrypt", "--bind", "tcp://127.0.0.1:*", "--data-dir", data],
            output: folder.url.appendingPathComponent("coordinator.out"), errors: log)
        try eventually("the coordinator listens") {
            let text = try String(contentsOf: log, encoding: .utf8)
            guard let range = text.range(of: "listening on "),
                let end = text[range.upperBound...].firstIndex(of: ",")
            else { return false }
            endpoint = String(text[range.upperBound..<end])
            return true
        }
    }

    deinit {
        for process in workers + [coordinator].compactMap(\.self) where process.isRunning {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private var data: String { folder.path("data") }

    /// Authorizes a new key, and returns the path of its file.
    func authorize(_ name: String, role: String) throws -> String {
        let path = folder.path("\(name).key")
        let outcome = try keys(["authorize", name, "--role", role, "-o", path])
        guard outcome.status == 0 else { throw Overdue(what: outcome.errors) }
        return path
    }

    /// A key file that names the coordinator and is not authorized.
    func strangersKey() throws -> String {
        let path = try authorize("stranger", role: "admin")
        _ = try keys(["revoke", "stranger"])
        return path
    }

    func keys(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run("hpcoord", ["keys"] + arguments + ["--data-dir", data])
    }

    /// A client command with the key of the coordinator's own machine, or another.
    func command(_ arguments: [String], key: String? = nil) throws -> Program.Outcome {
        try Program.run(
            "hpcoord", arguments + ["--connect", endpoint, "--key", key ?? administratorKey])
    }

    @discardableResult
    func startWorker(key: String) throws -> Process {
        let number = workers.count + 1
        let process = try Program.launch(
            "hpworker",
            ["--connect", endpoint, "--spool", folder.path("spool"), "--key", key],
            output: folder.url.appendingPathComponent("worker-\(number).out"),
            errors: worker(number))
        workers.append(process)
        return process
    }

    /// The log of a worker, by its number from 1.
    func workerLog(_ number: Int) throws -> String {
        try String(contentsOf: worker(number), encoding: .utf8)
    }

    private func worker(_ number: Int) -> URL {
        folder.url.appendingPathComponent("worker-\(number).log")
    }
}
