/// A known defect, put between the real parts to see whether the checkers find it.
package enum KnownBug: String, Sendable, CaseIterable {
    case acknowledgesBeforeCommit = "ack-before-commit"
    case skipsSync = "no-fsync"
    case hidesFullDisk = "full-disk-hidden"
    case changesRecord = "replay-differs-from-live"
    case dropsRecord = "record-dropped"
    case splitsTransaction = "lost-and-requeue-in-two-transactions"
    case reusesAttempt = "attempt-reused"
    case commitsTwice = "duplicate-committed-twice"
    case breaksBarrier = "stage-barrier-broken"
    case convictsBundles = "lost-bundle-convicts-all"
    case grantsNoAmnesty = "no-amnesty"
    case ignoresTickGap = "tick-gap-ignored"
    case keepsTheLost = "lost-workers-kept"
    case acceptsAfterCancel = "accept-after-cancel"
    case answersWrongLease = "verdict-to-wrong-lease"
    case cancelsLostTrials = "cancel-lost-trial"
    case leasesTwice = "lease-to-two-workers"
    case samplesByArrival = "sampling-by-arrival"
    case dropsLateResults = "late-result-dropped"
    case trustsAnybody = "results-of-anybody"
    case ignoresRoles = "roles-ignored"
    case dropsSpoolEarly = "spool-dropped-before-verdict"
    case skipsSpoolSync = "spool-not-synchronized"
    case trainsByMachine = "machine-changes-bits"
    case trainsByBundle = "bundle-changes-bits"
    case reportsByArrival = "arrival-order-in-report"
    case mixesCheckpoints = "checkpoint-of-other-bytes"
    case takesCheckpoints = "checkpoint-of-anybody"
    case keepsCheckpoints = "checkpoints-kept-for-ever"

    /// Checkers that can see it: at least one of them does.
    package var checkers: Set<String> {
        switch self {
        case .acknowledgesBeforeCommit, .skipsSync, .hidesFullDisk:
            [DurabilityChecker.name, ReplayChecker.name, AcknowledgementChecker.name]
        case .changesRecord, .dropsRecord: [ReplayChecker.name, FencingChecker.name]
        case .splitsTransaction: [ChargeChecker.name, PlanChecker.name]
        case .reusesAttempt: [AttemptChecker.name]
        case .commitsTwice: [TerminalChecker.name]
        case .breaksBarrier: [BarrierChecker.name]
        case .convictsBundles: [ChargeChecker.name]
        case .grantsNoAmnesty, .ignoresTickGap: [PatienceChecker.name]
        case .keepsTheLost: [CalmChecker.name, LivenessChecker.name]
        case .acceptsAfterCancel, .answersWrongLease:
            [DurabilityChecker.name, AcknowledgementChecker.name]
        case .cancelsLostTrials: [WelcomeChecker.name, SpoolChecker.name]
        case .leasesTwice, .samplesByArrival: [AssignmentChecker.name]
        case .dropsLateResults: [WelcomeChecker.name]
        case .trustsAnybody: [FencingChecker.name]
        case .mixesCheckpoints: [CheckpointChecker.name]
        case .takesCheckpoints: [CheckpointChecker.name]
        case .keepsCheckpoints: [LivenessChecker.name]
        case .ignoresRoles: [AuthorityChecker.name]
        case .dropsSpoolEarly, .skipsSpoolSync: [SpoolChecker.name]
        case .trainsByMachine, .trainsByBundle, .reportsByArrival: [PurityChecker.name]
        }
    }
}
