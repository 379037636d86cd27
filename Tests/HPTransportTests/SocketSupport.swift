import Testing

@testable import HPTransport

enum Sockets {
    static let anyPort = "tcp://127.0.0.1:*"

    static func router(at address: String = anyPort) throws -> RouterSocket {
        try RouterSocket.listening(on: Endpoint(parsing: address), waker: Waker())
    }

    static func dealer(to address: String) throws -> DealerSocket {
        try DealerSocket(
            connect: Endpoint(parsing: address), waker: Waker(), reconnectMilliseconds: 10)
    }

    /// Receives until there is something, at most about ten seconds.
    static func next(_ router: inout RouterSocket) throws -> [Received] {
        for _ in 0..<100 {
            let received = try router.receive(timeoutMilliseconds: 100, maximumCount: 4096)
            if !received.isEmpty { return received }
        }
        return []
    }

    static func next(_ dealer: borrowing DealerSocket) throws -> [[UInt8]] {
        for _ in 0..<100 {
            let received = try dealer.receive(timeoutMilliseconds: 100, maximumCount: 4096)
            if !received.isEmpty { return received }
        }
        return []
    }

    /// Bodies in the order in which they came, until there are `count`.
    static func bodies(_ count: Int, from router: inout RouterSocket) throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        while bodies.count < count {
            let received = try next(&router)
            if received.isEmpty { break }
            bodies += received.map(\.body)
        }
        return bodies
    }

    /// Sends as soon as there is a connection with room, at most about ten seconds later.
    static func send(_ body: [UInt8], by dealer: borrowing DealerSocket) throws {
        for _ in 0..<1000 {
            if dealer.send(body) == .sent { return }
            _ = try dealer.receive(timeoutMilliseconds: 10, maximumCount: 0)
        }
        Issue.record("the dealer never became connected")
    }
}

extension [UInt8] {
    /// A number as a body.
    init(number: Int) {
        self = [UInt8(number >> 8), UInt8(number & 255)]
    }
}
