/// What happens to the coordinator; every event comes with the moment at which it is handled.
package enum Event: Sendable {
    case received(from: SessionID, PeerMessage)
    /// The key of the session's worker was revoked.
    case revoked(SessionID)
    /// The folder of checkpoints answers.
    case checkpoint(CheckpointReport)
    /// Time has passed: handled after the messages of a batch, so that nobody is judged absent
    /// whose message already arrived.
    case clock
}
