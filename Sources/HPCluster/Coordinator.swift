import HPSearch
import OrderedCollections

/// The coordinator: durable state, sessions, and the only way in, `handle`.
///
/// The same state, event and moment give the same effects. The caller commits what the effects
/// say is durable before it sends a message; when a commit fails it drops the coordinator and
/// builds another by replay.
package struct Coordinator: Sendable {
    package private(set) var state: ClusterState
    let limits: ClusterLimits
    var peers: OrderedDictionary<SessionID, Peer> = [:]
    /// Whose worker runs a lease.
    var holders: [Lease: SessionID] = [:]
    /// Trials that some worker goes on with although they were given up as lost.
    var claimed: Set<TrialKey> = []
    /// Workers that are gone, by id, the last one gone at the end.
    var departed: OrderedDictionary<String, DepartedWorker> = [:]
    /// Leases that the journal holds open are kept for their workers until then.
    var amnestyUntil: Instant
    var lastHandled: Instant
    /// What lies beside the journal of trials that run.
    var shelf = CheckpointShelf()
    /// Requests that came before the folder was listed; nil from then on.
    var earlyRequests: [EarlyRequest]? = []
    var effects = Effects()
    /// Whether something changed that may let work be handed out.
    var mayAssign = false

    /// Takes up a journal: a new coordinator epoch begins with `start`.
    ///
    /// - Throws: `ClusterError.journalInconsistent`.
    package init(
        replaying records: [JournalRecord], limits: ClusterLimits = ClusterLimits(),
        at now: Instant
    ) throws(ClusterError) {
        self.state = try ClusterState(replaying: records)
        self.limits = limits
        self.amnestyUntil = now
        self.lastHandled = now
    }

    /// Opens a coordinator epoch; handled once, before any other event.
    package mutating func start(at now: Instant) -> Effects {
        amnestyUntil = now.advanced(
            bySeconds: max(limits.amnestySeconds, 3 * limits.heartbeatSeconds))
        lastHandled = now
        record(.coordinatorStarted(epoch: state.epoch + 1))
        effects.checkpoints.append(.list)
        for run in state.studies where !run.study.state.isTerminal {
            advance(run.study.id)
        }
        return takeEffects()
    }

    /// Takes in one event.
    package mutating func handle(_ event: Event, at now: Instant) -> Effects {
        compensateSuspension(at: now)
        switch event {
        case .received(let session, let message):
            receive(message, from: session, at: now)
        case .revoked(let session): revoke(session)
        case .checkpoint(let report): take(report)
        case .clock:
            expireSessions(at: now)
            expireAmnesty(at: now)
        }
        assignWork(at: now)
        return takeEffects()
    }

    /// When `handle(.clock, at:)` has something to do, if ever.
    package var nextDeadline: Instant? {
        var deadlines = peers.values.map(deadline)
        if hasOrphans { deadlines.append(amnestyUntil) }
        return deadlines.min()
    }

    // MARK: - Shared by the handlers

    /// Takes in a fact that the journal will hold.
    ///
    /// - Precondition: the fact follows from the state: a contradiction is a programmer error.
    mutating func record(_ record: JournalRecord) {
        let contradiction = state.apply(record)
        precondition(contradiction == nil, contradiction ?? "")
        effects.journal.append(record)
        tidyCheckpoints(after: record)
    }

    mutating func send(_ message: CoordinatorMessage, to session: SessionID) {
        effects.messages.append(Outbound(session: session, message: message))
    }

    mutating func notice(_ text: String) {
        effects.notices.append(text)
    }

    private mutating func takeEffects() -> Effects {
        defer { effects = Effects() }
        return effects
    }

    /// A coordinator that was itself suspended judges nobody by the time it slept.
    private mutating func compensateSuspension(at now: Instant) {
        let gapSeconds = now.seconds(since: lastHandled)
        lastHandled = now
        guard gapSeconds > limits.suspensionSeconds else { return }
        for index in peers.values.indices {
            let lastHeard = peers.values[index].lastHeard
            peers.values[index].lastHeard = lastHeard.advanced(bySeconds: gapSeconds)
        }
        amnestyUntil = amnestyUntil.advanced(bySeconds: gapSeconds)
        notice("the coordinator was suspended for \(Int(gapSeconds)) s: deadlines moved on")
    }
}
