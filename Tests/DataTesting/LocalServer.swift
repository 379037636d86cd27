import Foundation
import Synchronization

/// An HTTP server on a free port of the loopback that misbehaves as it is told.
package final class LocalServer: Sendable {
    /// What it does from the next request on.
    package struct Behavior: Sendable {
        package var content: [UInt8]
        /// Answers with this status and no content.
        package var status: Int?
        /// Answers the first request with a redirection to itself.
        package var redirects = false
        package var honorsRanges = true
        /// Added to the start of a range that it names, so that it is wrong.
        package var rangeShift = 0
        package var tag: String? = "\"one\""
        package var announcesLength = true
        /// Closes the connection after that many bytes of a body.
        package var closesAfter: Int?
        /// Sends nothing more after that many bytes of a body, and keeps the connection.
        package var stallsAfter: Int?

        package init(content: [UInt8]) {
            self.content = content
        }
    }

    /// The header lines of a request, names in lower case.
    package typealias Request = [String: String]

    private struct State {
        var behavior: Behavior
        var requests: [Request] = []
        var connections: [Int32] = []
        var isOver = false
    }

    package let port: UInt16
    private let listener: Int32
    private let state: Mutex<State>

    package init(_ behavior: Behavior) throws {
        state = Mutex(State(behavior: behavior))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                [
                    bind(descriptor, address, length), listen(descriptor, 16),
                    getsockname(descriptor, address, &length),
                ]
            }
        }
        guard result == [0, 0, 0] else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        listener = descriptor
        Thread.detachNewThread { [self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread.detachNewThread { self.serve(connection) }
            }
            // By the thread that accepts: the number of a closed socket is soon another server's.
            close(listener)
        }
    }

    package var url: String { "http://127.0.0.1:\(port)/archive.tar.gz" }

    package var requests: [Request] { state.withLock { $0.requests } }

    package func behave(_ change: (inout Behavior) -> Void) {
        state.withLock { change(&$0.behavior) }
    }

    /// Closes everything.
    package func stop() {
        state.withLock { state in
            guard !state.isOver else { return }
            state.isOver = true
            for socket in [listener] + state.connections { shutdown(socket, Int32(SHUT_RDWR)) }
        }
    }

    private func serve(_ connection: Int32) {
        guard
            state.withLock({ state in
                if !state.isOver { state.connections.append(connection) }
                return !state.isOver
            })
        else {
            close(connection)
            return
        }
        defer {
            state.withLock { state in
                state.connections.removeAll { $0 == connection }
                close(connection)
            }
        }
        guard let request = readRequest(connection) else { return }
        let behavior = state.withLock { state in
            state.requests.append(request)
            defer { state.behavior.redirects = false }
            return state.behavior
        }
        answer(request, behavior, on: connection)
    }

    private func readRequest(_ connection: Int32) -> Request? {
        var text = ""
        while !text.contains("\r\n\r\n") {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = recv(connection, &bytes, bytes.count, 0)
            guard count > 0 else { return nil }
            text += String(decoding: bytes[..<count], as: UTF8.self)
        }
        var request: Request = [:]
        for line in text.split(separator: "\r\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            request[line[..<colon].lowercased()] = String(value)
        }
        return request
    }

    private func answer(_ request: Request, _ behavior: Behavior, on connection: Int32) {
        let total = behavior.content.count
        if behavior.redirects {
            return send(head(302, ["Location: \(url)", "Content-Length: 0"]), on: connection)
        }
        if let status = behavior.status {
            let page = Array("no such thing".utf8)
            return send(head(status, ["Content-Length: \(page.count)"]) + page, on: connection)
        }
        var lines = behavior.tag.map { ["ETag: \($0)"] } ?? []
        let start = start(of: request, behavior)
        if let start, start >= total {
            return send(
                head(416, lines + ["Content-Range: bytes */\(total)", "Content-Length: 0"]),
                on: connection)
        }
        let body = Array(behavior.content[(start ?? 0)...])
        if let start {
            lines.append(
                "Content-Range: bytes \(start + behavior.rangeShift)-\(total - 1)/\(total)")
        }
        if behavior.announcesLength { lines.append("Content-Length: \(body.count)") }
        let limit = min(behavior.closesAfter ?? .max, behavior.stallsAfter ?? .max, body.count)
        send(head(start == nil ? 200 : 206, lines) + body[..<limit], on: connection)
        if behavior.stallsAfter != nil {
            var byte: UInt8 = 0
            _ = recv(connection, &byte, 1, 0)
        }
    }

    /// Of the range that is asked for; nil for everything.
    private func start(of request: Request, _ behavior: Behavior) -> Int? {
        guard behavior.honorsRanges, let range = request["range"] else { return nil }
        if let condition = request["if-range"], condition != behavior.tag { return nil }
        return Int(range.drop { $0 != "=" }.dropFirst().prefix { $0 != "-" })
    }

    private func head(_ status: Int, _ lines: [String]) -> [UInt8] {
        let all = ["HTTP/1.1 \(status) Whatever"] + lines + ["Connection: close", "", ""]
        return Array(all.joined(separator: "\r\n").utf8)
    }

    private func send(_ bytes: [UInt8], on connection: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Foundation.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}
