import Foundation
import Testing

/// Runs the programs with streams that can't be written to.
@Suite("Writes that fail")
struct FailingWriteTests {
    /// TIOCSPTLCK and TIOCGPTN: glibc's functions for them are hidden from Swift.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Runs with redirections, `>/dev/full`; what is left of the streams comes back.
    private func run(
        _ program: String, _ arguments: [String], _ redirections: String
    ) throws -> Program.Outcome {
        let output = folder.url.appendingPathComponent("out-\(UUID().uuidString)")
        let errors = folder.url.appendingPathComponent("err-\(UUID().uuidString)")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                "-c", "exec \"$0\" \"$@\" >\(output.path) 2>\(errors.path) \(redirections)",
                Program.url(program).path,
            ] + arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        return Program.Outcome(
            status: process.terminationStatus,
            output: (try? String(contentsOf: output, encoding: .utf8)) ?? "",
            errors: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }

    private var search: [String] {
        get throws {
            let file = try folder.write(MainJobTests.spec(epochs: 1), to: "spec.yaml")
            return ["run", file, "--data-dir", folder.path("data"), "--workers", "2"]
        }
    }

    @Test(arguments: [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
    func `a report that can't be written is said in a line, and nothing is lost`(
        redirection: String, reason: String
    ) throws {
        let failed = try run("hpcoord", try search, redirection)
        #expect(failed.status == 74)
        let lines = failed.errorLines.filter { $0.contains("can't write to standard output") }
        #expect(lines.count == 1)
        #expect(lines == failed.errorLines.suffix(1))
        #expect(failed.errors.contains("(\(reason))"))
        let again = try run("hpcoord", try search, "")
        #expect(again.status == 0)
        #expect(again.output.contains("36/36 trials"))
    }

    @Test(arguments: ["2>/dev/full", "2>&-", "0<&- 2>&-"])
    func `what nobody has to see is given up`(redirection: String) throws {
        let outcome = try run("hpcoord", try search, redirection)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("36/36 trials"))
    }

    @Test(arguments: ["hpcoord", "hpworker"], ["--help", "--version"])
    func `help that can't be written is said in a line`(
        program: String, option: String
    ) throws {
        for redirection in [">/dev/full", ">&-"] {
            let outcome = try run(program, [option], redirection)
            #expect(outcome.status == 74)
            #expect(outcome.errorLines.count == 1)
        }
        #expect(try run(program, [option], ">/dev/full 2>&-").status == 74)
    }

    @Test func `errors that can't be written leave their exit code`() throws {
        #expect(try run("hpcoord", ["check", "/nowhere"], "2>/dev/full").status == 66)
        #expect(try run("hpworker", ["--slots", "0"], "2>&-").status == 2)
    }

    @Test func `every document that can't be written has the code of that`() throws {
        let cluster = try ClusterUnderTest()
        try cluster.startWorkers(1)
        let spec = try folder.write(MainJobTests.spec(epochs: 1), to: "digits.yaml")
        #expect(try cluster.command(["submit", spec, "--wait"]).status == 0)
        let study = "digits"
        for command in [
            ["ls"], ["workers"], ["doctor"], ["status", study], ["report", study],
            ["report", study, "--format", "json"], ["trial", study, "1"],
            ["fingerprint", study], ["audit", study], ["narrow", study], ["verify", study],
            ["submit", spec],
        ] {
            let outcome = try run(
                "hpcoord", command + ["--connect", cluster.endpoint], ">/dev/full")
            #expect(outcome.status == 74, "\(command): \(outcome.errors)")
            #expect(outcome.errors.contains("No space left on device"))
        }
        #expect(try run("hpcoord", ["check", spec], ">/dev/full").status == 74)
    }

    /// A pipe whose reader has left, with SIGPIPE as a shell leaves it.
    @Test func `a reader that has left gets no line`() throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let errors = folder.url.appendingPathComponent("err")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        let process = Process()
        process.executableURL = Program.url("hpcoord")
        process.arguments = try search
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 74)
        #expect(try !String(contentsOf: errors, encoding: .utf8).contains("can't write"))
    }

    /// The master's end is closed while the search runs: every write to the other end is EIO.
    @Test func `a search goes on when its terminal is closed`() throws {
        let master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(master >= 0)
        var (isLocked, number): (CInt, CInt) = (0, 0)
        try #require(ioctl(master, Self.setLock, &isLocked) == 0)
        try #require(ioctl(master, Self.getNumber, &number) == 0)
        let terminal = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(terminal >= 0)
        let process = Process()
        process.executableURL = Program.url("hpcoord")
        process.arguments = try search + ["-o", folder.path("report")]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(fileDescriptor: terminal)
        process.standardError = FileHandle(fileDescriptor: terminal)
        try process.run()
        close(terminal)
        var seen: [UInt8] = []
        while !String(decoding: seen, as: UTF8.self).contains("digits RUNNING") {
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(master, &buffer, buffer.count)
            try #require(count > 0)
            seen += buffer[..<count]
        }
        close(master)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
        let report = try String(contentsOfFile: folder.path("report"), encoding: .utf8)
        #expect(report.contains("36/36 trials"))
    }

    @Test(arguments: ["-o", "--html", "--figures"])
    func `a place that can't be written to is refused before the search`(
        option: String
    ) throws {
        let file = try folder.write("", to: "file")
        let outcome = try Program.run("hpcoord", try search + [option, file + "/x"])
        #expect(outcome.status == 73)
        #expect(outcome.errorLines.count == 1)
        #expect(outcome.errors.contains("can't write to \(file)/x"))
        #expect(!FileManager.default.fileExists(atPath: folder.path("data")))
    }
}
