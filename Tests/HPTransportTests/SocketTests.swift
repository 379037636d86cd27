import HPTransport
import Testing

@Suite("Sockets")
struct SocketTests {
    private static let loopback = "tcp://127.0.0.1:*"

    private func router(at address: String = loopback) throws -> RouterSocket {
        try RouterSocket(bind: Endpoint(parsing: address), waker: Waker())
    }

    private func dealer(to address: String) throws -> DealerSocket {
        try DealerSocket(
            connect: Endpoint(parsing: address), waker: Waker(), reconnectMilliseconds: 10)
    }

    /// Receives until there is something, at most about ten seconds.
    private func next(_ router: borrowing RouterSocket) throws -> [Received] {
        for _ in 0..<100 {
            let received = try router.receive(timeoutMilliseconds: 100, maximumCount: 4096)
            if !received.isEmpty { return received }
        }
        return []
    }

    private func next(_ dealer: borrowing DealerSocket) throws -> [[UInt8]] {
        for _ in 0..<100 {
            let received = try dealer.receive(timeoutMilliseconds: 100, maximumCount: 4096)
            if !received.isEmpty { return received }
        }
        return []
    }

    private func send(_ body: [UInt8], by dealer: borrowing DealerSocket) throws {
        for _ in 0..<1000 {
            if dealer.send(body) == .sent { return }
            _ = try dealer.receive(timeoutMilliseconds: 10, maximumCount: 0)
        }
        Issue.record("the dealer never became connected")
    }

    @Test func `a message goes there and back`() throws {
        let router = try router()
        let dealer = try dealer(to: router.boundEndpoint)
        try send([1, 2, 3], by: dealer)
        let received = try next(router)
        #expect(received.map(\.body) == [[1, 2, 3]])
        #expect(router.send([4, 5], to: received[0].session) == .sent)
        #expect(try next(dealer) == [[4, 5]])
    }

    @Test func `messages of one peer keep their order`() throws {
        let router = try router()
        let dealer = try dealer(to: router.boundEndpoint)
        var bodies: [UInt8] = []
        for number in 0..<200 as Range<UInt8> { try send([number], by: dealer) }
        while bodies.count < 200 {
            let received = try next(router)
            guard !received.isEmpty else { break }
            bodies += received.map { $0.body[0] }
        }
        #expect(bodies == Array(0..<200))
    }

    @Test func `a waker ends a wait`() throws {
        let waker = try Waker()
        let router = try RouterSocket(bind: Endpoint(parsing: Self.loopback), waker: waker)
        waker.wake()
        let before = ContinuousClock.now
        #expect(try router.receive(timeoutMilliseconds: 60_000, maximumCount: 1).isEmpty)
        #expect(ContinuousClock.now - before < .seconds(30))
    }

    @Test func `a peer that never was is unreachable`() throws {
        #expect(try router().send([1], to: [0, 1, 2, 3, 4]) == .unreachable)
    }

    @Test func `a dealer without a coordinator is busy`() throws {
        #expect(try dealer(to: "tcp://127.0.0.1:1").send([1]) == .busy)
    }

    @Test func `an oversized frame harms nobody else`() throws {
        let router = try router()
        let good = try dealer(to: router.boundEndpoint)
        let bad = try dealer(to: router.boundEndpoint)
        try send([UInt8](repeating: 7, count: 5 << 20), by: bad)
        try send([1], by: good)
        #expect(try next(router).map(\.body) == [[1]])
    }

    @Test func `a second bind of one port is refused`() throws {
        let first = try router()
        let address = first.boundEndpoint
        #expect(throws: TransportError.addressInUse(address)) { _ = try router(at: address) }
        #expect(first.boundEndpoint == address)
    }

    @Test(arguments: [
        "tcp://0.0.0.0:5999", "tcp://*:5999", "tcp://10.0.0.1:5999", "tcp://example.org:5999",
        "tcp://127.0.0.1.example.org:5999", "tcp://[::]:5999",
    ])
    func `a bind off loopback is refused`(address: String) throws {
        #expect(throws: TransportError.bindOffLoopback(address)) { _ = try router(at: address) }
    }

    @Test(arguments: [
        "", "5231", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:0",
        "tcp://127.0.0.1:65536", "tcp://127.0.0.1:abc", "udp://127.0.0.1:1", "tcp:// 1:1",
        "tcp://::1:5231", "ipc://", "tcp://a/b:1",
    ])
    func `a malformed address is refused`(address: String) {
        #expect(throws: TransportError.malformedEndpoint(address)) {
            try Endpoint(parsing: address)
        }
    }

    @Test(arguments: ["tcp://127.0.0.1:5231", "tcp://localhost:*", "tcp://[::1]:1", "ipc:///tmp/x"])
    func `loopback addresses are known`(address: String) throws {
        #expect(try Endpoint(parsing: address).isLoopback)
    }
}
