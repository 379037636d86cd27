import HPDownload

/// The live line of a download on a terminal; a pipe gets none.
final class FetchProgressLine {
    private let isShown = Output.errorIsTerminal
    private let totalByteCount: Int
    private let clock = ContinuousClock()
    private let began: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant?

    init(totalByteCount: Int) {
        self.totalByteCount = totalByteCount
        began = clock.now
    }

    func show(_ progress: FetchProgress) {
        guard isShown else { return }
        let now = clock.now
        if let lastShown, now - lastShown < .milliseconds(100) { return }
        lastShown = now
        Output.writeError(
            "\r\u{1B}[2K"
                + Self.text(progress, of: totalByteCount, seconds: (now - began) / .seconds(1)))
    }

    func clear() {
        guard lastShown != nil else { return }
        Output.writeError("\r\u{1B}[2K")
        lastShown = nil
    }

    /// `fetching 81.1 of 162.2 MiB  50%  9.5 MiB/s  ETA 9 s`.
    static func text(_ progress: FetchProgress, of total: Int, seconds: Double) -> String {
        switch progress {
        case .unpacking: return "unpacking"
        case .verifying(let byteCount): return "verifying  \(percent(byteCount, of: total))"
        case .downloading(let byteCount, let start):
            var parts = [
                "fetching \(mebibytes(byteCount)) of \(mebibytes(total)) MiB",
                percent(byteCount, of: total),
            ]
            let rate = Double(byteCount - start) / max(seconds, 0.001)
            if rate > 0 {
                let rest = Int((Double(total - byteCount) / rate).rounded(.up))
                parts += ["\(mebibytes(Int(rate))) MiB/s", "ETA \(rest) s"]
            }
            return parts.joined(separator: "  ")
        }
    }

    private static func percent(_ byteCount: Int, of total: Int) -> String {
        "\(100 * byteCount / max(total, 1))%"
    }

    private static func mebibytes(_ byteCount: Int) -> String {
        let tenths = (10 * byteCount) >> 20
        return "\(tenths / 10).\(tenths % 10)"
    }
}
