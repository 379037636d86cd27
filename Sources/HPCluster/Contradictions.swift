import HPSearch
import OrderedCollections

/// What would be a defect of the coordinator: sentences, none when it is consistent.
///
/// The doctor and the simulator ask; nothing is decided by the answers.
extension Coordinator {
    package func contradictions() -> [String] {
        state.studies.flatMap { $0.contradictions() } + sessionContradictions()
    }

    private func sessionContradictions() -> [String] {
        var found: [String] = []
        var heldCount = 0
        for (session, peer) in peers {
            for lease in peer.leases {
                heldCount += 1
                if holders[lease] != session {
                    found.append("\(lease) is in a session that doesn't hold it")
                }
                if state.study(lease.study)?.open[lease.trial]?.attempt != lease.attempt {
                    found.append("\(lease) is held by a session but not open")
                }
            }
            if peer.runsAlone, peer.leases.count > 1, peer.slots == 1 {
                found.append("worker \(peer.worker.name) runs more than the lone trial")
            }
            for bundle in peer.bundles
            where bundle.leases != bundle.assignment.members.map(\.lease) {
                found.append("a bundle's assignment differs from its leases")
            }
        }
        if heldCount != holders.count {
            found.append("\(holders.count) leases have holders, \(heldCount) are in sessions")
        }
        if Set(peers.values.map(\.worker.id)).count != peers.count {
            found.append("a worker has two sessions")
        }
        return found
    }
}

extension StudyRun {
    package func contradictions() -> [String] {
        var found: [String] = []
        func expect(_ isTrue: Bool, _ sentence: @autoclosure () -> String) {
            if !isTrue { found.append("study \(study.spec.name): \(sentence())") }
        }
        var waitingCount = 0
        var doneCount = 0
        var completeCount = 0
        for trial in study.trials {
            switch trial.state {
            case .waiting: waitingCount += 1
            case .running:
                expect(
                    open[trial.number]?.attempt == trial.attempts,
                    "trial \(trial.number) is RUNNING without an open attempt")
            case .complete: completeCount += 1
            case .pruned, .diverged, .fail, .canceled: break
            }
            if trial.state.isTerminal { doneCount += 1 }
            if trial.state == .fail || trial.state.isTerminal { continue }
            expect(
                charges[trial.number, default: 0] < study.spec.limits.attempts,
                "trial \(trial.number) has used up its attempts but goes on")
        }
        expect(waiting.count == waitingCount, "the queue has \(waiting.count) of \(waitingCount)")
        expect(
            zip(waiting, waiting.dropFirst()).allSatisfy(<), "the queue is not in trial order")
        expect(
            waiting.allSatisfy { trial($0)?.state == .waiting }, "the queue has others than waiting"
        )
        expect(doneCount == self.doneCount, "\(self.doneCount) trials are done, not \(doneCount)")
        expect(
            completeCount == self.completeCount,
            "\(self.completeCount) trials are COMPLETE, not \(completeCount)")
        expect(
            open.count == study.trials.count { $0.state == .running },
            "\(open.count) attempts are open")
        expect(
            !study.state.isTerminal || doneCount == study.trials.count,
            "it has ended, its trials have not")
        expect(
            study.trials.prefix(settledThrough).allSatisfy(\.state.isTerminal),
            "a trial up to \(settledThrough) is not terminal")
        return found
    }
}
