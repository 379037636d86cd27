import HPCluster

/// A promise, and how to see it broken.
///
/// Checkers see what the simulation saw: bytes on the disk, frames that left or arrived. Nothing
/// is asked of the code that is checked.
protocol Checker {
    /// What a violation is called.
    static var name: String { get }

    /// Returns a sentence for each violation.
    ///
    /// - Parameter ledger: what was durable before the observation.
    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String]
}

/// Something that the simulation saw.
enum Observation {
    /// A coordinator process took up the journal, or an old one found room on its disk again; its
    /// clock shows `at`.
    case coordinatorStarted(at: Instant)
    /// Frames were handed to the coordinator, whose clock shows `at`.
    case handed([HandedFrame], at: Instant)
    /// A record became durable.
    case record(JournalRecord)
    /// Every record of a transaction is in the ledger now.
    case transaction
    /// What a new process reads from the disk.
    case recovered([JournalRecord])
    /// The coordinator's state after a turn, and the fold of what is durable.
    case state(live: ClusterState, durable: ClusterState)
    /// The turn has ended without a crash; whether the coordinator takes no results at present.
    case turnEnded(isDegraded: Bool)
    /// A message leaves the coordinator.
    case sent(CoordinatorMessage, to: SessionOwner)
    /// Something is asked of the folder of checkpoints, for this peer where there is one.
    case ordered(CheckpointOrder, by: SessionOwner?)
    /// A message arrived at a worker's process.
    case received(CoordinatorMessage, worker: Int)
    case workerStarted(Int, WorkerIdentity)
    case workerDied(Int)
    /// Results are on a worker's disk.
    case spooled([TrialReport], worker: Int)
    /// The worker's process let go of these results.
    case settled([Lease], worker: Int)
    /// What is on a worker's disk.
    case spool([Lease], worker: Int)
    /// No fault any more: workers that don't work now have no excuse.
    case healed
    /// A second passed without faults.
    case calmSecond(Calm)
    case ended(Ending)
}

/// A frame as the network delivered it.
struct HandedFrame {
    /// Nil when the bytes are no message.
    var message: PeerMessage?
    var authority: Authority
    var owner: SessionOwner
}

/// Whose session it is.
struct SessionOwner {
    var session: Int
    var party: Party
    /// The process of the worker that opened the session.
    var identity: WorkerIdentity?
}

/// The cluster at one second of the phase without faults.
struct Calm {
    struct Worker {
        var index: Int
        var identity: WorkerIdentity
        var isBusy: Bool
        var dataDigest: String
        var engineRevision: String
        /// The coordinator knows it, and may give it work.
        var isSettled: Bool
    }

    var seconds: Double
    var workers: [Worker]
    /// Studies that hand out.
    var demands: [StudyDemand]
    /// A worker died this second, for good, and held these leases.
    var dead: [Lease]
}

/// What a study could hand out.
struct StudyDemand {
    var study: Int
    var dataDigest: String?
    var engineRevision: String?
    /// Trials that wait, and that nobody goes on with.
    var waiting: [Int]
    /// Trials from this one on are not needed: an earlier one ends the study.
    var endingTrial: Int
}

/// How a simulation ended.
struct Ending {
    /// Every record, in order.
    var records: [JournalRecord]
    var live: ClusterState
    /// Why it ended before everything was done; empty when all is well.
    var unfinished: [String]
}

/// A promise that was broken.
package struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The name of the checker.
    package var checker: String
    package var explanation: String

    package var description: String { "\(checker): \(explanation)" }
}
