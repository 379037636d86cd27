import Foundation
import HPCluster
import HPKeys
import HPServer
import HPTransport
import HPWire

/// A command's end of the connection: one request at a time.
struct CoordinatorClient: ~Copyable {
    private let endpoint: String
    private let key: ClientKey?
    private var socket: DealerSocket
    private var lastID: UInt64 = 0
    private var wasInterrupted = false

    /// Connects; the coordinator need not be there yet.
    ///
    /// - Throws: `KeyError` when there is a key file and it can't be used; `TransportError` when
    ///   the address is malformed.
    init(_ connection: ConnectionOptions) throws {
        try self.init(to: connection.endpoint, key: connection.clientKey())
    }

    /// Connects to a coordinator of this process.
    init(local endpoint: String) throws {
        try self.init(to: endpoint, key: nil)
    }

    private init(to endpoint: String, key: ClientKey?) throws {
        self.endpoint = endpoint
        self.key = key
        self.socket = try DealerSocket(
            connect: Endpoint(parsing: endpoint), waker: Waker(), reconnectMilliseconds: 100,
            key: key)
    }

    /// Seconds without an answer after which the coordinator can't be reached.
    static let patienceSeconds = 5.0

    /// Asks, and waits for the whole answer.
    ///
    /// - Throws: `CommandFailure` with the coordinator's own exit code, 69 when it doesn't let
    ///   this client in, or 5 when it doesn't answer in time.
    mutating func ask(
        _ command: ClientRequest.Command, patienceSeconds: Double = patienceSeconds
    ) throws -> Answer {
        lastID += 1
        let request = WireCodec.encode(.request(ClientRequest(id: lastID, command: command)))
        let deadline = MonotonicClock.now.advanced(bySeconds: patienceSeconds)
        // A document may take its time, a connection doesn't.
        let connected = MonotonicClock.now.advanced(
            bySeconds: min(patienceSeconds, Self.patienceSeconds))
        while socket.send(request) != .sent {
            guard MonotonicClock.now < connected else { throw unreachable }
            _ = try socket.receive(timeoutMilliseconds: 20, maximumCount: 1)
            try checkHandshakes()
        }
        var document: [UInt8] = []
        while MonotonicClock.now < deadline {
            for frame in try socket.receive(timeoutMilliseconds: 200, maximumCount: 64) {
                let message = try decode(frame)
                if case .refused(_, let detail) = message {
                    throw CommandFailure(exitStatus: ExitStatus.refused, message: detail)
                }
                guard case .reply(let reply) = message, reply.id == lastID else { continue }
                if let answer = try take(reply.body, into: &document) { return answer }
            }
            try checkHandshakes()
        }
        throw unreachable
    }

    /// What came back.
    struct Answer {
        var document: String
        var progress: StudyProgress?
        var evidence: TrialEvidence?
    }

    private func take(
        _ body: ClientReply.Body, into document: inout [UInt8]
    ) throws -> Answer? {
        switch body {
        case .accepted(let progress): return Answer(document: "", progress: progress)
        case .document(let bytes, let index, let count, let progress):
            document.append(contentsOf: bytes)
            guard index == count - 1 else { return nil }
            return Answer(document: String(decoding: document, as: UTF8.self), progress: progress)
        case .evidence(let evidence): return Answer(document: "", evidence: evidence)
        case .error(let exitCode, let message):
            throw CommandFailure(exitStatus: Int32(exitCode), message: message)
        }
    }

    private func decode(_ frame: [UInt8]) throws -> CoordinatorMessage {
        do {
            return try WireCodec.decodeCoordinatorMessage(frame)
        } catch {
            throw CommandFailure(
                exitStatus: ExitStatus.refused,
                message: "\(endpoint) answers in another protocol (\(error))")
        }
    }

    private mutating func checkHandshakes() throws {
        for handshake in socket.takeHandshakes() {
            wasInterrupted = handshake == .interrupted
            if let refusal = handshake.refusal(by: endpoint, of: key) {
                throw CommandFailure(exitStatus: ExitStatus.refused, message: refusal)
            }
        }
    }

    private var unreachable: CommandFailure {
        if wasInterrupted {
            return CommandFailure(
                exitStatus: ExitStatus.refused,
                message: Handshake.suspicion(of: endpoint, with: key))
        }
        return CommandFailure(
            exitStatus: ExitStatus.unreachable,
            message: """
                no coordinator answers at \(endpoint): start one with `hpcoord serve` (for a \
                study of `hpcoord run`: with the same --data-dir), or name another with --connect
                """)
    }
}
