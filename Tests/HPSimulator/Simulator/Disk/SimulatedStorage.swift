import HPCluster
import HPSearch

/// What a simulated disk says, or what ends the process that asks it.
enum DiskFailure: JournalFailure, Hashable, CustomStringConvertible {
    case full
    case failed(String)
    /// The process was killed in the middle of the call, perhaps with the host's power.
    case killed(losesPower: Bool)

    var isRecoverable: Bool { self == .full }

    var description: String {
        switch self {
        case .full: "the simulated disk is full"
        case .failed(let explanation): "the simulated disk failed: \(explanation)"
        case .killed: "the process was killed"
        }
    }
}

/// What happens to the next transaction.
enum CommitFault: Hashable {
    case inputError
    case killedBefore(losesPower: Bool)
    case killedWhileWriting(losesPower: Bool)
    case killedAfter(losesPower: Bool)
}

/// The coordinator's disk: it outlives processes, and knows what would survive a loss of power.
protocol SimulatedStorage: AnyObject {
    /// Whether there is no room.
    var isFull: Bool { get set }
    /// What happens to the next transaction; nil for nothing.
    var fault: CommitFault? { get set }
    /// Whether a commit waits for the disk; a defect may forget it.
    var synchronizes: Bool { get set }

    /// Opens the journal for a new process.
    func open() throws(DiskFailure)
    func commit(_ records: [JournalRecord], recordings: [RecordingsRecord]) throws(DiskFailure)
    func records() throws(DiskFailure) -> [JournalRecord]
    /// What a trial's winning attempt recorded; nil where there is nothing.
    func recordings(study: Int, trial: Int) throws(DiskFailure) -> TrialRecordings?
    /// The process is gone; what was not synchronized survives that, but not a loss of power.
    func crash(losesPower: Bool, _ tally: inout Tally)
    /// Transactions that became durable since the last call, as records read from bytes.
    func takeSynchronized() throws(DiskFailure) -> [[JournalRecord]]
}
