import CCurl
import HPNet

/// The head of a response.
struct HTTPHead {
    var status = 0
    /// Names in lower case.
    private var fields: [String: String] = [:]

    subscript(name: String) -> String? { fields[name] }

    /// Takes a line; whether it was the last of the head.
    mutating func take(_ line: String) -> Bool {
        let text = line.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        if text.hasPrefix("HTTP/") {
            self = HTTPHead()
            status = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...]
            fields[text[..<colon].lowercased()] = String(value.trimmingBlanks)
        }
        return text.isEmpty
    }

    /// Whether another response follows this one.
    var isInterim: Bool { (100..<200).contains(status) || (300..<400).contains(status) }
}

/// What a transfer's bytes go to.
protocol HTTPReceiver: AnyObject {
    /// The head is there, the body follows.
    func begin(_ head: HTTPHead) throws(DownloadError)

    /// The next bytes of the body; no more are read from the network until it returns.
    func receive(_ bytes: UnsafeRawBufferPointer) throws(DownloadError)
}

/// One GET request.
enum HTTPTransfer {
    private static let connectTimeoutSeconds = 30
    private static let stallTimeoutSeconds = 60

    /// Gets a URL; nil when the whole response came, or why it broke off.
    ///
    /// - Throws: `DownloadError.noClient`, or what the receiver throws.
    static func get(
        _ url: String, headers: [String], receiver: any HTTPReceiver
    ) throws(DownloadError) -> String? {
        guard ccurl_load() != 0 else { throw .noClient }
        let exchange = Exchange(receiver)
        var message = [CChar](repeating: 0, count: 256)
        let code = url.withCString { url in
            withCStrings(headers) { headers in
                var request = ccurl_request(
                    url: url, headers: headers, head: takeHead, body: takeBody,
                    context: Unmanaged.passUnretained(exchange).toOpaque(),
                    connect_timeout_seconds: connectTimeoutSeconds,
                    stall_timeout_seconds: stallTimeoutSeconds)
                return ccurl_get(&request, &message)
            }
        }
        if let failure = exchange.failure { throw failure }
        guard code != 0 else { return nil }
        let reason = String(decoding: message.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
        return reason.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// The receiver's errors can't travel through C: they wait here.
    private final class Exchange {
        var failure: DownloadError?
        private let receiver: any HTTPReceiver
        private var head = HTTPHead()

        init(_ receiver: any HTTPReceiver) {
            self.receiver = receiver
        }

        func takeHead(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
            let isLast = head.take(String(decoding: bytes, as: UTF8.self))
            if isLast, !head.isInterim { try receiver.begin(head) }
        }

        func takeBody(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
            if !head.isInterim { try receiver.receive(bytes) }
        }

        static func from(_ context: UnsafeMutableRawPointer?) -> Exchange? {
            context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
        }
    }

    private static let takeHead: ccurl_take = { context, bytes, byteCount in
        guard let exchange = Exchange.from(context) else { return 1 }
        do throws(DownloadError) {
            try exchange.takeHead(UnsafeRawBufferPointer(start: bytes, count: byteCount))
            return 0
        } catch {
            exchange.failure = error
            return 1
        }
    }

    private static let takeBody: ccurl_take = { context, bytes, byteCount in
        guard let exchange = Exchange.from(context) else { return 1 }
        do throws(DownloadError) {
            try exchange.takeBody(UnsafeRawBufferPointer(start: bytes, count: byteCount))
            return 0
        } catch {
            exchange.failure = error
            return 1
        }
    }

    /// The strings for C, ended by a null pointer.
    private static func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        var bytes: [CChar] = []
        let offsets = strings.map { string in
            let offset = bytes.count
            bytes += string.utf8CString
            return offset
        }
        return bytes.withUnsafeBufferPointer { bytes in
            body(offsets.map { bytes.baseAddress?.advanced(by: $0) } + [nil])
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
