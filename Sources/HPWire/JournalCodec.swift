package import HPCluster
import HPSearch

/// A journal record as a row: its kind, what it is about, and the rest as protobuf.
///
/// The columns are nil where a record is about nothing of the kind.
package struct JournalEntry: Sendable, Hashable {
    /// Stable numbers: a kind never changes its meaning.
    package enum Kind: Int, Sendable, CaseIterable {
        case coordinatorStarted = 1
        case studySubmitted = 2
        case stageBegan = 3
        case trialCreated = 4
        case attemptLeased = 5
        case attemptEnded = 6
        case trialFinished = 7
        case studyPinned = 8
        case studyChanged = 9
        case workerOrdered = 10
    }

    /// The raw value of a `Kind`, or of one that a newer release writes.
    package var kind: Int
    package var study: Int?
    package var trial: Int?
    package var attempt: Int?
    package var payload: [UInt8]

    package init(kind: Int, study: Int?, trial: Int?, attempt: Int?, payload: [UInt8]) {
        self.kind = kind
        self.study = study
        self.trial = trial
        self.attempt = attempt
        self.payload = payload
    }
}

/// Journal records to rows and back.
package enum JournalCodec {
    /// - Precondition: counts and numbers of the record are not negative.
    package static func encode(_ record: JournalRecord) -> JournalEntry {
        switch record {
        case .coordinatorStarted(let epoch):
            var wire = Hpcoord_V1_CoordinatorStarted()
            wire.epoch = UInt64(epoch)
            return entry(.coordinatorStarted, payload: WireCodec.bytes(of: wire))
        case .studySubmitted(let study, let content):
            var wire = Hpcoord_V1_StudySubmitted()
            wire.content = content
            return entry(.studySubmitted, study, payload: WireCodec.bytes(of: wire))
        case .stageBegan(let study, let stage):
            let payload = WireCodec.bytes(of: Hpcoord_V1_StageBegan(stage))
            return entry(.stageBegan, study, payload: payload)
        case .trialCreated(let study, let trial):
            var wire = Hpcoord_V1_TrialCreated()
            wire.stage = UInt64(trial.stage)
            wire.configuration = UInt64(trial.configuration)
            wire.replicate = UInt64(trial.replicate)
            wire.parameters = trial.parameters.map { .init($0) }
            return entry(
                .trialCreated, study, trial: trial.number, payload: WireCodec.bytes(of: wire))
        case .attemptLeased(let lease, let worker, let alone):
            var wire = Hpcoord_V1_AttemptLeased()
            wire.worker = .init(worker)
            wire.alone = alone
            return entry(.attemptLeased, lease, payload: WireCodec.bytes(of: wire))
        case .attemptEnded(let lease, let outcome, let detail):
            var wire = Hpcoord_V1_AttemptEnded()
            wire.outcome = outcome.wire
            wire.detail = detail
            return entry(.attemptEnded, lease, payload: WireCodec.bytes(of: wire))
        case .trialFinished(let finished): return encode(finished)
        case .studyPinned(let study, let dataDigest, let dataSummary, let engineRevision):
            var wire = Hpcoord_V1_StudyPinned()
            wire.dataDigest = dataDigest
            if let dataSummary { wire.dataSummary = dataSummary }
            wire.engineRevision = engineRevision
            return entry(.studyPinned, study, payload: WireCodec.bytes(of: wire))
        case .studyChanged(let study, let state, let reason, let detail):
            var wire = Hpcoord_V1_StudyChanged()
            wire.state = state.wire
            wire.reason = reason
            wire.detail = detail
            return entry(.studyChanged, study, payload: WireCodec.bytes(of: wire))
        case .workerOrdered(let worker, let name, let standing):
            var wire = Hpcoord_V1_WorkerOrdered()
            wire.worker = worker
            wire.name = name
            wire.standing = standing.wire
            return entry(.workerOrdered, payload: WireCodec.bytes(of: wire))
        }
    }

    private static func encode(_ finished: FinishedTrial) -> JournalEntry {
        var wire = Hpcoord_V1_TrialFinished()
        wire.state = finished.state.wire
        wire.reason = finished.reason
        wire.detail = finished.detail
        if let result = finished.result { wire.result = .init(result) }
        wire.worker = finished.worker
        let lease = Lease(
            study: finished.study, trial: finished.trial, attempt: finished.attempt)
        return entry(.trialFinished, lease, payload: WireCodec.bytes(of: wire))
    }

    private static func entry(
        _ kind: JournalEntry.Kind, _ study: Int? = nil, trial: Int? = nil, payload: [UInt8]
    ) -> JournalEntry {
        JournalEntry(
            kind: kind.rawValue, study: study, trial: trial, attempt: nil, payload: payload)
    }

    private static func entry(
        _ kind: JournalEntry.Kind, _ lease: Lease, payload: [UInt8]
    ) -> JournalEntry {
        JournalEntry(
            kind: kind.rawValue, study: lease.study, trial: lease.trial, attempt: lease.attempt,
            payload: payload)
    }

    /// - Throws: `WireError` when the row is of another version or damaged.
    package static func decode(_ entry: JournalEntry) throws(WireError) -> JournalRecord {
        guard let kind = JournalEntry.Kind(rawValue: entry.kind) else {
            throw .field("journal kind \(entry.kind)")
        }
        switch kind {
        case .coordinatorStarted:
            let wire = try WireCodec.parse(Hpcoord_V1_CoordinatorStarted.self, entry.payload)
            return .coordinatorStarted(epoch: try integer(wire.epoch, "epoch"))
        case .studySubmitted:
            let wire = try WireCodec.parse(Hpcoord_V1_StudySubmitted.self, entry.payload)
            return .studySubmitted(study: try study(entry), content: wire.content)
        case .stageBegan:
            let wire = try WireCodec.parse(Hpcoord_V1_StageBegan.self, entry.payload)
            return .stageBegan(study: try study(entry), stage: try Stage(wire: wire))
        case .trialCreated: return try decodeTrialCreated(entry)
        case .attemptLeased:
            let wire = try WireCodec.parse(Hpcoord_V1_AttemptLeased.self, entry.payload)
            return .attemptLeased(
                lease: try lease(entry), worker: try WorkerIdentity(wire: wire.worker),
                alone: wire.alone)
        case .attemptEnded:
            let wire = try WireCodec.parse(Hpcoord_V1_AttemptEnded.self, entry.payload)
            return .attemptEnded(
                lease: try lease(entry), outcome: try AttemptOutcome(wire: wire.outcome),
                detail: wire.detail)
        case .trialFinished: return try decodeTrialFinished(entry)
        case .studyPinned:
            let wire = try WireCodec.parse(Hpcoord_V1_StudyPinned.self, entry.payload)
            return .studyPinned(
                study: try study(entry), dataDigest: wire.dataDigest,
                dataSummary: wire.hasDataSummary ? wire.dataSummary : nil,
                engineRevision: wire.engineRevision)
        case .studyChanged:
            let wire = try WireCodec.parse(Hpcoord_V1_StudyChanged.self, entry.payload)
            return .studyChanged(
                study: try study(entry), state: try Study.State(wire: wire.state),
                reason: wire.reason, detail: wire.detail)
        case .workerOrdered:
            let wire = try WireCodec.parse(Hpcoord_V1_WorkerOrdered.self, entry.payload)
            return .workerOrdered(
                worker: wire.worker, name: wire.name,
                standing: try WorkerStanding(wire: wire.standing))
        }
    }

    private static func decodeTrialCreated(
        _ entry: JournalEntry
    ) throws(WireError) -> JournalRecord {
        let wire = try WireCodec.parse(Hpcoord_V1_TrialCreated.self, entry.payload)
        guard let number = entry.trial, number > 0 else { throw .field("trial") }
        return .trialCreated(
            study: try study(entry),
            trial: CreatedTrial(
                number: number, stage: try integer(wire.stage, "stage"),
                configuration: try integer(wire.configuration, "configuration"),
                replicate: try integer(wire.replicate, "replicate"),
                parameters: try ParameterValue.values(wire: wire.parameters)))
    }

    private static func decodeTrialFinished(
        _ entry: JournalEntry
    ) throws(WireError) -> JournalRecord {
        let wire = try WireCodec.parse(Hpcoord_V1_TrialFinished.self, entry.payload)
        let lease = try lease(entry)
        return .trialFinished(
            FinishedTrial(
                study: lease.study, trial: lease.trial, attempt: lease.attempt,
                state: try Trial.State(wire: wire.state), reason: wire.reason,
                detail: wire.detail,
                result: wire.hasResult ? try TrialResult(wire: wire.result) : nil,
                worker: wire.worker))
    }

    private static func study(_ entry: JournalEntry) throws(WireError) -> Int {
        guard let study = entry.study, study > 0 else { throw .field("study") }
        return study
    }

    private static func lease(_ entry: JournalEntry) throws(WireError) -> Lease {
        guard let trial = entry.trial, let attempt = entry.attempt, trial > 0, attempt >= 0 else {
            throw .field("lease")
        }
        return Lease(study: try study(entry), trial: trial, attempt: attempt)
    }
}

extension Hpcoord_V1_StageBegan {
    init(_ stage: Stage) {
        index = UInt64(stage.index)
        name = stage.name
        epochs = stage.epochs
        domains = stage.domains.map { .init($0) }
        moves = stage.moves.map { .init($0) }
        firstTrial = UInt64(stage.firstTrial)
        trialCount = UInt64(stage.trialCount)
    }
}

extension Stage {
    init(wire: Hpcoord_V1_StageBegan) throws(WireError) {
        self.init(
            index: try integer(wire.index, "index"), name: wire.name,
            epochs: try amount(wire.epochs, "epochs"),
            domains: try converted(wire.domains) { domain throws(WireError) in
                try ParameterDomain(wire: domain)
            },
            moves: try converted(wire.moves) { move throws(WireError) in try Move(wire: move) },
            firstTrial: try integer(wire.firstTrial, "first trial"),
            trialCount: try integer(wire.trialCount, "trial count"))
    }
}
