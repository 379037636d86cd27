import Foundation
import HPCluster
import HPSearch

/// Messages from the coordinator.
extension CoordinatorMessage {
    typealias Body = Hpcoord_V1_CoordinatorEnvelope.OneOf_Body

    var wire: Body {
        switch self {
        case .welcome(let epoch, let heartbeatSeconds, let checkpointByteCountMaximum):
            var welcome = Hpcoord_V1_Welcome()
            welcome.epoch = UInt64(epoch)
            welcome.heartbeatSeconds = heartbeatSeconds
            welcome.checkpointByteCountMaximum = UInt64(checkpointByteCountMaximum)
            return .welcome(welcome)
        case .whoAreYou: return .whoAreYou(.init())
        case .refused(let code, let detail):
            var refused = Hpcoord_V1_Refused()
            refused.code = code
            refused.detail = detail
            return .refused(refused)
        case .heartbeatAcknowledged(let heartbeatSeconds):
            var acknowledged = Hpcoord_V1_HeartbeatAcknowledged()
            acknowledged.heartbeatSeconds = heartbeatSeconds
            return .heartbeatAcknowledged(acknowledged)
        case .assign(let assignment): return .assign(.init(assignment))
        case .verdicts(let verdicts):
            var wire = Hpcoord_V1_Verdicts()
            wire.verdicts = verdicts.map { .init($0) }
            return .verdicts(wire)
        case .cancel(let leases):
            var cancel = Hpcoord_V1_Cancel()
            cancel.leases = leases.map { .init($0) }
            return .cancel(cancel)
        case .checkpointReceipt(let receipt): return .checkpointReceipt(.init(receipt))
        case .checkpointRefused(let lease, let detail):
            var refused = Hpcoord_V1_CheckpointRefused()
            refused.lease = .init(lease)
            refused.detail = detail
            return .checkpointRefused(refused)
        case .checkpointPart(let part): return .checkpointPart(.init(part))
        case .reply(let reply): return .reply(.init(reply))
        }
    }

    init(wire: Body) throws(WireError) {
        switch wire {
        case .welcome(let welcome):
            self = .welcome(
                epoch: try integer(welcome.epoch, "epoch"),
                heartbeatSeconds: try amount(welcome.heartbeatSeconds, "heartbeat interval"),
                checkpointByteCountMaximum: try integer(
                    welcome.checkpointByteCountMaximum, "checkpoint size"))
        case .whoAreYou: self = .whoAreYou
        case .refused(let refused): self = .refused(code: refused.code, detail: refused.detail)
        case .heartbeatAcknowledged(let acknowledged):
            self = .heartbeatAcknowledged(
                heartbeatSeconds: try amount(
                    acknowledged.heartbeatSeconds, "heartbeat interval"))
        case .assign(let assignment): self = .assign(try Assignment(wire: assignment))
        case .verdicts(let verdicts):
            self = .verdicts(
                try converted(verdicts.verdicts) { verdict throws(WireError) in
                    try LeaseVerdict(wire: verdict)
                })
        case .cancel(let cancel): self = .cancel(try Lease.all(cancel.leases))
        case .checkpointReceipt(let receipt):
            self = .checkpointReceipt(try CheckpointReceipt(wire: receipt))
        case .checkpointRefused(let refused):
            self = .checkpointRefused(try Lease(wire: refused.lease), detail: refused.detail)
        case .checkpointPart(let part): self = .checkpointPart(try CheckpointPart(wire: part))
        case .reply(let reply): self = .reply(try ClientReply(wire: reply))
        }
    }
}

extension Hpcoord_V1_Assignment {
    init(_ assignment: Assignment) {
        study = UInt64(assignment.study)
        if let content = assignment.content { self.content = content }
        epochs = assignment.epochs
        dataDigest = assignment.dataDigest
        members = assignment.members.map { member in
            var wire = Member()
            wire.lease = .init(member.lease)
            wire.replicate = UInt32(member.replicate)
            wire.parameters = member.parameters.map { .init($0) }
            if let offer = member.checkpoint { wire.checkpoint = .init(offer) }
            return wire
        }
    }
}

extension Assignment {
    init(wire: Hpcoord_V1_Assignment) throws(WireError) {
        self.init(
            study: try integer(wire.study, "study"),
            content: wire.hasContent ? wire.content : nil,
            epochs: try amount(wire.epochs, "epochs"), dataDigest: wire.dataDigest,
            members: try converted(wire.members) { member throws(WireError) in
                Member(
                    lease: try Lease(wire: member.lease),
                    replicate: Int(member.replicate),
                    parameters: try ParameterValue.values(wire: member.parameters),
                    checkpoint: member.hasCheckpoint
                        ? try CheckpointOffer(wire: member.checkpoint) : nil)
            })
    }
}

