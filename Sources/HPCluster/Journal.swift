/// A durable sequence of records, with the recordings that belong to them.
package protocol Journal {
    associatedtype Failure: JournalFailure

    /// Makes records and recordings durable in one transaction; returns when they are on the disk.
    ///
    /// - Throws: what the disk said; nothing of the transaction is kept when that is recoverable.
    func commit(_ records: [JournalRecord], recordings: [RecordingsRecord]) throws(Failure)

    /// Every record, in the order of their commits.
    ///
    /// - Throws: what the disk said.
    func records() throws(Failure) -> [JournalRecord]

    /// Whether there is room for more than a record or two: asked before work goes on that stood
    /// still for want of room.
    var hasRoom: Bool { get }
}

extension Journal {
    package var hasRoom: Bool { true }
}

/// Why a journal didn't take or give records.
package protocol JournalFailure: Error {
    /// Whether the same transaction may succeed later in this process.
    var isRecoverable: Bool { get }
}

/// What may be said now that the records it rests on are durable.
///
/// `Journal.commit` makes it and nothing else can: outside this module the messages of `Effects`
/// can't be read, so none can leave before its commit.
package struct Committed: Sendable {
    package let messages: [Outbound]
    package let checkpoints: [CheckpointOrder]
    package let notices: [String]

    fileprivate init(_ effects: Effects) {
        messages = effects.messages
        checkpoints = effects.checkpoints
        notices = effects.notices
    }
}

extension Journal {
    /// Makes durable what the effects of a batch say is so, and releases their messages.
    ///
    /// - Throws: what the disk said; no message is released then.
    package func commit(_ effects: Effects) throws(Failure) -> Committed {
        try commit(effects.journal, recordings: effects.recordings)
        return Committed(effects)
    }
}
