import Foundation
import Testing

@Suite("Encryption", .serialized)
struct EncryptionTests {
    @Test func `workers and commands with keys run a study, and no log has a secret`() throws {
        let cluster = try EncryptedCluster()
        let key = try cluster.authorize("trainer", role: "worker")
        for _ in 0..<2 { try cluster.startWorker(key: key) }
        let person = try cluster.authorize("person", role: "admin")
        let spec = try cluster.folder.write(MainJobTests.spec(), to: "digits.yaml")
        let outcome = try cluster.command(["submit", spec, "--wait"], key: person)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try cluster.command(["report", "digits", "--format", "json"])
        #expect(try decode(ReportDocument.self, report.output).study.state == "COMPLETE")
        let list = try cluster.keys(["list"])
        #expect(list.output.contains("trainer  worker"))
        let doctor = try cluster.command(["doctor"]).output
        #expect(doctor.contains("encrypted with CURVE"))
        #expect(doctor.contains("self-test of"))

        let secrets = try [key, person, "data/keys/admin.key", "data/keys/coordinator.key"]
            .map { $0.hasPrefix("/") ? $0 : cluster.folder.path($0) }.map(secret)
        #expect(Set(secrets).count == 4)
        let logs = try FileManager.default.contentsOfDirectory(atPath: cluster.folder.url.path)
            .filter { $0.hasSuffix(".log") || $0.hasSuffix(".out") }.map(cluster.folder.path)
        #expect(logs.count == 6)
        let texts =
            try logs.map { try String(contentsOfFile: $0, encoding: .utf8) }
            + [list.output, doctor]
        for text in texts {
            #expect(!secrets.contains(where: text.contains))
        }
        #expect(texts.contains { $0.contains("this coordinator's key is ") })
    }

