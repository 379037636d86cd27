import HPCluster
import HPSearch

/// A valid result of a trial that has none is taken when it arrives, however late, and every
/// result is answered; nothing that is still wanted is canceled.
struct WelcomeChecker: Checker {
    static let name = "welcome"

    private struct Arrival {
        var lease: Lease { report.lease }
        var report: TrialReport
        var owner: SessionOwner
        var isWanted: Bool
        var isAnswered = false
    }

    /// Results that were handed over in this turn.
    private var arrivals: [Arrival] = []
    /// Workers that were not trusted at some moment of this turn; only asked, never iterated.
    private var quarantined: Set<String> = []

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        switch observation {
        case .handed(let frames, _):
            arrivals = []
            quarantined = []
            for frame in frames { note(frame, ledger) }
            return []
        case .record(.workerOrdered(let worker, _, _)):
            // One that is released in a turn may have been told before in it that nothing is taken.
            quarantined.insert(worker)
            return []
        case .sent(.whoAreYou, let owner), .sent(.refused, let owner):
            // The worker says who it is and sends its results again.
            arrivals.removeAll { $0.owner.session == owner.session }
            return []
        case .sent(.verdicts(let verdicts), let owner):
            for index in arrivals.indices where arrivals[index].owner.session == owner.session {
                if verdicts.contains(where: { $0.lease == arrivals[index].lease }) {
                    arrivals[index].isAnswered = true
                }
            }
            return []
        case .sent(.cancel(let leases), let owner):
            return leases.filter { isWanted($0, owner, ledger) }.map {
                "attempt \($0.attempt) of trial \($0.trial) was canceled, the trial has no result"
            }
        case .turnEnded(let isDegraded):
            defer { arrivals = [] }
            return isDegraded ? [] : arrivals.compactMap { missed($0, ledger) }
        default: return []
        }
    }

    private mutating func note(_ frame: HandedFrame, _ ledger: Ledger) {
        guard case .results(let reports) = frame.message else { return }
        for report in reports {
            arrivals.append(
                Arrival(
                    report: report, owner: frame.owner,
                    isWanted: isValid(report, frame.owner, ledger)))
        }
    }

    private func isValid(
        _ report: TrialReport, _ owner: SessionOwner, _ ledger: Ledger
    ) -> Bool {
        guard isWanted(report.lease, owner, ledger), let study = ledger.study(report.lease.study),
            study.spec.contentDigest == report.studyDigest
        else { return false }
        switch report.outcome {
        case .trained(let state, _, _, let result, _):
            return (study.dataDigest ?? report.dataDigest) == report.dataDigest
                && (study.engineRevision ?? report.engineRevision) == report.engineRevision
                && (state == .diverged || result.value?.isFinite == true)
        case .failed: return true
        case .broke: return false
        }
    }

    private func isWanted(_ lease: Lease, _ owner: SessionOwner, _ ledger: Ledger) -> Bool {
        guard let attempt = ledger.attempt(lease), attempt.worker.id == owner.identity?.id,
            ledger.standing(of: attempt.worker.id) != .quarantined,
            !quarantined.contains(attempt.worker.id)
        else { return false }
        return !ledger.isTerminal(lease)
    }

    private func missed(_ arrival: Arrival, _ ledger: Ledger) -> String? {
        let place = "attempt \(arrival.lease.attempt) of trial \(arrival.lease.trial)"
        // What the study is computed from may have been settled in between.
        if arrival.isWanted, isValid(arrival.report, arrival.owner, ledger) {
            return "the result of \(place) was wanted and not taken"
        }
        return arrival.isAnswered ? nil : "the result of \(place) was not answered"
    }
}
