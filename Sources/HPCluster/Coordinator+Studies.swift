import HPSearch
import OrderedCollections

/// Studies: submission, stages, the end, and what operators ask.
extension Coordinator {
    mutating func answer(
        _ request: ClientRequest, from session: SessionID, at now: Instant
    ) {
        let body: ClientReply.Body =
            switch request.command {
            case .submit(let content): submit(content)
            case .pause(let name): operate(name, "pause", Self.pause)
            case .resume(let name): operate(name, "resume", Self.resume)
            case .stop(let name): operate(name, "stop", Self.stop)
            case .cancel(let name): operate(name, "cancel", Self.cancel)
            case .acceptNarrowing(let name):
                operate(name, "accept the narrowing of", Self.acceptNarrowing)
            case .order(let worker, let standing): order(worker, standing, at: now)
            case .query:
                preconditionFailure("queries are answered from a snapshot, not by the core")
            }
        send(.reply(ClientReply(id: request.id, body: body)), to: session)
    }

    private mutating func submit(_ content: String) -> ClientReply.Body {
        let spec: StudySpec
        do {
            spec = try StudySpec(content: content)
        } catch {
            return .error(exitCode: 2, message: "\(error)")
        }
        if let existing = state.study(named: spec.name) {
            guard existing.study.contentDigest == spec.contentDigest else {
                let message = """
                    study "\(spec.name)" exists on this coordinator with another content: \
                    give the new one another name under `study:`
                    """
                return .error(exitCode: 2, message: message)
            }
            return .accepted(progress(of: existing))
        }
        let id = state.studies.count + 1
        record(.studySubmitted(study: id, content: spec.content))
        notice("study \(spec.name) submitted: \(spec.plannedTrialCount) trials planned")
        advance(id)
        return accepted(id)
    }

    private mutating func operate(
        _ name: String, _ verb: String, _ operation: (inout Coordinator, Study) -> String?
    ) -> ClientReply.Body {
        guard let study = state.study(named: name)?.study else {
            let message = "there is no study \"\(name)\" here: `hpcoord ls` lists them"
            return .error(exitCode: 66, message: message)
        }
        if let refusal = operation(&self, study) {
            return .error(exitCode: 2, message: "can't \(verb) study \"\(name)\": \(refusal)")
        }
        mayAssign = true
        return accepted(study.id)
    }

    private func accepted(_ id: StudyID) -> ClientReply.Body {
        guard let run = state.study(id) else {
            preconditionFailure("study \(id) was accepted but does not exist")
        }
        return .accepted(progress(of: run))
    }

    private static func pause(_ core: inout Coordinator, _ study: Study) -> String? {
        switch study.state {
        case .paused: return nil
        case .queued, .running:
            core.change(study.id, .paused)
            return nil
        case .stopping, .complete, .failed, .canceled: return "it is \(study.state.rawValue)"
        }
    }

    private static func resume(_ core: inout Coordinator, _ study: Study) -> String? {
        switch study.state {
        case .queued, .running: return nil
        case .paused where study.awaitsConfirmation:
            return "it waits for the next ranges: `hpcoord narrow \(study.spec.name)` shows them, "
                + "--accept applies them"
        case .paused:
            let hasBegun = study.trials.contains { $0.attempts > 0 }
            core.change(study.id, hasBegun ? .running : .queued)
            return nil
        case .stopping, .complete, .failed, .canceled: return "it is \(study.state.rawValue)"
        }
    }

    private static func stop(_ core: inout Coordinator, _ study: Study) -> String? {
        switch study.state {
        case .stopping: return nil
        case .queued, .running, .paused:
            core.change(study.id, .stopping)
            let waiting = study.trials.filter { $0.state == .waiting }.map(\.number)
            core.cancelTrials(waiting, of: study.id, reason: "stopped")
            core.advance(study.id)
            return nil
        case .complete, .failed, .canceled: return "it is \(study.state.rawValue)"
        }
    }

    private static func cancel(_ core: inout Coordinator, _ study: Study) -> String? {
        switch study.state {
        case .canceled: return nil
        case .complete, .failed: return "it is \(study.state.rawValue)"
        case .queued, .running, .paused, .stopping:
            core.endOpenLeases(of: study.id, detail: "the study was canceled")
            let unfinished = study.trials.filter { !$0.state.isTerminal }.map(\.number)
            core.cancelTrials(unfinished, of: study.id, reason: "canceled")
            core.change(study.id, .canceled, "canceled", "canceled by an operator")
            return nil
        }
    }

    /// Begins the stage that waits for an operator's consent.
    private static func acceptNarrowing(_ core: inout Coordinator, _ study: Study) -> String? {
        guard study.awaitsConfirmation, let plan = StagePlanner.nextStage(of: study) else {
            return "no stage of it waits for that: a stage with `narrow: confirm` does, once the "
                + "one before it has ended"
        }
        core.change(study.id, .running)
        core.begin(plan, of: study.id)
        return nil
    }

