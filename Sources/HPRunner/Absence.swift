import HPCluster

/// How long no coordinator has known this worker, to be said once each time.
struct Absence {
    /// A coordinator that restarts is away for less.
    private static let remarkableSeconds = 10.0

    private var since: Instant?
    private var isSaid = false

    init(since: Instant) {
        self.since = since
    }

    /// Whether it has just become worth a word.
    mutating func isRemarkable(of session: WorkerSession, at now: Instant) -> Bool {
        guard !session.isConnected else {
            since = nil
            isSaid = false
            return false
        }
        let since = since ?? now
        self.since = since
        guard !isSaid, now.seconds(since: since) >= Self.remarkableSeconds else { return false }
        isSaid = true
        return true
    }
}
