import Glibc
import HPKeys
import Testing

@testable import HPTransport

@Suite("Hostile peers")
struct HostilePeerTests {
    @Test func `an oversized frame is not sent`() throws {
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        let body = [UInt8](repeating: 7, count: Socket.frameBytesMaximum + 1)
        try Sockets.send([1], by: dealer)
        let session = try #require(try Sockets.next(&router).first).session
        #expect(dealer.send(body) == .oversized)
        #expect(router.send(body, to: session) == .oversized)
        try Sockets.send([2], by: dealer)
        #expect(try Sockets.next(&router) == [Received(session: session, body: [2])])
    }

    @Test func `an oversized frame closes its connection and harms nobody else`() throws {
        var router = try Sockets.router()
        let good = try Sockets.dealer(to: router.boundEndpoint)
        let bad = try Sockets.dealer(to: router.boundEndpoint)
        try Sockets.send([1], by: bad)
        let session = try #require(try Sockets.next(&router).first).session
        let body = [UInt8](repeating: 7, count: Socket.frameBytesMaximum + 1)
        #expect(bad.socket.send(body, more: false) == .sent)
        try Sockets.send([2], by: good)
        #expect(try Sockets.next(&router).map(\.body) == [[2]])
        // The offender comes back as another session.
        var comeback: [UInt8]?
        for _ in 0..<1000 where comeback == nil {
            _ = bad.send([3])
            let received = try router.receive(timeoutMilliseconds: 10, maximumCount: 64)
            #expect(received.allSatisfy { $0.body == [3] })
            comeback = received.map(\.session).first { $0 != session }
        }
        #expect(comeback != nil)
    }

    @Test func `a message of several frames is dropped and counted`() throws {
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        try Sockets.send([1], by: dealer)
        let session = try #require(try Sockets.next(&router).first).session
        for frameCount in 2...5 {
            for number in 1...frameCount {
                #expect(dealer.socket.send([9], more: number < frameCount) == .sent)
            }
        }
        try Sockets.send([2], by: dealer)
        #expect(try Sockets.bodies(1, from: &router) == [[2]])
        #expect(router.droppedMessageCount == 4)

        #expect(router.socket.send(session, more: true) == .sent)
        #expect(router.socket.send([9], more: true) == .sent)
        #expect(router.socket.send([9], more: false) == .sent)
        #expect(router.send([3], to: session) == .sent)
        #expect(try Sockets.next(dealer) == [[3]])
    }

    @Test func `a flood is held back by the sender's own queue`() throws {
        var router = try Sockets.router()
        let flooder = try Sockets.dealer(to: router.boundEndpoint)
        let body = [UInt8](repeating: 1, count: 1 << 16)
        try Sockets.send(body, by: flooder)
        var sentCount = 1
        var refusalsInARow = 0
        while refusalsInARow < 20, sentCount < 5000 {
            if flooder.send(body) == .sent {
                sentCount += 1
                refusalsInARow = 0
            } else {
                refusalsInARow += 1
                _ = try flooder.receive(timeoutMilliseconds: 10, maximumCount: 0)
            }
        }
        // Both queues, and what the network itself holds: some megabytes.
        #expect(sentCount < 2000)
        let other = try Sockets.dealer(to: router.boundEndpoint)
        try Sockets.send([2], by: other)
        var isServed = false
        for _ in 0..<100 where !isServed {
            isServed = try Sockets.next(&router).contains { $0.body == [2] }
        }
        #expect(isServed)
    }

    @Test func `a batch of large frames ends before it fills the memory`() throws {
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        let body = [UInt8](repeating: 1, count: Socket.frameBytesMaximum)
        for _ in 0..<12 { try Sockets.send(body, by: dealer) }
        var arrived = 0
        for _ in 0..<100 where arrived < 12 {
            let batch = try router.receive(timeoutMilliseconds: 100, maximumCount: 4096)
            #expect(batch.count <= 8)
            arrived += batch.count
        }
        #expect(arrived == 12)
    }

