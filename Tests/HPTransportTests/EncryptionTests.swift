import Testing

@testable import HPKeys
@testable import HPTransport

@Suite("Encryption")
struct EncryptionTests {
    @Test(arguments: Role.allCases)
    func `an authorized key comes in and is known by its name and role`(role: Role) throws {
        let fixture = try EncryptionFixture()
        let key = try fixture.authorizedKey("somebody", role)
        var router = try fixture.router()
        let dealer = try EncryptionFixture.dealer(to: router, key)
        #expect(try EncryptionFixture.handshake(of: dealer) == .succeeded)
        for number in 0..<50 { try Sockets.send(.init(number: number), by: dealer) }
        var received: [Received] = []
        while received.count < 50 { received += try Sockets.next(&router) }
        #expect(received.map(\.body) == (0..<50).map { [UInt8](number: $0) })
        for frame in received {
            guard case .holder(let holder) = frame.origin else {
                Issue.record("a frame of nobody: \(frame.origin)")
                continue
            }
            #expect(holder.name == "somebody")
            #expect(holder.role == role)
            #expect(holder.publicKey == key.pair.publicKey)
        }
        #expect(router.send([7], to: try #require(received.first).session) == .sent)
        #expect(try Sockets.next(dealer) == [[7]])
        #expect(router.missingFences == [])
    }

    @Test func `a stranger's key is refused and told so`() throws {
        let fixture = try EncryptionFixture()
        var router = try fixture.router()
        let dealer = try EncryptionFixture.dealer(to: router, fixture.strangersKey())
        #expect(try EncryptionFixture.handshake(of: dealer) == .unauthorized)
        try Self.expectSilence(of: dealer, at: &router, fixture)
    }

    @Test func `a peer that doesn't encrypt is refused and told so`() throws {
        let fixture = try EncryptionFixture()
        var router = try fixture.router()
        let dealer = try EncryptionFixture.dealer(to: router, nil)
        #expect(try EncryptionFixture.handshake(of: dealer) == .incompatible)
        try Self.expectSilence(of: dealer, at: &router, fixture)
    }

    @Test func `a peer that expects another coordinator is not let in`() throws {
        let fixture = try EncryptionFixture()
        var router = try fixture.router()
        var key = try fixture.authorizedKey("misled", .worker)
        key.coordinator = try KeyPair.generate().publicKey
        let dealer = try EncryptionFixture.dealer(to: router, key)
        #expect(try EncryptionFixture.handshake(of: dealer) == .interrupted)
        try Self.expectSilence(of: dealer, at: &router, fixture)
    }

    @Test func `a peer that encrypts is told of a coordinator that doesn't`() throws {
        let fixture = try EncryptionFixture()
        let router = try Sockets.router()
        let dealer = try EncryptionFixture.dealer(to: router, fixture.strangersKey())
        #expect(try EncryptionFixture.handshake(of: dealer) == .incompatible)
    }

    /// Nothing of the dealer arrives before what a peer with a key sends after it.
    private static func expectSilence(
        of dealer: borrowing DealerSocket, at router: inout RouterSocket,
        _ fixture: EncryptionFixture
    ) throws {
        #expect(dealer.send([66]) == .busy)
        let good = try EncryptionFixture.dealer(
            to: router, fixture.authorizedKey("good", .admin))
        try Sockets.send([1], by: good)
        #expect(try Sockets.next(&router).map(\.body) == [[1]])
        #expect(dealer.send([66]) == .busy)
    }

    @Test func `a key that is authorized while the coordinator runs comes in`() throws {
        let fixture = try EncryptionFixture()
        var router = try fixture.router()
        let key = try fixture.strangersKey()
        let dealer = try EncryptionFixture.dealer(to: router, key)
        #expect(try EncryptionFixture.handshake(of: dealer) == .unauthorized)
        try fixture.folder.authorize(
            AuthorizedKey(
                name: "late", role: .worker, publicKey: key.pair.publicKey, since: "today"))
        // libzmq doesn't try a key again that was refused: its holder begins anew.
        let again = try EncryptionFixture.dealer(to: router, key)
        try Sockets.send([1], by: again)
        #expect(try Sockets.next(&router).map(\.body) == [[1]])
    }

