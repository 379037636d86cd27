import HPNet

/// Brings an archive into its part file: goes on where an earlier process ended, and starts over
/// where that can't be.
struct ArchiveDownload {
    let archive: DatasetArchive
    let part: PartFile
    let report: (FetchProgress) -> Void

    /// Returns when the part file is the archive, by its digest.
    func run() throws(DownloadError) {
        var mayStartOver = true
        while true {
            if part.byteCount > archive.byteCount { try part.clear() }
            let isResumed = part.byteCount > 0
            if try receiveRest(), try isWhole() { return }
            // What was there before may be of another version: without it there is no such doubt.
            guard isResumed, mayStartOver else {
                try part.clear()
                throw .otherContent(
                    url: archive.url, problem: "what it sends has not the archive's SHA-256")
            }
            mayStartOver = false
            try part.clear()
        }
    }

    private func isWhole() throws(DownloadError) -> Bool {
        try part.sha256 { report(.verifying(byteCount: $0)) } == archive.sha256
    }

    /// Whether all bytes are there; false when the server can't go on where the file ends.
    private func receiveRest() throws(DownloadError) -> Bool {
        let start = part.byteCount
        guard start < archive.byteCount else { return true }
        var headers: [String] = []
        if start > 0 {
            headers.append("Range: bytes=\(start)-")
            if let validator = part.validator { headers.append("If-Range: \(validator)") }
        }
        let receiver = Receiver(archive, part, start: start, report: report)
        let breakdown = try HTTPTransfer.get(archive.url, headers: headers, receiver: receiver)
        if receiver.cannotResume { return false }
        guard part.byteCount == archive.byteCount else {
            let got = part.byteCount
            throw .unavailable(
                url: archive.url,
                reason: (breakdown ?? "the server stopped sending")
                    + ", after \(got) of \(archive.byteCount) bytes",
                fix: got > 0
                    ? "the same command goes on from there"
                    : "check the network, and run the same command again")
        }
        return true
    }
}

/// Writes a response to the part file.
private final class Receiver: HTTPReceiver {
    private(set) var cannotResume = false
    private let archive: DatasetArchive
    private let part: PartFile
    private let start: Int
    private let report: (FetchProgress) -> Void

    init(
        _ archive: DatasetArchive, _ part: PartFile, start: Int,
        report: @escaping (FetchProgress) -> Void
    ) {
        self.archive = archive
        self.part = part
        self.start = start
        self.report = report
    }

    func begin(_ head: HTTPHead) throws(DownloadError) {
        switch head.status {
        case 200:
            try requireLength(head["content-length"])
            // The whole file comes: the server ignores ranges, or has another version by now.
            if start > 0 { try part.clear() }
            part.validator = Self.validator(of: head)
        case 206:
            guard let range = ContentRange(head["content-range"] ?? ""), range.start == start else {
                return cannotResume = true
            }
            try requireLength(range.total)
        case 416 where start > 0: cannotResume = true
        default:
            throw .unavailable(
                url: archive.url, reason: "the server answers \(head.status)",
                fix: "try again later, or unpack the archive by hand")
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) throws(DownloadError) {
        guard !cannotResume else { return }
        guard part.byteCount + bytes.count <= archive.byteCount else {
            try part.clear()
            throw .otherContent(
                url: archive.url,
                problem: "it sends more than the archive's \(archive.byteCount) bytes")
        }
        try part.append(bytes)
        report(.downloading(byteCount: part.byteCount, startByteCount: start))
    }

    private func requireLength(_ length: String?) throws(DownloadError) {
        guard let length, let byteCount = Int(length), byteCount != archive.byteCount else {
            return
        }
        throw .otherContent(
            url: archive.url,
            problem: "it has \(byteCount) bytes, the archive has \(archive.byteCount)")
    }

    /// A weak tag names no bytes.
    private static func validator(of head: HTTPHead) -> String? {
        if let tag = head["etag"], tag.hasPrefix("\"") { return tag }
        return head["last-modified"]
    }
}

/// `bytes 100-199/200`.
private struct ContentRange {
    var start: Int
    /// Nil where the server doesn't know.
    var total: String?

    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bytes" else { return nil }
        let sides = parts[1].split(separator: "/")
        guard sides.count == 2,
            let start = sides[0].split(separator: "-").first.flatMap({ Int($0) })
        else { return nil }
        self.start = start
        total = sides[1] == "*" ? nil : String(sides[1])
    }
}
