package import HPSearch

/// One durable fact. The coordinator's state is the fold of these, live and on replay alike.
package enum JournalRecord: Sendable, Hashable {
    /// A coordinator process began to serve this journal; `epoch` counts them from 1.
    case coordinatorStarted(epoch: Int)
    /// `content` is the canonical text of the resolved spec, as `StudySpec` writes and reads it.
    case studySubmitted(study: StudyID, content: String)
    case stageBegan(study: StudyID, stage: Stage)
    case trialCreated(study: StudyID, trial: CreatedTrial)
    case attemptLeased(lease: Lease, worker: WorkerIdentity, alone: Bool)
    /// The attempt ended without a result; the trial is WAITING again unless `trialFinished`
    /// follows in the same transaction.
    case attemptEnded(lease: Lease, outcome: AttemptOutcome, detail: String)
    /// The first valid commit of a trial. `attempt` is 0 for a trial canceled while it waited.
    case trialFinished(FinishedTrial)
    /// The first result of a study pins what it was computed from.
    case studyPinned(
        study: StudyID, dataDigest: String, dataSummary: String?, engineRevision: String)
    case studyChanged(study: StudyID, state: Study.State, reason: String, detail: String)
    /// An operator changed what a worker may do.
    case workerOrdered(worker: String, name: String, standing: WorkerStanding)
}

/// A trial as it is created: its parameters never change.
package struct CreatedTrial: Sendable, Hashable {
    package var number: Int
    package var stage: Int
    package var configuration: Int
    package var replicate: Int
    package var parameters: [ParameterValue]

    package init(
        number: Int, stage: Int, configuration: Int, replicate: Int, parameters: [ParameterValue]
    ) {
        self.number = number
        self.stage = stage
        self.configuration = configuration
        self.replicate = replicate
        self.parameters = parameters
    }
}

/// A trial's terminal state and what it is based on.
package struct FinishedTrial: Sendable, Hashable {
    package var study: StudyID
    package var trial: Int
    package var attempt: Int
    package var state: Trial.State
    package var reason: String
    package var detail: String
    package var result: TrialResult?
    /// The name of the worker whose result this is; empty when no worker was involved.
    package var worker: String

    package init(
        study: StudyID, trial: Int, attempt: Int, state: Trial.State, reason: String,
        detail: String, result: TrialResult?, worker: String
    ) {
        self.study = study
        self.trial = trial
        self.attempt = attempt
        self.state = state
        self.reason = reason
        self.detail = detail
        self.result = result
        self.worker = worker
    }
}

/// What the attempt that won recorded: stored beside the journal, not read on replay.
package struct RecordingsRecord: Sendable, Hashable {
    package var study: StudyID
    package var trial: Int
    package var attempt: Int
    package var recordings: TrialRecordings

    package init(study: StudyID, trial: Int, attempt: Int, recordings: TrialRecordings) {
        self.study = study
        self.trial = trial
        self.attempt = attempt
        self.recordings = recordings
    }
}
