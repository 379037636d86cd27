package import HPSearch
import OrderedCollections

/// Why a study that has not ended stands where it does.
package struct StudyDiagnosis: Sendable, Hashable {
    package var study: String
    package var state: Study.State
    package var waiting: Int
    package var running: Int
    /// What keeps it from going on, and what to do; nil when trials run.
    package var obstacle: String?
    /// Whether somebody wants it to stand still: it is paused, or waits for consent to its ranges.
    package var isMeant: Bool { state == .paused }

    package init(
        study: String, state: Study.State, waiting: Int, running: Int, obstacle: String?
    ) {
        self.study = study
        self.state = state
        self.waiting = waiting
        self.running = running
        self.obstacle = obstacle
    }
}

extension Coordinator {
    /// Studies that have not ended, in the order of submission.
    package func diagnoses(at now: Instant) -> [StudyDiagnosis] {
        state.studies.filter { !$0.study.state.isTerminal }.map { run in
            StudyDiagnosis(
                study: run.study.spec.name, state: run.study.state, waiting: run.waiting.count,
                running: run.open.count, obstacle: obstacle(of: run, at: now))
        }
    }

    /// Says why a study does not go on, and what to do; nil when trials run or it has ended.
    package func obstacle(of run: StudyRun, at now: Instant) -> String? {
        if run.study.state.isTerminal { return nil }
        if run.study.state == .paused {
            return run.study.awaitsConfirmation
                ? run.study.detail : "an operator paused it: `hpcoord resume` lets it go on"
        }
        let orphans = run.openLeases.count { holders[$0.lease] == nil }
        if orphans > 0, orphans == run.open.count {
            let seconds = Int(max(0, amnestyUntil.seconds(since: now)).rounded(.up))
            return "the workers of \(orphans) trials have not come back since the coordinator's "
                + "start; after \(seconds) s more their trials go to others"
        }
        return run.open.isEmpty ? reasonOfIdleness(run) : nil
    }

    private func reasonOfIdleness(_ run: StudyRun) -> String? {
        if peers.isEmpty {
            let gone = departed.isEmpty ? "" : ", \(departed.count) are gone"
            return "no worker is connected\(gone): start hpworker"
        }
        let trusted = peers.values.filter {
            state.standing(of: $0.worker.id) == .released
        }
        if trusted.isEmpty {
            let all = peers.count == 1 ? "the worker is" : "all \(peers.count) workers are"
            return "\(all) draining or quarantined: `hpcoord release` "
                + "gives one trials again"
        }
        let willing = trusted.filter { $0.declined[run.study.id] == nil }
        if willing.isEmpty {
            let why = trusted.first.flatMap { $0.declined[run.study.id]?.detail } ?? ""
            return "every worker declines it: \(why)"
        }
        if let pinned = run.study.engineRevision,
            willing.allSatisfy({ $0.engineRevision != pinned })
        {
            return "it was begun with engine \(pinned), and the workers have "
                + "\(willing[0].engineRevision): install the release that it was begun with"
        }
        if willing.allSatisfy({ $0.freeSlots == 0 }) {
            return "all slots are busy with other studies"
        }
        return run.waiting.isEmpty ? nil : "its trials wait for a worker that runs nothing else"
    }
}
