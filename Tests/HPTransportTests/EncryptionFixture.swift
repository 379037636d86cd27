import Foundation
import Testing

@testable import HPKeys
@testable import HPTransport

/// A coordinator's keys in a folder of their own, and what they make.
final class EncryptionFixture {
    let folder: KeyFolder
    let pair: KeyPair
    let list: AllowList
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("hpcoord-test-\(UUID().uuidString)")
        folder = KeyFolder(dataDirectory: url.path)
        pair = try folder.open(at: "2026-01-31T12:00:00Z").pair
        list = try AllowList(path: folder.authorizedPath)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func router(
        fences: CurveFences = .all, in context: Context = .shared
    ) throws -> RouterSocket {
        try RouterSocket.listening(
            on: Endpoint(parsing: Sockets.anyPort), waker: Waker(),
            security: .curve(CurveServer(pair: pair, list: list, fences: fences)), in: context)
    }

    /// A key that the list lets in.
    func authorizedKey(_ name: String, _ role: Role) throws -> ClientKey {
        let key = try strangersKey()
        try folder.authorize(
            AuthorizedKey(
                name: name, role: role, publicKey: key.pair.publicKey, since: "today"))
        return key
    }

    /// A key that nobody authorized.
    func strangersKey() throws -> ClientKey {
        ClientKey(pair: try .generate(), coordinator: pair.publicKey)
    }

    static func dealer(
        to router: borrowing RouterSocket, _ key: ClientKey?, in context: Context = .shared
    ) throws -> DealerSocket {
        try DealerSocket(
            connect: Endpoint(parsing: router.boundEndpoint), waker: Waker(),
            reconnectMilliseconds: 10, key: key, in: context)
    }

    /// What the dealer's first handshake comes to, at most about ten seconds later.
    static func handshake(of dealer: borrowing DealerSocket) throws -> Handshake? {
        for _ in 0..<100 {
            if let handshake = dealer.takeHandshakes().first { return handshake }
            _ = try dealer.receive(timeoutMilliseconds: 100, maximumCount: 0)
        }
        return nil
    }
}