    @Test func `bytes of no protocol harm nobody`() throws {
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        let port = try #require(
            router.boundEndpoint.split(separator: ":").last.flatMap { UInt16($0) })
        var state: UInt64 = 1
        let greeting: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0]
        for round in 0..<60 {
            let noise = (0..<200).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            Self.throwBytes(round % 2 == 0 ? noise : greeting + noise, at: port)
        }
        Self.throwBytes(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), at: port)
        try Sockets.send(Self.marker, by: dealer)
        var isServed = false
        for _ in 0..<100 where !isServed {
            isServed = try Sockets.next(&router).contains { $0.body == Self.marker }
        }
        #expect(isServed)
    }

    @Test func `a peer of an older protocol is refused in its handshake`() throws {
        // With it libzmq 4.3.4 aborts the process when the socket closes in the handshake.
        var router = try Sockets.router()
        let dealer = try Sockets.dealer(to: router.boundEndpoint)
        try Self.expectRefusalOfOldProtocols(at: router)
        try Sockets.send(Self.marker, by: dealer)
        #expect(try Sockets.bodies(1, from: &router) == [Self.marker])
    }

    @Test func `neither older protocols nor noise harm an encrypted socket`() throws {
        let fixture = try EncryptionFixture()
        var router = try fixture.router()
        try Self.expectRefusalOfOldProtocols(at: router)
        let port = try Self.port(of: router)
        // A greeting that promises CURVE, and what is no handshake after it.
        let greeting: [UInt8] =
            [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F, 3, 0] + Array("CURVE".utf8)
            + [UInt8](repeating: 0, count: 47)
        for round in 0..<40 {
            let hello = [4, 200, 5] + Array("HELLO".utf8) + [1, 0]
            let noise = (0..<300).map { UInt8(truncatingIfNeeded: ($0 * 31 + round * 7) % 251) }
            Self.throwBytes(greeting + hello + noise, at: port)
        }
        let dealer = try EncryptionFixture.dealer(
            to: router, fixture.authorizedKey("worker", .worker))
        try Sockets.send(Self.marker, by: dealer)
        #expect(try Sockets.bodies(1, from: &router) == [Self.marker])
    }

    private static func expectRefusalOfOldProtocols(at router: borrowing RouterSocket) throws {
        let port = try port(of: router)
        // ZMTP 1.0: the length of what follows, no flags, no identity; then frames.
        let unversioned: [UInt8] = [1, 0] + [5, 0] + Array("1.0 X".utf8.prefix(4))
        // A signature, revision 0 or 1, the type of the socket (DEALER), no identity, a frame.
        let signature: [UInt8] = [0xFF, 0, 0, 0, 0, 0, 0, 0, 1, 0x7F]
        for bytes in [unversioned, signature + [0, 5], signature + [1, 5, 0, 0, 0, 1, 88]] {
            #expect(isRefused(bytes, at: port))
        }
    }

    private static func port(of router: borrowing RouterSocket) throws -> UInt16 {
        try #require(router.boundEndpoint.split(separator: ":").last.flatMap { UInt16($0) })
    }

    private static let marker = Array("one that noise does not hit upon".utf8)

    /// Writes the bytes to a connection of its own, and closes it.
    private static func throwBytes(_ bytes: [UInt8], at port: UInt16) {
        let descriptor = connection(to: port)
        defer { close(descriptor) }
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Whether the other side closes the connection over these bytes.
    private static func isRefused(_ bytes: [UInt8], at port: UInt16) -> Bool {
        let descriptor = connection(to: port)
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience,
            socklen_t(MemoryLayout<timeval>.size))
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            return false
        }
        var answer = [UInt8](repeating: 0, count: 256)
        while true {
            let count = recv(descriptor, &answer, answer.count, 0)
            if count <= 0 { return count == 0 || errno == ECONNRESET }
        }
    }

    private static func connection(to port: UInt16) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        #expect(status == 0)
        return descriptor
    }
}
