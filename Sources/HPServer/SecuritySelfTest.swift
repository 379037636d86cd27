import HPCluster
import HPKeys
import HPTransport
import HPWire

/// What the self-test of an encrypted coordinator found.
package struct SelfTestReport: Sendable, Hashable {
    package struct Check: Sendable, Hashable {
        /// What must hold, as a sentence.
        package var claim: String
        /// What happened instead; nil when it holds.
        package var failure: String?
    }

    /// `2026-01-31T12:00:00Z`.
    package var at: String
    package var checks: [Check]

    package var failures: [String] {
        checks.compactMap { check in check.failure.map { "\(check.claim): \($0)" } }
    }
}

/// Knocks at the coordinator's own socket before anybody else can: two must be refused, one let
/// in, and one told that it may not.
///
/// libzmq lets strangers in without a word when a part of its set-up is missing, so a coordinator
/// that encrypts doesn't trust the set-up but what it does.
final class SecuritySelfTest {
    private let list: AllowList
    private let probes: [Probe]
    private let missingFences: [String]

    /// - Parameter address: where the socket listens for this test alone.
    /// - Throws: `KeyError` or `TransportError` when the system refuses.
    init(at address: String, of encryption: Encryption, missingFences: [String]) throws {
        let coordinator = encryption.pair.publicKey
        let stranger = try KeyPair.generate()
        let worker = try KeyPair.generate()
        let administrator = try KeyPair.generate()
        list = encryption.list
        self.missingFences = missingFences
        func probe(_ claim: String, _ expectation: Probe.Expectation, _ pair: KeyPair?) throws
            -> Probe
        {
            try Probe(
                claim, expectation, at: address,
                key: pair.map { ClientKey(pair: $0, coordinator: coordinator) })
        }
        list.admitTemporarily([
            try Self.guest(worker, .worker), try Self.guest(administrator, .admin),
        ])
        probes = [
            try probe("a client that doesn't encrypt is refused", .refusal(.incompatible), nil),
            try probe("an unknown key is refused", .refusal(.unauthorized), stranger),
            try probe("an authorized key is let in", .hearing, administrator),
            try probe("a worker's key may not use the commands", .refusalOfCommands, worker),
        ]
    }

    deinit {
        list.admitTemporarily([])
    }

    private static func guest(_ pair: KeyPair, _ role: Role) throws(KeyError) -> AuthorizedKey {
        try AuthorizedKey(
            name: "self-test-\(role.rawValue)", role: role, publicKey: pair.publicKey, since: "now")
    }

    /// Lets every probe act and look. Between two calls the coordinator has a turn.
    ///
    /// - Returns: whether all know what they wanted to know, or one knows that something is wrong.
    /// - Throws: `TransportError` when the system refuses.
    func advance() throws -> Bool {
        for probe in probes { try probe.advance() }
        return probes.contains(where: \.hasFailed) || probes.allSatisfy { $0.outcome != nil }
    }

    func report(at time: String) -> SelfTestReport {
        let fences = SelfTestReport.Check(
            claim: "libzmq confirms the set-up of the socket",
            failure: missingFences.isEmpty
                ? nil : "it lacks \(missingFences.joined(separator: " and "))")
        return SelfTestReport(at: time, checks: [fences] + probes.map(\.check))
    }
}

/// One that knocks.
private final class Probe {
    enum Expectation {
        case refusal(Handshake)
        case hearing
        case refusalOfCommands
    }

    enum Outcome {
        case asExpected
        case otherwise(String)
    }

    private(set) var outcome: Outcome?
    private let claim: String
    private let expectation: Expectation
    private let socket: DealerSocket
    private var hasAsked = false

    init(
        _ claim: String, _ expectation: Expectation, at address: String, key: ClientKey?
    ) throws {
        self.claim = claim
        self.expectation = expectation
        socket = try DealerSocket(
            connect: Endpoint(parsing: address), waker: Waker(), reconnectMilliseconds: 100,
            key: key)
    }

    var check: SelfTestReport.Check {
        let failure: String? =
            switch outcome {
            case .asExpected: nil
            case .otherwise(let detail): detail
            case nil: "it was not seen in time"
            }
        return SelfTestReport.Check(claim: claim, failure: failure)
    }

    var hasFailed: Bool {
        if case .otherwise = outcome { true } else { false }
    }

    func advance() throws {
        guard outcome == nil else { return }
        let frames = try socket.receive(timeoutMilliseconds: 0, maximumCount: 16)
        for handshake in socket.takeHandshakes() where outcome == nil { observe(handshake) }
        for frame in frames where outcome == nil { observe(frame) }
        guard !hasAsked, outcome == nil else { return }
        // No study has that name: the driver answers at once, and nothing changes.
        let question = ClientRequest(id: 1, command: .pause(study: "/"))
        hasAsked = socket.send(WireCodec.encode(.request(question))) == .sent
    }

    private func observe(_ handshake: Handshake) {
        switch (expectation, handshake) {
        case (.refusal(let expected), _) where handshake == expected: outcome = .asExpected
        case (.refusal, .succeeded): outcome = .otherwise("it was let in")
        case (.refusal, _): outcome = .otherwise("it was refused as \(handshake)")
        case (_, .succeeded): break
        default: outcome = .otherwise("it was refused as \(handshake)")
        }
    }

    private func observe(_ frame: [UInt8]) {
        guard case .reply(let reply) = try? WireCodec.decodeCoordinatorMessage(frame) else {
            outcome = .otherwise("the answer was no reply")
            return
        }
        let isPermitted =
            if case .error(exitCode: 77, _) = reply.body { false } else { true }
        switch (expectation, isPermitted) {
        case (.hearing, true), (.refusalOfCommands, false): outcome = .asExpected
        case (.hearing, false): outcome = .otherwise("its command was refused")
        default: outcome = .otherwise("its command was heard")
        }
    }
}
