/// What a batch of events asks of the world, in this order: commit, then send, then tell.
package struct Effects: Sendable {
    /// Committed in one transaction before any message leaves.
    package var journal: [JournalRecord] = []
    /// Stored in the same transaction, beside the journal.
    package var recordings: [RecordingsRecord] = []
    /// Not for other modules: `Journal.commit` releases them.
    var messages: [Outbound] = []
    /// Not before the commit either: a trial is over when the journal says so.
    var checkpoints: [CheckpointOrder] = []
    /// For logs; may be dropped.
    var notices: [String] = []

    package init() {}
}

/// A message and the session it goes to.
package struct Outbound: Sendable, Hashable {
    package var session: SessionID
    package var message: CoordinatorMessage

    package init(session: SessionID, message: CoordinatorMessage) {
        self.session = session
        self.message = message
    }
}

extension Effects {
    /// What two events ask of the world, one after the other.
    package mutating func append(_ next: Effects) {
        journal.append(contentsOf: next.journal)
        recordings.append(contentsOf: next.recordings)
        messages.append(contentsOf: next.messages)
        checkpoints.append(contentsOf: next.checkpoints)
        notices.append(contentsOf: next.notices)
    }
}