    private func secret(in path: String) throws -> String {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("secret-key ") })
        return String(line.dropFirst("secret-key ".count))
    }

    @Test func `a key that is not authorized ends commands and workers with 69`() throws {
        let cluster = try EncryptedCluster()
        let key = try cluster.strangersKey()
        let outcome = try cluster.command(["ls"], key: key)
        #expect(outcome.status == 69)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("hpcoord keys authorize"))
        let worker = try cluster.startWorker(key: key)
        worker.waitUntilExit()
        #expect(worker.terminationStatus == 69)
        #expect(try cluster.workerLog(1).contains("hpcoord keys authorize"))
    }

    @Test func `peers in clear end with 69 and a hint at keys`() throws {
        let cluster = try EncryptedCluster()
        for (program, arguments) in [("hpcoord", ["ls"]), ("hpworker", [])] {
            let spool = program == "hpworker" ? ["--spool", cluster.folder.path("spool")] : []
            let outcome = try Program.run(
                program, arguments + ["--connect", cluster.endpoint] + spool)
            #expect(outcome.status == 69)
            #expect(outcome.errors.contains("--key"))
        }
    }

    @Test func `a key is of no use on a coordinator that speaks in clear`() throws {
        let plain = try ClusterUnderTest()
        let encrypted = try EncryptedCluster()
        let outcome = try plain.command(["ls", "--key", encrypted.administratorKey])
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("doesn't encrypt"))
    }

    @Test func `another coordinator than the key file names is not spoken to`() throws {
        let first = try EncryptedCluster()
        let second = try EncryptedCluster()
        let outcome = try first.command(["ls"], key: second.administratorKey)
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("its own key is probably not"))
        // A worker tries on: a coordinator that restarts cuts handshakes off, too.
        let worker = try first.startWorker(key: second.authorize("lost", role: "worker"))
        try eventually("the worker suspects it") {
            try first.workerLog(1).contains("its own key is probably not")
        }
        #expect(worker.isRunning)
    }

    @Test func `a worker's key on a command ends with 77`() throws {
        let cluster = try EncryptedCluster()
        let key = try cluster.authorize("trainer", role: "worker")
        for command in [["ls"], ["cancel", "digits"], ["workers"]] {
            let outcome = try cluster.command(command, key: key)
            #expect(outcome.status == 77)
            #expect(outcome.errorLines.count == 1)
        }
    }

    @Test func `an administrator's key on a worker ends with 77`() throws {
        let cluster = try EncryptedCluster()
        let worker = try cluster.startWorker(key: cluster.administratorKey)
        worker.waitUntilExit()
        #expect(worker.terminationStatus == 77)
        #expect(try cluster.workerLog(1).contains("--role worker"))
    }

    @Test func `a worker whose key is revoked is sent away`() throws {
        let cluster = try EncryptedCluster()
        let key = try cluster.authorize("trainer", role: "worker")
        let worker = try cluster.startWorker(key: key)
        try eventually("the worker is connected") {
            let text = try cluster.command(["workers", "--format", "json"]).output
            return try decode(WorkersDocument.self, text).workers.count == 1
        }
        #expect(try cluster.keys(["revoke", "trainer"]).status == 0)
        worker.waitUntilExit()
        #expect(worker.terminationStatus == 69)
        #expect(try cluster.workerLog(1).contains("revoked"))
        let workers = try cluster.command(["workers", "--format", "json"]).output
        #expect(try decode(WorkersDocument.self, workers).workers.map(\.state) == ["GONE"])
        #expect(try cluster.command(["ls"], key: key).status == 69)
    }

    @Test func `a list of keys that was damaged is a problem that doctor names`() throws {
        let cluster = try EncryptedCluster()
        let path = cluster.folder.path("data/keys/authorized")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("half a line\n".utf8))
        try handle.close()
        // The key that was let in before still is.
        let doctor = try cluster.command(["doctor"]).output
        #expect(doctor.contains("PROBLEM"))
        #expect(doctor.contains("\(path):2"))
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        #expect(try !cluster.command(["doctor"]).output.contains("PROBLEM"))
    }

    // MARK: - Making keys

    @Test func `what authorize prints makes the holder's key file, and keeps none here`() throws {
        let cluster = try EncryptedCluster()
        let outcome = try cluster.keys([
            "authorize", "gpu-1", "--role", "admin", "--address", cluster.endpoint,
        ])
        #expect(outcome.status == 0)
        let home = cluster.folder.path("a home")
        let script = try cluster.folder.write(outcome.output, to: "script.sh")
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [script]
        shell.environment = [
            "HOME": home, "PATH": "\(Program.url("").path):/usr/bin:/bin",
        ]
        let output = Pipe()
        shell.standardOutput = output
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let text = try #require(try output.fileHandleForReading.readToEnd())
        #expect(String(decoding: text, as: UTF8.self).contains("no studies"))
        let key = "\(home)/.config/hpcoord/gpu-1.key"
        let attributes = try FileManager.default.attributesOfItem(atPath: key)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let secret = try secret(in: key)
        let files = FileManager.default.enumerator(atPath: cluster.folder.path("data"))
        while let file = files?.nextObject() as? String {
            let content = FileManager.default.contents(
                atPath: cluster.folder.path("data/\(file)"))
            #expect(content?.firstRange(of: Data(secret.utf8)) == nil)
        }
    }

    @Test func `a key that its holder generates is authorized by its public half`() throws {
        let cluster = try EncryptedCluster()
        let file = cluster.folder.path("mine.key")
        let generated = try Program.run("hpcoord", ["keys", "generate", file])
        #expect(generated.status == 0)
        let quoted = try #require(generated.output.split(separator: "'").dropFirst().first)
        #expect(try !generated.output.contains(secret(in: file)))
        let early = try cluster.command(["ls"], key: file)
        #expect(early.status == 2)
        #expect(early.errors.contains("coordinator-key"))
        let authorized = try cluster.keys([
            "authorize", "mine", "--role", "admin", "--public-key", String(quoted),
        ])
        #expect(authorized.status == 0, "\(authorized.errors)")
        let line = try #require(authorized.output.split(separator: "'").dropFirst(3).first)
        let handle = try #require(FileHandle(forWritingAtPath: file))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("\(line)\n".utf8))
        try handle.close()
        #expect(try cluster.command(["ls"], key: file).status == 0)
        #expect(try Program.run("hpcoord", ["keys", "generate", file]).status == 73)
    }

    @Test func `key files that others may read are refused`() throws {
        let cluster = try EncryptedCluster()
        let key = try cluster.authorize("person", role: "admin")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: key)
        let outcome = try cluster.command(["ls"], key: key)
        #expect(outcome.status == 77)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("chmod"))
        #expect(try cluster.command(["ls"], key: cluster.folder.path("none")).status == 66)
    }

    @Test(arguments: [
        (["authorize", "a b"], 2, "no name for a key"),
        (["authorize", "admin"], 73, "has a key named admin already"),
        (["authorize", "x", "--role", "boss"], 2, "worker"),
        (["authorize", "x", "--public-key", "-short"], 2, "40 characters"),
        (["authorize", "x", "--address", "tcp://h:1$(touch x)"], 2, "is not an address"),
        (["authorize", "x", "--address", "tcp://*:5231"], 2, "name the host"),
        (["revoke", "nobody"], 66, "keys list"),
    ])
    func `what can't be done with keys is said in one line`(
        arguments: [String], status: Int32, complaint: String
    ) throws {
        let cluster = try EncryptedCluster()
        let outcome = try cluster.keys(arguments)
        #expect(outcome.status == status)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }
}
