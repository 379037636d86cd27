import Testing

@testable import HPTransport

@Suite("Endpoints")
struct EndpointTests {
    @Test(arguments: [
        "", "5231", "tcp://", "tcp://127.0.0.1", "tcp://127.0.0.1:", "tcp://127.0.0.1:65536",
        "tcp://127.0.0.1:+5", "tcp://127.0.0.1:-1", "tcp://127.0.0.1:abc", "tcp://127.0.0.1:１",
        "udp://127.0.0.1:1", "tcp:// 1:1", "tcp://::1:5231", "tcp://[]:1", "tcp://[::1:1", "ipc://",
        "tcp://a/b:1", "tcp://a;b:1", "tcp://é:1", "127.0.0.1:5231", "TCP://127.0.0.1:1",
        "tcp://\(String(repeating: "a", count: 300)):1",
    ])
    func `a malformed address is refused`(address: String) {
        #expect(throws: TransportError.malformedEndpoint(address)) {
            try Endpoint(parsing: address)
        }
    }

    @Test(arguments: [
        "tcp://127.0.0.1:5231", "tcp://127.8.9.10:1", "tcp://localhost:*", "tcp://[::1]:1",
        "tcp://127.0.0.1:0", "ipc:///run/x", "ipc://@x",
    ])
    func `loopback addresses are known`(address: String) throws {
        #expect(try Endpoint(parsing: address).isLoopback)
    }

    @Test(arguments: [
        "tcp://0.0.0.0:5999", "tcp://*:5999", "tcp://10.0.0.1:5999", "tcp://example.org:5999",
        "tcp://127.0.0.1.example.org:5999", "tcp://[::]:5999", "tcp://127.0.0:1",
        "tcp://[::ffff:127.0.0.1]:1", "tcp://lo:1",
    ])
    func `a bind off loopback is refused without encryption`(address: String) throws {
        let endpoint = try Endpoint(parsing: address)
        #expect(!endpoint.isLoopback)
        #expect(throws: TransportError.bindOffLoopback(address)) {
            _ = try RouterSocket.listening(on: endpoint, waker: Waker())
        }
    }

    @Test(arguments: ["tcp://127.0.0.1:*", "tcp://127.0.0.1:0", "tcp://*:5231", "ipc://*"])
    func `an address without a place can't be connected to`(address: String) {
        #expect(throws: TransportError.unspecificEndpoint(address)) {
            _ = try DealerSocket(
                connect: Endpoint(parsing: address), waker: Waker(), reconnectMilliseconds: 10)
        }
    }

    @Test func `every error is one line that names the address`() {
        let errors: [TransportError] = [
            .malformedEndpoint("ADDRESS"), .unspecificEndpoint("ADDRESS"),
            .bindOffLoopback("ADDRESS"), .addressInUse("ADDRESS"),
            .failed(operation: "listening on ADDRESS", explanation: "no"),
        ]
        for error in errors {
            #expect(error.description.contains("ADDRESS"))
            #expect(!error.description.contains("\n"))
        }
        #expect(errors.map(\.isAddressInUse) == [false, false, false, true, false])
    }
}
