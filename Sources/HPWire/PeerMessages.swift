import HPCluster
import HPSearch

/// Messages towards the coordinator.
extension PeerMessage {
    typealias Body = Hpcoord_V1_PeerEnvelope.OneOf_Body

    var wire: Body {
        switch self {
        case .hello(let hello): return .hello(.init(hello))
        case .heartbeat(let held):
            var heartbeat = Hpcoord_V1_Heartbeat()
            heartbeat.held = held.map { .init($0) }
            return .heartbeat(heartbeat)
        case .results(let reports):
            var results = Hpcoord_V1_Results()
            results.reports = reports.map { .init($0) }
            return .results(results)
        case .handBack(let leases):
            var handBack = Hpcoord_V1_HandBack()
            handBack.leases = leases.map { .init($0) }
            return .handBack(handBack)
        case .declineStudy(let study, let code, let detail):
            var decline = Hpcoord_V1_DeclineStudy()
            decline.study = UInt64(study)
            decline.code = code
            decline.detail = detail
            return .declineStudy(decline)
        case .goodbye: return .goodbye(.init())
        case .checkpointPart(let part): return .checkpointPart(.init(part))
        case .checkpointRequest(let request): return .checkpointRequest(.init(request))
        case .request(let request): return .request(.init(request))
        }
    }

    init(wire: Body) throws(WireError) {
        switch wire {
        case .hello(let hello): self = .hello(try Hello(wire: hello))
        case .heartbeat(let heartbeat): self = .heartbeat(held: try Lease.all(heartbeat.held))
        case .results(let results):
            self = .results(
                try converted(results.reports) { report throws(WireError) in
                    try TrialReport(wire: report)
                })
        case .handBack(let handBack): self = .handBack(try Lease.all(handBack.leases))
        case .declineStudy(let decline):
            self = .declineStudy(
                study: try integer(decline.study, "study"), code: decline.code,
                detail: decline.detail)
        case .goodbye: self = .goodbye
        case .checkpointPart(let part): self = .checkpointPart(try CheckpointPart(wire: part))
        case .checkpointRequest(let request):
            self = .checkpointRequest(try CheckpointRequest(wire: request))
        case .request(let request): self = .request(try ClientRequest(wire: request))
        }
    }
}

extension Hpcoord_V1_Lease {
    init(_ lease: Lease) {
        study = UInt64(lease.study)
        trial = UInt64(lease.trial)
        attempt = UInt64(lease.attempt)
    }
}

extension Lease {
    init(wire: Hpcoord_V1_Lease) throws(WireError) {
        self.init(
            study: try integer(wire.study, "study"), trial: try integer(wire.trial, "trial"),
            attempt: try integer(wire.attempt, "attempt"))
    }

    static func all(_ wire: [Hpcoord_V1_Lease]) throws(WireError) -> [Lease] {
        try converted(wire) { lease throws(WireError) in try Lease(wire: lease) }
    }
}

extension Hpcoord_V1_WorkerIdentity {
    init(_ worker: WorkerIdentity) {
        id = worker.id
        incarnation = worker.incarnation
        name = worker.name
    }
}

extension WorkerIdentity {
    init(wire: Hpcoord_V1_WorkerIdentity) throws(WireError) {
        guard !wire.id.isEmpty, wire.id.utf8.count <= 128, wire.name.utf8.count <= 256 else {
            throw .field("worker identity")
        }
        self.init(id: wire.id, incarnation: wire.incarnation, name: wire.name)
    }
}

extension Hpcoord_V1_Hello {
    init(_ hello: Hello) {
        protocolVersion = UInt32(hello.protocolVersion)
        worker = .init(hello.worker)
        slots = UInt32(hello.slots)
        engineRevision = hello.engineRevision
        held = hello.held.map { .init($0) }
        introduction = UInt64(hello.introduction)
    }
}

extension Hello {
    /// More than any machine has: each may be handed a bundle at once.
    private static let slotsMaximum: UInt32 = 65_536
    /// Below what a journal holds: the coordinator adds the worker's key to it.
    private static let idBytesMaximum = 64

    init(wire: Hpcoord_V1_Hello) throws(WireError) {
        guard wire.slots <= Self.slotsMaximum else { throw .field("slots") }
        guard wire.worker.id.utf8.count <= Self.idBytesMaximum else { throw .field("worker id") }
        self.init(
            protocolVersion: Int(wire.protocolVersion),
            introduction: try integer(wire.introduction, "introduction"),
            worker: try WorkerIdentity(wire: wire.worker), slots: Int(wire.slots),
            engineRevision: wire.engineRevision, held: try Lease.all(wire.held))
    }
}

