import Foundation
import Testing

@testable import HPTransport

@Suite("Sockets")
struct SocketTests {
    @Test(arguments: [Sockets.anyPort, "tcp://localhost:*", "tcp://127.0.0.1:0", "ipc://*"])
    func `a message goes there and back`(address: String) throws {
        var router = try Sockets.router(at: address)
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        try Sockets.send([1, 2, 3], by: dealer)
        let received = try Sockets.next(&router)
        #expect(received.map(\.body) == [[1, 2, 3]])
        #expect(router.send([4, 5], to: try #require(received.first).session) == .sent)
        #expect(try Sockets.next(dealer) == [[4, 5]])
    }

    @Test(arguments: [0, 1, 32, 33, 34, 4096, Socket.frameBytesMaximum])
    func `a body of any size up to the limit arrives whole`(size: Int) throws {
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Sockets.send(body, by: dealer)
        #expect(try Sockets.next(&router).first?.body == body)
    }

    @Test func `messages of one peer keep their order`() throws {
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        for number in 0..<200 { try Sockets.send(.init(number: number), by: dealer) }
        let expected = (0..<200).map { [UInt8](number: $0) }
        #expect(try Sockets.bodies(200, from: &router) == expected)
    }

    @Test func `a batch is no larger than was asked for and the rest stays`() throws {
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        for number in 0..<10 { try Sockets.send(.init(number: number), by: dealer) }
        var bodies: [[UInt8]] = []
        for _ in 0..<100 where bodies.count < 10 {
            let batch = try router.receive(timeoutMilliseconds: 100, maximumCount: 3)
            #expect(batch.count <= 3)
            bodies += batch.map(\.body)
        }
        #expect(bodies == (0..<10).map { [UInt8](number: $0) })
    }

    @Test func `a wake-up before a wait ends it`() throws {
        let waker = try Waker()
        var router = try RouterSocket.listening(
            on: Endpoint(parsing: Sockets.anyPort), waker: waker)
        waker.wake()
        waker.wake()
        let before = ContinuousClock.now
        #expect(try router.receive(timeoutMilliseconds: 60_000, maximumCount: 1).isEmpty)
        #expect(ContinuousClock.now - before < .seconds(30))
        // Both wake-ups are used up: the next wait takes its whole time.
        let again = ContinuousClock.now
        #expect(try router.receive(timeoutMilliseconds: 50, maximumCount: 1).isEmpty)
        #expect(ContinuousClock.now - again >= .milliseconds(40))
    }

    @Test func `another thread wakes a blocked receive`() throws {
        let waker = try Waker()
        var router = try RouterSocket.listening(
            on: Endpoint(parsing: Sockets.anyPort), waker: waker)
        let before = ContinuousClock.now
        // Most likely in the middle of the wait; it must end in either order.
        // A thread, not a task: blocked tests may hold every thread of the cooperative pool.
        Thread {
            Thread.sleep(forTimeInterval: 0.02)
            waker.wake()
        }.start()
        #expect(try router.receive(timeoutMilliseconds: 60_000, maximumCount: 1).isEmpty)
        #expect(ContinuousClock.now - before < .seconds(30))
    }

    @Test func `a peer that never was is unreachable`() throws {
        var router = try Sockets.router()
        #expect(router.send([1], to: [0, 1, 2, 3, 4]) == .unreachable)
        #expect(router.send([1], to: []) == .unreachable)
        #expect(try router.receive(timeoutMilliseconds: 0, maximumCount: 1).isEmpty)
    }

    @Test func `a peer that is gone becomes unreachable`() throws {
        var router = try Sockets.router()
        var session: [UInt8] = []
        do {
            let dealer = try Sockets.dealer(to: router.boundEndpoint)
            try Sockets.send([1], by: dealer)
            session = try #require(try Sockets.next(&router).first).session
        }
        var outcome = SendOutcome.sent
        for _ in 0..<1000 where outcome != .unreachable {
            _ = try router.receive(timeoutMilliseconds: 10, maximumCount: 1)
            outcome = router.send([2], to: session)
        }
        #expect(outcome == .unreachable)
    }

    @Test func `a dealer without a coordinator is busy`() throws {
        #expect(try Sockets.dealer(to: "tcp://127.0.0.1:1").send([1]) == .busy)
    }

    @Test func `a second bind of one port is refused`() throws {
        let first = try Sockets.router()
        let address = first.boundEndpoint
        #expect(throws: TransportError.addressInUse(address)) {
            _ = try Sockets.router(at: address)
        }
        #expect(first.boundEndpoint == address)
    }

    @Test func `a second bind of one ipc path is refused and the first lives on`() throws {
        var first = try Sockets.router(at: "ipc://*")
        let address = first.boundEndpoint
        #expect(throws: TransportError.addressInUse(address)) {
            _ = try Sockets.router(at: address)
        }
        let dealer = try Sockets.dealer(to: address)
        try Sockets.send([1], by: dealer)
        #expect(try Sockets.next(&first).map(\.body) == [[1]])
    }

    @Test func `a thousand messages keep their order across a restart of the coordinator`() throws {
        // A loopback address of its own, so that no other test takes the port in between.
        var router = try Sockets.router(at: "tcp://127.83.41.7:*")
        let address = router.boundEndpoint
        let dealer = try Sockets.dealer(to: address)
        for number in 0..<200 { try Sockets.send(.init(number: number), by: dealer) }
        #expect(
            try Sockets.bodies(200, from: &router) == (0..<200).map { [UInt8](number: $0) })

        router = try Sockets.router()
        var isBusy = false
        for _ in 0..<1000 where !isBusy {
            isBusy = dealer.send([255, 255]) == .busy
            _ = try dealer.receive(timeoutMilliseconds: 10, maximumCount: 0)
        }
        #expect(isBusy, "a coordinator that is down takes nothing")

        router = try Self.rebound(to: address)
        var bodies: [[UInt8]] = []
        for number in 200..<1000 {
            try Sockets.send(.init(number: number), by: dealer)
            bodies += try router.receive(timeoutMilliseconds: 0, maximumCount: 64).map(\.body)
        }
        bodies += try Sockets.bodies(800 - bodies.count, from: &router)
        #expect(bodies == (200..<1000).map { [UInt8](number: $0) })
    }

    /// The port is free a moment after its socket is closed.
    private static func rebound(to address: String) throws -> RouterSocket {
        let waker = try Waker()
        for _ in 0..<1000 {
            do {
                return try Sockets.router(at: address)
            } catch let error as TransportError where error.isAddressInUse {
                waker.wait(milliseconds: 10)
            }
        }
        return try Sockets.router(at: address)
    }
}
