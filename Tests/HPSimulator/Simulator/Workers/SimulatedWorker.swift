import HPCluster
import HPSearch

/// A worker: what survives its processes, and the process that runs now, if one does.
struct SimulatedWorker {
    /// What is the same for every process of this worker.
    struct Traits {
        var id: String
        var name: String
        var slots: Int
        var dataDigest: String
        var engineRevision: String
        var isLiar: Bool
    }

    let traits: Traits
    var spool = SimulatedSpool()
    /// Counts processes from 1.
    var life = 0
    /// Nil while no process runs.
    var process: WorkerProcess?
}

/// A process of a worker: the session, and slots that train.
struct WorkerProcess {
    var session: WorkerSession
    let incarnation: UInt64
    /// Seconds by which the process's clock is ahead of the simulation's.
    let clockOffsetSeconds: Double
    /// The connection, a place in `Sessions`; nil while there is none.
    var connection: Int?
    var isPaused = false
    /// Only the wake-up that was scheduled last counts.
    var wakeToken = 0
    /// What arrived or ended while the process was paused.
    var mail: [Mail] = []
    var orders: [WorkerSession.Order] = []
    /// In the order in which they began.
    var bundles: [RunningBundle] = []
    /// Only asked, never iterated.
    var canceled: Set<Lease> = []
    var nextBundle = 0
    /// Parts of checkpoints on the disk; only asked, never iterated.
    var fetched: [Lease: [UInt8]] = [:]

    enum Mail {
        case connection
        case frame([UInt8])
        case memberEnd(bundle: Int, member: Int)
    }

    /// What the process trains or holds a result of.
    var held: [Lease] { session.held }
}

/// Trials that a slot trains together.
struct RunningBundle {
    struct Member {
        var lease: Lease
        var seconds: Double
        /// Nil when the trial kills the process.
        var outcome: TrialReport.Outcome?
        var hasEnded = false
    }

    var number: Int
    var order: WorkerSession.Order
    var members: [Member]
    var gathered: [TrialReport] = []
    var gatheringSince: Instant
}
