import HPCluster
import HPSearch

/// Words for the trace.
func describe(_ lease: Lease) -> String { "\(lease.study).\(lease.trial)#\(lease.attempt)" }

/// Words for the trace.
func describe(_ leases: [Lease]) -> String { "[" + list(leases.map(describe)) + "]" }

private func list(_ texts: [String]) -> String { texts.joined(separator: " ") }

/// Words for the trace.
func describe(_ message: PeerMessage) -> String {
    switch message {
    case .hello(let hello):
        "hello from \(hello.worker.name), process "
            + "\(String(hello.worker.incarnation, radix: 16)), holds \(describe(hello.held))"
    case .heartbeat(let held): "heartbeat, holds \(describe(held))"
    case .results(let reports): "results \(list(reports.map(describe)))"
    case .handBack(let leases): "hands back \(describe(leases))"
    case .declineStudy(let study, let code, _): "declines study \(study): \(code)"
    case .goodbye: "goodbye"
    case .checkpointPart(let part): describe(part)
    case .checkpointRequest(let request):
        "asks for the checkpoint of \(describe(request.lease)) from \(request.offset)"
    case .request(let request): "\(request.command)".prefix(100).description
    }
}

private func describe(_ part: CheckpointPart) -> String {
    "checkpoint of \(describe(part.header.lease)), epoch \(part.header.epoch): "
        + "\(part.offset) to \(part.end) of \(part.header.byteCount)"
}

private func describe(_ report: TrialReport) -> String {
    switch report.outcome {
    case .trained(let state, _, _, let result, _):
        "\(describe(report.lease)) \(state.rawValue) \(result.value.map { "\($0)" } ?? "")"
    case .failed(let reason, _): "\(describe(report.lease)) failed: \(reason)"
    case .broke(let outcome, _): "\(describe(report.lease)) \(outcome.rawValue)"
    }
}

/// Words for the trace.
func describe(_ message: CoordinatorMessage) -> String {
    switch message {
    case .welcome(let epoch, _, _): "welcome, epoch \(epoch)"
    case .whoAreYou: "who are you"
    case .refused(let code, _): "refused: \(code)"
    case .heartbeatAcknowledged: "heartbeat acknowledged"
    case .assign(let assignment): "assign \(describe(assignment.members.map(\.lease)))"
    case .verdicts(let verdicts):
        "verdicts \(list(verdicts.map { "\(describe($0.lease)) \($0.verdict.rawValue)" }))"
    case .cancel(let leases): "cancel \(describe(leases))"
    case .checkpointReceipt(let receipt):
        "has \(receipt.byteCount) of \(describe(receipt.lease)) as of epoch \(receipt.epoch)"
    case .checkpointRefused(let lease, let detail):
        "refuses the checkpoint of \(describe(lease)): \(detail)"
    case .checkpointPart(let part): describe(part)
    case .reply(let reply): "\(reply.body)".prefix(100).description
    }
}

/// Words for the trace.
func describe(_ record: JournalRecord) -> String {
    switch record {
    case .coordinatorStarted(let epoch): "epoch \(epoch)"
    case .studySubmitted(let study, _): "study \(study) submitted"
    case .stageBegan(let study, let stage): "study \(study) begins \(stage.name)"
    case .trialCreated(let study, let trial): "trial \(study).\(trial.number)"
    case .attemptLeased(let lease, let worker, let alone):
        "\(describe(lease)) leased to \(worker.name)\(alone ? ", alone" : "")"
    case .attemptEnded(let lease, let outcome, let detail):
        "\(describe(lease)) \(outcome.rawValue): \(detail)"
    case .trialFinished(let finished):
        "\(finished.study).\(finished.trial)#\(finished.attempt) is "
            + "\(finished.state.rawValue) \(finished.reason)"
    case .studyPinned(let study, let data, _, let engine): "study \(study) pins \(data), \(engine)"
    case .workerOrdered(_, let name, let standing): "worker \(name) is \(standing.rawValue)"
    case .studyChanged(let study, let state, let reason, _):
        "study \(study) is \(state.rawValue) \(reason)"
    }
}
