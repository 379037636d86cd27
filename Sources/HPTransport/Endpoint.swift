/// An address to listen on or to connect to.
package struct Endpoint: Sendable, Hashable {
    private enum Kind: Hashable {
        case tcp(host: String)
        case ipc
    }

    /// As libzmq takes it.
    package let text: String
    private let kind: Kind

    /// Reads `tcp://host:port`, the port `*` for any free one, or `ipc://path`.
    ///
    /// - Throws: `TransportError.malformedEndpoint`.
    package init(parsing text: String) throws(TransportError) {
        self.text = text
        guard text.utf8.count <= 256, !text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7f })
        else { throw .malformedEndpoint(text) }
        if text.hasPrefix("ipc://"), text.count > 6 {
            kind = .ipc
            return
        }
        guard text.hasPrefix("tcp://") else { throw .malformedEndpoint(text) }
        let address = text.dropFirst("tcp://".count)
        guard let colon = address.lastIndex(of: ":") else { throw .malformedEndpoint(text) }
        let host = address[..<colon]
        let port = address[address.index(after: colon)...]
        let isPort = port == "*" || Int(port).map { (1...65535).contains($0) } == true
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isPort, !host.isEmpty, isBracketed || !host.contains(":"), !host.contains("/") else {
            throw .malformedEndpoint(text)
        }
        kind = .tcp(host: String(host))
    }

    /// Whether only processes of this machine can reach it.
    package var isLoopback: Bool {
        switch kind {
        case .ipc: true
        case .tcp(let host): host == "localhost" || host == "[::1]" || Self.isLoopback(host)
        }
    }

    /// 127.0.0.0/8, in full dotted notation.
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    var isVersion6: Bool {
        if case .tcp(let host) = kind { host.hasPrefix("[") } else { false }
    }
}