    @Test func `a key that is revoked while it is connected is cut off`() throws {
        let fixture = try EncryptionFixture()
        let key = try fixture.authorizedKey("early", .worker)
        var router = try fixture.router()
        let dealer = try EncryptionFixture.dealer(to: router, key)
        try Sockets.send([1], by: dealer)
        let first = try #require(try Sockets.next(&router).first)
        guard case .holder = first.origin else { throw Unexpected(origin: first.origin) }
        _ = try fixture.folder.revoke("early")
        try Sockets.send([2], by: dealer)
        let second = try #require(try Sockets.next(&router).first)
        #expect(second == Received(session: first.session, origin: .revoked, body: [2]))
        let newcomer = try EncryptionFixture.dealer(to: router, key)
        #expect(try EncryptionFixture.handshake(of: newcomer) == .unauthorized)
    }

    private struct Unexpected: Error {
        var origin: Received.Origin
    }

    @Test func `coordinators of one process know their own keys only`() throws {
        let first = try EncryptionFixture()
        let second = try EncryptionFixture()
        let keyOfFirst = try first.authorizedKey("worker", .worker)
        var routerOfFirst = try first.router()
        let routerOfSecond = try second.router()
        var plain = try Sockets.router()
        var misplaced = keyOfFirst
        misplaced.coordinator = second.pair.publicKey
        let stranger = try EncryptionFixture.dealer(to: routerOfSecond, misplaced)
        #expect(try EncryptionFixture.handshake(of: stranger) == .unauthorized)
        let dealer = try EncryptionFixture.dealer(to: routerOfFirst, keyOfFirst)
        try Sockets.send([1], by: dealer)
        #expect(try Sockets.next(&routerOfFirst).map(\.body) == [[1]])
        let local = try Sockets.dealer(to: plain.boundEndpoint)
        try Sockets.send([2], by: local)
        #expect(try Sockets.next(&plain).map(\.origin) == [.loopback])
    }

    // MARK: - What each fence is for

    @Test func `without encryption everybody could speak and it is noticed`() throws {
        let fixture = try EncryptionFixture()
        var router = try fixture.router(fences: [.handler, .domain, .enforcement])
        let dealer = try EncryptionFixture.dealer(to: router, nil)
        // Even then: the handler lets nobody in who proves nothing.
        #expect(try EncryptionFixture.handshake(of: dealer) == .unauthorized)
        #expect(router.missingFences == ["encryption"])
        #expect(try router.receive(timeoutMilliseconds: 0, maximumCount: 9).isEmpty)
    }

    @Test func `without a domain a stranger's key comes in`() throws {
        let fixture = try EncryptionFixture()
        var router = try fixture.router(fences: [.encryption, .handler, .enforcement])
        let dealer = try EncryptionFixture.dealer(to: router, fixture.strangersKey())
        #expect(try EncryptionFixture.handshake(of: dealer) == .succeeded)
        #expect(router.missingFences == ["an authentication domain"])
        // Its frames prove nothing, and are dropped.
        try Sockets.send([1], by: dealer)
        for _ in 0..<1000 where router.droppedMessageCount == 0 {
            #expect(try router.receive(timeoutMilliseconds: 10, maximumCount: 9).isEmpty)
        }
        #expect(router.droppedMessageCount == 1)
    }

    @Test func `without handler and enforcement a stranger's key comes in`() throws {
        let fixture = try EncryptionFixture()
        let context = Context()
        let router = try fixture.router(fences: [.encryption, .domain], in: context)
        let dealer = try EncryptionFixture.dealer(to: router, fixture.strangersKey())
        #expect(try EncryptionFixture.handshake(of: dealer) == .succeeded)
        #expect(router.missingFences == ["enforcement of its domain"])
    }

    @Test func `without a handler, enforcement keeps everybody out`() throws {
        let fixture = try EncryptionFixture()
        let context = Context()
        let router = try fixture.router(
            fences: [.encryption, .domain, .enforcement], in: context)
        let dealer = try EncryptionFixture.dealer(
            to: router, fixture.authorizedKey("worker", .worker))
        #expect(try EncryptionFixture.handshake(of: dealer) == .interrupted)
        #expect(router.missingFences == [])
    }
}
