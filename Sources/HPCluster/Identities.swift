package import HPSearch

/// One connection of a peer, as the transport names it; a peer that reconnects gets another.
package struct SessionID: Sendable, Hashable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }
}

/// Who a worker is: the identity that its spool keeps, and the start of its process.
package struct WorkerIdentity: Sendable, Hashable {
    /// 32 hexadecimal digits, random, made once per spool slot.
    package var id: String
    /// Names the process; a later one of the worker has a higher number.
    package var incarnation: UInt64
    /// What people read: `host/slot-0`.
    package var name: String

    package init(id: String, incarnation: UInt64, name: String) {
        self.id = id
        self.incarnation = incarnation
        self.name = name
    }
}

/// The right to run one attempt of a trial; the attempt is the fencing token.
package struct Lease: Sendable, Hashable {
    package var study: StudyID
    package var trial: Int
    package var attempt: Int

    package init(study: StudyID, trial: Int, attempt: Int) {
        self.study = study
        self.trial = trial
        self.attempt = attempt
    }
}

/// A trial of any study.
struct TrialKey: Sendable, Hashable {
    var study: StudyID
    var trial: Int

    init(study: StudyID, trial: Int) {
        self.study = study
        self.trial = trial
    }

    init(_ lease: Lease) {
        self.init(study: lease.study, trial: lease.trial)
    }
}

/// What an operator lets a worker do; it outlives the worker's and the coordinator's processes.
package enum WorkerStanding: String, Sendable, CaseIterable {
    /// It gets trials as any other.
    case released
    /// It finishes what it runs and gets nothing more.
    case draining
    /// It gets nothing, and its results are not believed.
    case quarantined
}

/// How an attempt ended.
package enum AttemptOutcome: String, Sendable, CaseIterable {
    case ok = "OK"
    case lost = "LOST"
    case preempted = "PREEMPTED"
    case crashed = "CRASHED"
    case outOfMemory = "OOM"
    case timeout = "TIMEOUT"
    case superseded = "SUPERSEDED"
}