extension Hpcoord_V1_TrialReport {
    init(_ report: TrialReport) {
        lease = .init(report.lease)
        studyDigest = report.studyDigest
        dataDigest = report.dataDigest
        if let summary = report.dataSummary { dataSummary = summary }
        engineRevision = report.engineRevision
        switch report.outcome {
        case .trained(let state, let reason, let detail, let result, let recordings):
            trained.state = state.wire
            trained.reason = reason
            trained.detail = detail
            trained.result = .init(result)
            trained.curve = .init(recordings.curve)
            if let looks = recordings.diagnostics { trained.diagnostics = .init(looks) }
            if let correctness = recordings.correctness {
                trained.correctness = .init(correctness, recordings.crossedCorrectness)
            }
        case .failed(let reason, let detail):
            failed.reason = reason
            failed.detail = detail
        case .broke(let outcome, let detail):
            broke.outcome = outcome.wire
            broke.detail = detail
        }
    }
}

extension TrialReport {
    init(wire: Hpcoord_V1_TrialReport) throws(WireError) {
        self.init(
            lease: try Lease(wire: wire.lease), studyDigest: wire.studyDigest,
            dataDigest: wire.dataDigest,
            dataSummary: wire.hasDataSummary ? wire.dataSummary : nil,
            engineRevision: wire.engineRevision, outcome: try Self.outcome(wire: wire.outcome))
    }

    private static func outcome(
        wire: Hpcoord_V1_TrialReport.OneOf_Outcome?
    ) throws(WireError) -> Outcome {
        switch wire {
        case .trained(let trained):
            return .trained(
                state: try Trial.State(wire: trained.state), reason: trained.reason,
                detail: trained.detail, result: try TrialResult(wire: trained.result),
                recordings: TrialRecordings(
                    curve: try trained.curve.points(),
                    diagnostics: trained.hasDiagnostics
                        ? try TrialDiagnostics(wire: trained.diagnostics) : nil,
                    correctness: trained.hasCorrectness
                        ? try trained.correctness.correctness() : nil,
                    crossedCorrectness: trained.hasCorrectness
                        ? try trained.correctness.crossedCorrectness() : nil))
        case .failed(let failed): return .failed(reason: failed.reason, detail: failed.detail)
        case .broke(let broke):
            return .broke(
                outcome: try AttemptOutcome(wire: broke.outcome), detail: broke.detail)
        case nil: throw .field("outcome")
        }
    }
}

extension Hpcoord_V1_ClientRequest {
    init(_ request: ClientRequest) {
        id = request.id
        switch request.command {
        case .submit(let content): command = .submit(content)
        case .pause(let study): command = .pause(study)
        case .resume(let study): command = .resume(study)
        case .stop(let study): command = .stop(study)
        case .cancel(let study): command = .cancel(study)
        case .acceptNarrowing(let study): command = .acceptNarrowing(study)
        case .order(let worker, let standing):
            var wire = Hpcoord_V1_WorkerOrder()
            wire.worker = worker
            wire.standing = standing.wire
            command = .order(wire)
        case .query(let query):
            var wire = Hpcoord_V1_Query()
            wire.kind = query.kind.wire
            wire.study = query.study
            // What a person typed: a number out of range is answered, not refused.
            wire.trial = UInt64(clamping: query.trial)
            wire.format = query.format
            wire.top = UInt64(clamping: query.top)
            command = .query(wire)
        }
    }
}

extension ClientRequest {
    init(wire: Hpcoord_V1_ClientRequest) throws(WireError) {
        let command: Command
        switch wire.command {
        case .submit(let content): command = .submit(content: content)
        case .pause(let study): command = .pause(study: study)
        case .resume(let study): command = .resume(study: study)
        case .stop(let study): command = .stop(study: study)
        case .cancel(let study): command = .cancel(study: study)
        case .acceptNarrowing(let study): command = .acceptNarrowing(study: study)
        case .order(let order):
            command = .order(
                worker: order.worker, try WorkerStanding(wire: order.standing))
        case .query(let query):
            command = .query(
                Query(
                    kind: try Query.Kind(wire: query.kind), study: query.study,
                    trial: try integer(query.trial, "trial"), format: query.format,
                    top: try integer(query.top, "top")))
        case nil: throw .field("command")
        }
        self.init(id: wire.id, command: command)
    }
}
