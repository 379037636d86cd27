import Foundation
import Logging
import Testing

@testable import HPKeys
@testable import HPServer
@testable import HPTransport

@Suite("Security self-test")
struct SecuritySelfTestTests {
    private func configuration(
        in folder: URL, without fence: CurveFences = []
    ) -> ServerConfiguration {
        var configuration = ServerConfiguration(
            bind: "tcp://127.0.0.1:*", dataDirectory: folder.path, encrypts: true)
        configuration.fences.subtract(fence)
        return configuration
    }

    private func temporaryFolder() -> URL {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("hpcoord-test-\(UUID().uuidString)")
    }

    /// Serves until it is ready, and returns where it was. On a thread of its own, since it blocks.
    @discardableResult
    private func run(_ server: CoordinatorServer) async throws -> [String] {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Result {
                        var addresses: [String] = []
                        try server.run {
                            addresses.append($0)
                            server.stop()
                        }
                        return addresses
                    })
            }.start()
        }
    }

    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `a coordinator whose set-up is whole begins to serve`() async throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try CoordinatorServer(configuration(in: folder), logger: logger)
        #expect(server.selfTest == nil)
        let addresses = try await run(server)
        #expect(addresses.count == 1)
        #expect(addresses.first?.hasPrefix("tcp://127.0.0.1:") == true)
        let report = try #require(server.selfTest)
        #expect(report.failures == [])
        #expect(report.checks.count == 5)
        #expect(report.at.hasSuffix("Z"))
    }

    private static let weakened: [(CurveFences, String)] = [
        (CurveFences.encryption, "a client that doesn't encrypt is refused"),
        (.handler, "an authorized key is let in"),
        (.domain, "an unknown key is refused"),
        (.enforcement, "enforcement of its domain"),
        ([.handler, .enforcement], "enforcement of its domain"),
        ([.handler, .domain, .enforcement], "an authentication domain and enforcement"),
    ]

    @Test(arguments: weakened)
    func `a coordinator that lacks a part of its set-up does not`(
        fence: CurveFences, complaint: String
    ) async throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let server = try CoordinatorServer(
            configuration(in: folder, without: fence), logger: logger)
        let error = await #expect(throws: ServerError.self) { try await run(server) }
        let message = "\(try #require(error))"
        #expect(message.contains(complaint), "\(message)")
        #expect(!message.contains("\n"))
        #expect(error?.exitCode == 69)
        #expect(server.selfTest?.failures.isEmpty == false)
    }

    @Test func `the keys of the self-test are let in for its time only`() throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let configuration = configuration(in: folder)
        let encryption = try Encryption(configuration, logger: logger)
        let socket = try RouterSocket(waker: Waker(), security: encryption.security)
        let address = try socket.listen(on: Endpoint(parsing: "tcp://127.0.0.1:*"))
        #expect(encryption.list.count == 1)
        var test: SecuritySelfTest? = try SecuritySelfTest(
            at: address, of: encryption, missingFences: [])
        #expect(encryption.list.count == 3)
        #expect(try test?.advance() == false)
        test = nil
        #expect(encryption.list.count == 1)
        #expect(socket.missingFences.isEmpty)
    }

    @Test(arguments: ["coordinator.key", "authorized"])
    func `a coordinator whose files others may change does not begin`(file: String) throws {
        let folder = temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let keys = KeyFolder(dataDirectory: folder.path)
        _ = try keys.open(at: "today")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o666], ofItemAtPath: "\(keys.path)/\(file)")
        #expect(throws: KeyError.exposed(path: "\(keys.path)/\(file)", mode: 0o666)) {
            try CoordinatorServer(configuration(in: folder), logger: logger)
        }
    }
}
