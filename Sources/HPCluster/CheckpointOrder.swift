package import HPSearch

/// What the coordinator asks of the folder of checkpoints beside its journal, in this order. None
/// of it is durable, and nothing waits for it.
package enum CheckpointOrder: Sendable, Hashable {
    /// Forget unfinished uploads, and say what is there whole.
    case list
    case write(CheckpointPart, from: SessionID)
    /// Give a part of at most so many bytes.
    case read(CheckpointRequest, byteCount: Int, to: SessionID)
    /// Remove what has arrived of an upload that won't go on.
    case discardUpload(study: StudyID, trial: Int)
    /// Remove all there is of a trial.
    case remove(study: StudyID, trial: Int)
    /// Remove all there is: the journal needs the room.
    case removeAll
}

/// What came of a `CheckpointOrder`.
package enum CheckpointReport: Sendable, Hashable {
    case listed([CheckpointFile])
    /// So many bytes of the upload are there from its beginning; all, and it is whole.
    case received(CheckpointHeader, byteCount: Int, from: SessionID)
    /// The upload is over, and nothing of it is kept.
    case notWritten(CheckpointHeader, detail: String, from: SessionID)
    case given(CheckpointPart, to: SessionID)
    case notGiven(Lease, detail: String, to: SessionID)
    /// Nothing of the trial is there.
    case removed(study: StudyID, trial: Int)
}

/// A whole checkpoint beside the journal.
package struct CheckpointFile: Sendable, Hashable {
    package var study: StudyID
    package var trial: Int
    package var epoch: Int
    package var byteCount: Int

    package init(study: StudyID, trial: Int, epoch: Int, byteCount: Int) {
        self.study = study
        self.trial = trial
        self.epoch = epoch
        self.byteCount = byteCount
    }
}
