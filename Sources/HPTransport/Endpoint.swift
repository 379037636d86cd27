/// An address to listen on or to connect to.
package struct Endpoint: Sendable, Hashable {
    private enum Kind: Hashable {
        case tcp(host: String, isAnyPort: Bool)
        case ipc(path: String)
    }

    /// As it was written.
    package let text: String
    private let kind: Kind

    /// Reads `tcp://host:port`, the port `*` or 0 for any free one, or `ipc://path`.
    ///
    /// - Throws: `TransportError.malformedEndpoint`.
    package init(parsing text: String) throws(TransportError) {
        guard text.utf8.count <= 256, !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f }),
            let kind = Self.tcp(text) ?? Self.ipc(text)
        else { throw .malformedEndpoint(text) }
        self.text = text
        self.kind = kind
    }

    /// Reads an address to connect to.
    ///
    /// - Throws: `TransportError.malformedEndpoint`, `.unspecificEndpoint`.
    package init(connecting text: String) throws(TransportError) {
        try self.init(parsing: text)
        guard isSpecific else { throw .unspecificEndpoint(text) }
    }

    private static func ipc(_ text: String) -> Kind? {
        guard text.hasPrefix("ipc://"), text.count > 6 else { return nil }
        return .ipc(path: String(text.dropFirst("ipc://".count)))
    }

    private static func tcp(_ text: String) -> Kind? {
        guard text.hasPrefix("tcp://") else { return nil }
        let address = text.dropFirst("tcp://".count)
        guard let colon = address.lastIndex(of: ":") else { return nil }
        let host = address[..<colon]
        let port = address[address.index(after: colon)...]
        guard isHost(host), port == "*" || isPort(port) else { return nil }
        return .tcp(host: String(host), isAnyPort: port == "*" || UInt16(port) == 0)
    }

    private static func isPort(_ text: Substring) -> Bool {
        text.allSatisfy { ("0"..."9").contains($0) } && UInt16(text) != nil
    }

    /// A name, an IPv4 address, `*`, or an IPv6 address in brackets.
    private static func isHost(_ text: Substring) -> Bool {
        if text == "*" { return true }
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let inner = isBracketed ? text.dropFirst().dropLast() : text
        return !inner.isEmpty
            && inner.allSatisfy { character in
                character.isLetter || character.isNumber
                    || (isBracketed ? ":.%" : ".-_").contains(character)
            }
    }
}

extension Endpoint {
    /// Whether only processes of this machine can reach it.
    package var isLoopback: Bool {
        switch kind {
        case .ipc: true
        case .tcp(let host, _): host == "localhost" || host == "[::1]" || Self.isLoopback(host)
        }
    }

    /// 127.0.0.0/8, in full dotted notation.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Whether it names one place: what `*` stands for is known only to who listens.
    var isSpecific: Bool {
        switch kind {
        case .tcp(let host, let isAnyPort): host != "*" && !isAnyPort
        case .ipc(let path): path != "*"
        }
    }

    var isVersion6: Bool {
        if case .tcp(let host, _) = kind { host.hasPrefix("[") } else { false }
    }

    /// As `zmq_bind` takes it, which resolves no names.
    var bindText: String {
        guard case .tcp("localhost", _) = kind else { return text }
        return "tcp://127.0.0.1" + text.dropFirst("tcp://localhost".count)
    }

    /// The file of an `ipc://` endpoint; nil for all others.
    var socketPath: String? {
        guard case .ipc(let path) = kind, path != "*", !path.hasPrefix("@") else { return nil }
        return path
    }
}
