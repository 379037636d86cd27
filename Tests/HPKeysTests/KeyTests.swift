import Foundation
import Testing

@testable import HPKeys

@Suite("Keys")
struct KeyTests {
    @Test func `text and bytes of Z85 are one to one`() {
        // The example of RFC 32.
        let bytes: [UInt8] = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B]
        #expect(Z85.encode(bytes) == "HelloWorld")
        #expect(Z85.decode("HelloWorld") == bytes)
        for value in [UInt8(0), 1, 127, 128, 254, 255] {
            let bytes = [UInt8](repeating: value, count: 32)
            #expect(Z85.decode(Z85.encode(bytes)) == bytes)
        }
    }

    @Test(arguments: ["HelloWorl", "Hello\"orld", "Hello,orld", "#####", "%nSc1", "Héllo", "     "])
    func `what is no Z85 is refused`(text: String) {
        #expect(Z85.decode(text) == nil)
    }

    @Test func `a pair is read again from its secret`() throws {
        for _ in 0..<20 {
            let pair = try KeyPair.generate()
            let again = try #require(try KeyPair(secretZ85: pair.secretZ85))
            #expect(again.publicKey == pair.publicKey)
            #expect(PublicKey(z85: pair.publicKey.z85) == pair.publicKey)
            #expect(pair.publicKey.bytes != pair.secret)
        }
        #expect(try KeyPair(secretZ85: "HelloWorld") == nil)
        #expect(PublicKey(z85: "HelloWorld") == nil)
    }

    @Test func `a fingerprint is the beginning of the key's SHA-256`() throws {
        let key = try #require(PublicKey(bytes: [UInt8](repeating: 0, count: 32)))
        // `head -c 32 /dev/zero | sha256sum`
        #expect(key.fingerprint == "66687aadf862bd77")
        #expect("\(key)" == key.fingerprint)
    }

    @Test func `nothing that prints a pair prints its secret`() throws {
        let pair = try KeyPair.generate()
        let client = ClientKey(pair: pair, coordinator: pair.publicKey)
        var dumped = ""
        dump(client, to: &dumped)
        let texts = [dumped, "\(pair)", String(reflecting: pair), "\(client)", "\([pair])"]
        let bytes = pair.secret.map { "\($0)" }.joined(separator: ", ")
        for text in texts {
            #expect(!text.contains(pair.secretZ85))
            #expect(!text.contains(bytes))
        }
    }

    @Test(arguments: ["a", "gpu-1", "x.y_z-0", String(repeating: "a", count: 64)])
    func `names are words`(name: String) {
        #expect(AuthorizedKey.isName(name))
    }

    @Test(arguments: [
        "", "-a", ".a", "_a", "a b", "a/b", "ä", "a\n", "a;b", String(repeating: "a", count: 65),
    ])
    func `what is no word is no name`(name: String) throws {
        let key = try KeyPair.generate().publicKey
        #expect(throws: KeyError.badName(name)) {
            try AuthorizedKey(name: name, role: .worker, publicKey: key, since: "today")
        }
    }
}
