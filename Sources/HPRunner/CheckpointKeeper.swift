import HPCluster
import HPNet

/// Saves the checkpoints of a bundle when half a minute of work would be lost without.
struct CheckpointKeeper {
    /// A checkpoint of less isn't worth its wait for the disk.
    static let usualWorthSeconds = 30.0

    private let store: CheckpointStore?
    private let worthSeconds: Double
    private let clock: @Sendable () -> Instant
    private var savedAt: Instant
    private var isFirstEpoch = true

    /// - Parameter store: nil to save nothing.
    init(
        store: CheckpointStore?, worthSeconds: Double, clock: @escaping @Sendable () -> Instant
    ) {
        self.store = store
        self.worthSeconds = worthSeconds
        self.clock = clock
        savedAt = clock()
    }

    /// Called after each epoch with the members that go on.
    mutating func epochEnded(
        _ members: [Int], of trainings: [TrialTraining], in trainer: BundleTrainer
    ) {
        if isFirstEpoch { store?.clear(trainings.map(\.member.lease)) }
        isFirstEpoch = false
        guard let store, clock().seconds(since: savedAt) >= worthSeconds else { return }
        for member in members { store.save(trainer.checkpoint(of: member), of: trainings[member]) }
        savedAt = clock()
    }
}