extension Hpcoord_V1_LeaseVerdict {
    init(_ verdict: LeaseVerdict) {
        lease = .init(verdict.lease)
        self.verdict = verdict.verdict.wire
        detail = verdict.detail
    }
}

extension LeaseVerdict {
    init(wire: Hpcoord_V1_LeaseVerdict) throws(WireError) {
        self.init(
            lease: try Lease(wire: wire.lease), verdict: try Verdict(wire: wire.verdict),
            detail: wire.detail)
    }
}

extension Hpcoord_V1_ClientReply {
    init(_ reply: ClientReply) {
        id = reply.id
        switch reply.body {
        case .accepted(let progress): body = .accepted(.init(progress))
        case .document(let bytes, let index, let count, let progress):
            var wire = Document()
            wire.bytes = .init(bytes)
            wire.index = UInt64(index)
            wire.count = UInt64(count)
            if let progress { wire.progress = .init(progress) }
            body = .document(wire)
        case .evidence(let evidence):
            var wire = Evidence()
            wire.assignment = .init(evidence.assignment)
            wire.report = .init(evidence.report)
            body = .evidence(wire)
        case .error(let exitCode, let message):
            var wire = Error()
            wire.exitCode = UInt32(exitCode)
            wire.message = message
            body = .error(wire)
        }
    }
}

extension ClientReply {
    init(wire: Hpcoord_V1_ClientReply) throws(WireError) {
        let body: Body
        switch wire.body {
        case .accepted(let progress): body = .accepted(try StudyProgress(wire: progress))
        case .document(let document):
            let progress =
                document.hasProgress ? try StudyProgress(wire: document.progress) : nil
            body = .document(
                bytes: [UInt8](document.bytes), index: try integer(document.index, "index"),
                count: try integer(document.count, "count"), progress: progress)
        case .evidence(let evidence):
            body = .evidence(
                TrialEvidence(
                    assignment: try Assignment(wire: evidence.assignment),
                    report: try TrialReport(wire: evidence.report)))
        case .error(let error):
            body = .error(exitCode: Int(error.exitCode), message: error.message)
        case nil: throw .field("reply")
        }
        self.init(id: wire.id, body: body)
    }
}

extension Hpcoord_V1_StudyProgress {
    init(_ progress: StudyProgress) {
        study = progress.study
        state = progress.state.wire
        reason = progress.reason
        detail = progress.detail
        planned = UInt64(progress.planned)
        done = UInt64(progress.done)
        running = UInt64(progress.running)
        complete = UInt64(progress.complete)
        stage = progress.stage
        if let best = progress.best {
            bestValue = best.value
            bestTrial = UInt64(best.trial)
            bestConfiguration = UInt64(best.configuration)
            bestComplete = UInt64(best.completeCount)
            bestReplicates = UInt64(best.replicateCount)
        }
        busyWorkers = UInt64(progress.busyWorkers)
        connectedWorkers = UInt64(progress.connectedWorkers)
        obstacles = progress.obstacles
    }
}

extension StudyProgress {
    init(wire: Hpcoord_V1_StudyProgress) throws(WireError) {
        self.init(
            study: wire.study, state: try Study.State(wire: wire.state), reason: wire.reason,
            detail: wire.detail, planned: try integer(wire.planned, "planned"),
            done: try integer(wire.done, "done"), running: try integer(wire.running, "running"),
            complete: try integer(wire.complete, "complete"), stage: wire.stage,
            best: try leader(of: wire), busyWorkers: try integer(wire.busyWorkers, "workers"),
            connectedWorkers: try integer(wire.connectedWorkers, "workers"),
            obstacles: wire.obstacles)
    }
}

/// A release that names the best trial alone gives a configuration of one replicate.
private func leader(of wire: Hpcoord_V1_StudyProgress) throws(WireError) -> Leader? {
    guard wire.hasBestValue, wire.hasBestTrial else { return nil }
    let trial = try integer(wire.bestTrial, "trial")
    let isTrialAlone = wire.bestConfiguration == 0
    return Leader(
        value: wire.bestValue, trial: trial,
        configuration: isTrialAlone
            ? trial : try integer(wire.bestConfiguration, "configuration"),
        completeCount: isTrialAlone ? 1 : try integer(wire.bestComplete, "complete replicates"),
        replicateCount: isTrialAlone ? 1 : try integer(wire.bestReplicates, "replicates"))
}
