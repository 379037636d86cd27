import HPCluster
import HPSearch

/// Enumerations of the core and their numbers on the wire.
extension Trial.State {
    var wire: Hpcoord_V1_TrialState {
        switch self {
        case .waiting: .trialWaiting
        case .running: .trialRunning
        case .complete: .trialComplete
        case .pruned: .trialPruned
        case .diverged: .trialDiverged
        case .fail: .trialFail
        case .canceled: .trialCanceled
        }
    }

    init(wire: Hpcoord_V1_TrialState) throws(WireError) {
        switch wire {
        case .trialWaiting: self = .waiting
        case .trialRunning: self = .running
        case .trialComplete: self = .complete
        case .trialPruned: self = .pruned
        case .trialDiverged: self = .diverged
        case .trialFail: self = .fail
        case .trialCanceled: self = .canceled
        case .unspecified, .UNRECOGNIZED: throw .field("trial state")
        }
    }
}

extension Study.State {
    var wire: Hpcoord_V1_StudyState {
        switch self {
        case .queued: .studyQueued
        case .running: .studyRunning
        case .paused: .studyPaused
        case .stopping: .studyStopping
        case .complete: .studyComplete
        case .failed: .studyFailed
        case .canceled: .studyCanceled
        }
    }

    init(wire: Hpcoord_V1_StudyState) throws(WireError) {
        switch wire {
        case .studyQueued: self = .queued
        case .studyRunning: self = .running
        case .studyPaused: self = .paused
        case .studyStopping: self = .stopping
        case .studyComplete: self = .complete
        case .studyFailed: self = .failed
        case .studyCanceled: self = .canceled
        case .unspecified, .UNRECOGNIZED: throw .field("study state")
        }
    }
}

extension WorkerStanding {
    var wire: Hpcoord_V1_WorkerStanding {
        switch self {
        case .released: .workerReleased
        case .draining: .workerDraining
        case .quarantined: .workerQuarantined
        }
    }

    init(wire: Hpcoord_V1_WorkerStanding) throws(WireError) {
        switch wire {
        case .workerReleased: self = .released
        case .workerDraining: self = .draining
        case .workerQuarantined: self = .quarantined
        case .unspecified, .UNRECOGNIZED: throw .field("worker standing")
        }
    }
}

extension AttemptOutcome {
    var wire: Hpcoord_V1_AttemptOutcome {
        switch self {
        case .ok: .attemptOk
        case .lost: .attemptLost
        case .preempted: .attemptPreempted
        case .crashed: .attemptCrashed
        case .outOfMemory: .attemptOutOfMemory
        case .timeout: .attemptTimeout
        case .superseded: .attemptSuperseded
        }
    }

    init(wire: Hpcoord_V1_AttemptOutcome) throws(WireError) {
        switch wire {
        case .attemptOk: self = .ok
        case .attemptLost: self = .lost
        case .attemptPreempted: self = .preempted
        case .attemptCrashed: self = .crashed
        case .attemptOutOfMemory: self = .outOfMemory
        case .attemptTimeout: self = .timeout
        case .attemptSuperseded: self = .superseded
        case .unspecified, .UNRECOGNIZED: throw .field("attempt outcome")
        }
    }
}

extension Move.Action {
    var wire: Hpcoord_V1_Move.Action {
        switch self {
        case .narrow: .narrow
        case .keep: .keep
        case .widen: .widen
        case .shift: .shift
        }
    }

    init(wire: Hpcoord_V1_Move.Action) throws(WireError) {
        switch wire {
        case .narrow: self = .narrow
        case .keep: self = .keep
        case .widen: self = .widen
        case .shift: self = .shift
        case .unspecified, .UNRECOGNIZED: throw .field("move action")
        }
    }
}

extension LeaseVerdict.Verdict {
    var wire: Hpcoord_V1_LeaseVerdict.Verdict {
        switch self {
        case .committed: .committed
        case .duplicate: .duplicate
        case .superseded: .superseded
        case .canceled: .canceled
        case .rejected: .rejected
        }
    }

    init(wire: Hpcoord_V1_LeaseVerdict.Verdict) throws(WireError) {
        switch wire {
        case .committed: self = .committed
        case .duplicate: self = .duplicate
        case .superseded: self = .superseded
        case .canceled: self = .canceled
        case .rejected: self = .rejected
        case .unspecified, .UNRECOGNIZED: throw .field("verdict")
        }
    }
}

extension ClientRequest.Query.Kind {
    var wire: Hpcoord_V1_Query.Kind {
        switch self {
        case .list: .list
        case .status: .status
        case .report: .report
        case .trial: .trial
        case .fingerprint: .fingerprint
        case .workers: .workers
        case .audit: .audit
        case .narrow: .narrow
        case .doctor: .doctor
        case .verify: .verify
        case .evidence: .evidence
        }
    }

    init(wire: Hpcoord_V1_Query.Kind) throws(WireError) {
        switch wire {
        case .list: self = .list
        case .status: self = .status
        case .report: self = .report
        case .trial: self = .trial
        case .fingerprint: self = .fingerprint
        case .workers: self = .workers
        case .audit: self = .audit
        case .narrow: self = .narrow
        case .doctor: self = .doctor
        case .verify: self = .verify
        case .evidence: self = .evidence
        case .unspecified, .UNRECOGNIZED: throw .field("query kind")
        }
    }
}

extension TrialFlag {
    var wire: Hpcoord_V1_TrialFlag {
        switch self {
        case .learningRateLow: .flagLearningRateLow
        case .learningRateHigh: .flagLearningRateHigh
        case .initialLoss: .flagInitialLoss
        case .symmetric: .flagSymmetric
        case .deadReLU: .flagDeadRelu
        case .saturated: .flagSaturated
        case .vanishing: .flagVanishing
        case .lateStart: .flagLateStart
        case .plateau: .flagPlateau
        case .noisy: .flagNoisy
        case .updateHigh: .flagUpdateHigh
        case .updateLow: .flagUpdateLow
        case .regularizationDominates: .flagRegularizationDominates
        case .overfit: .flagOverfit
        case .underfit: .flagUnderfit
        case .stillImproving: .flagStillImproving
        case .luckyEpoch: .flagLuckyEpoch
        }
    }

    init(wire: Hpcoord_V1_TrialFlag) throws(WireError) {
        switch wire {
        case .flagLearningRateLow: self = .learningRateLow
        case .flagLearningRateHigh: self = .learningRateHigh
        case .flagInitialLoss: self = .initialLoss
        case .flagSymmetric: self = .symmetric
        case .flagDeadRelu: self = .deadReLU
        case .flagSaturated: self = .saturated
        case .flagVanishing: self = .vanishing
        case .flagLateStart: self = .lateStart
        case .flagPlateau: self = .plateau
        case .flagNoisy: self = .noisy
        case .flagUpdateHigh: self = .updateHigh
        case .flagUpdateLow: self = .updateLow
        case .flagRegularizationDominates: self = .regularizationDominates
        case .flagOverfit: self = .overfit
        case .flagUnderfit: self = .underfit
        case .flagStillImproving: self = .stillImproving
        case .flagLuckyEpoch: self = .luckyEpoch
        case .unspecified, .UNRECOGNIZED: throw .field("flag")
        }
    }

    /// Each kind once, in their order: a trial has one list.
    static func list(wire: [Hpcoord_V1_TrialFlag]) throws(WireError) -> [TrialFlag] {
        let flags = try converted(wire) { flag throws(WireError) in try TrialFlag(wire: flag) }
        guard flags == TrialFlag.allCases.filter(flags.contains) else { throw .field("flags") }
        return flags
    }
}