    private mutating func change(
        _ id: StudyID, _ state: Study.State, _ reason: String = "", _ detail: String = ""
    ) {
        record(.studyChanged(study: id, state: state, reason: reason, detail: detail))
        if let name = self.state.study(id)?.study.spec.name {
            notice("study \(name) is \(state.rawValue)\(detail.isEmpty ? "" : ": \(detail)")")
        }
    }

    mutating func cancelTrials(_ numbers: [Int], of id: StudyID, reason: String) {
        for number in numbers {
            record(
                .trialFinished(
                    FinishedTrial(
                        study: id, trial: number, attempt: 0, state: .canceled, reason: reason,
                        detail: "the study was \(reason)", result: nil, worker: "")))
        }
    }

    private mutating func endOpenLeases(of id: StudyID, detail: String) {
        let leases = (state.study(id)?.openLeases ?? []).map(\.lease)
        cancelAtWorker(leases)
        for lease in leases {
            record(.attemptEnded(lease: lease, outcome: .superseded, detail: detail))
            forget(lease)
        }
    }

    /// Moves a study on as far as its trials allow: to its end, or to its next stage.
    mutating func advance(_ id: StudyID) {
        guard let run = state.study(id), !run.study.state.isTerminal else { return }
        // Trials that a stop canceled didn't settle what comes after them.
        if run.study.state == .stopping {
            guard run.stageIsSettled else { return }
            return change(id, .complete, "stopped", "stopped by an operator")
        }
        if let last = run.endingTrial, run.settledThrough >= last {
            return endEarly(run, at: last)
        }
        guard run.stageIsSettled else { return }
        guard run.study.stages.count < run.study.spec.stages.count else {
            guard run.completeCount > 0 else { return failWithoutSuccess(id) }
            return change(id, .complete)
        }
        guard let plan = StagePlanner.nextStage(of: run.study) else {
            return failWithoutSuccess(id)
        }
        if run.study.nextStageNeedsConfirmation { return awaitConfirmation(of: run.study, plan) }
        begin(plan, of: id)
    }

    private mutating func awaitConfirmation(of study: Study, _ plan: StagePlan) {
        guard !study.awaitsConfirmation else { return }
        change(
            study.id, .paused, Study.confirmationReason,
            "stage \(plan.stage.name) waits for its ranges: `hpcoord narrow \(study.spec.name)` "
                + "shows them, --accept applies them")
    }

    private mutating func begin(_ plan: StagePlan, of id: StudyID) {
        record(.stageBegan(study: id, stage: plan.stage))
        for trial in plan.trials {
            record(
                .trialCreated(
                    study: id,
                    trial: CreatedTrial(
                        number: trial.number, stage: trial.stage,
                        configuration: trial.configuration, replicate: trial.replicate,
                        parameters: trial.parameters)))
        }
        mayAssign = true
    }

    private mutating func failWithoutSuccess(_ id: StudyID) {
        change(
            id, .failed, "no-trial-succeeded",
            "no trial is COMPLETE: nothing to rank or to narrow by")
    }

    /// Ends a study at the lowest trial number that its target or its failures name.
    private mutating func endEarly(_ run: StudyRun, at last: Int) {
        let id = run.study.id
        endOpenLeases(of: id, detail: "the study ended at trial \(last)")
        if run.trial(last)?.state == .complete {
            change(id, .complete, "target", "trial \(last) reached the target")
        } else {
            let maximum = run.study.spec.limits.maximumFailed ?? 0
            change(
                id, .failed, "max-failed", "more than \(maximum) trials failed, up to trial \(last)"
            )
        }
    }

    /// What a progress line shows of a study.
    package func progress(of run: StudyRun) -> StudyProgress {
        let study = run.study
        let future = study.spec.stages.dropFirst(study.stages.count).map(\.trialCount)
            .reduce(0, +)
        let holders = peers.values.filter { peer in peer.leases.contains { $0.study == study.id } }
        return StudyProgress(
            study: study.spec.name, state: study.state, reason: study.reason,
            detail: study.detail, planned: study.trials.count + future, done: run.doneCount,
            running: run.open.count, complete: run.completeCount,
            stage: study.stages.last?.name ?? "",
            best: run.leader, busyWorkers: holders.count, connectedWorkers: peers.count,
            obstacles: obstacles(of: study.id))
    }

    private func obstacles(of id: StudyID) -> [String] {
        peers.values.compactMap { peer in
            peer.declined[id].map { "worker \(peer.worker.name): \($0.detail)" }
        }
    }
}
