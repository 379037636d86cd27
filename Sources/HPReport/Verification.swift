package import HPCluster
package import HPSearch

/// What a study's journal must fulfil whatever happened, examined anew.
package struct Verification: Sendable, Hashable {
    /// One thing that was examined.
    package struct Check: Sendable, Hashable {
        /// A short code: `replay`, `accounts`, `plan`, `recordings`, `fingerprint`, `rerun`.
        package var name: String
        package var isFulfilled: Bool
        /// What was found.
        package var detail: String

        package init(name: String, isFulfilled: Bool, detail: String) {
            self.name = name
            self.isFulfilled = isFulfilled
            self.detail = detail
        }
    }

    package var study: String
    package var state: Study.State
    package var checks: [Check]

    package init(study: String, state: Study.State, checks: [Check]) {
        self.study = study
        self.state = state
        self.checks = checks
    }

    package var isFulfilled: Bool { checks.allSatisfy(\.isFulfilled) }
}

extension Verification {
    /// Examines a study against its journal.
    ///
    /// - Parameters:
    ///   - live: the study as the coordinator has it.
    ///   - epoch: coordinator processes that served the journal.
    ///   - records: the whole journal, read after `live` was taken.
    package init(of live: StudyRun, epoch: Int, records: [JournalRecord]) {
        let study = live.study
        var checks = [Self.replay(of: live, records), Self.accounts(of: study, epoch, records)]
        checks += Self.plans(of: study)
        if let print = Fingerprint.digest(of: study) {
            checks.append(
                Check(name: "fingerprint", isFulfilled: true, detail: print))
        }
        self.init(study: study.spec.name, state: study.state, checks: checks)
    }

    /// Reads what every trained trial recorded, which replay doesn't.
    ///
    /// - Parameter read: gives a trial's recordings as its row has them; throws when the row isn't
    ///   what was written.
    package static func recordings(
        of study: Study, read: (Int) throws -> TrialRecordings?
    ) rethrows -> Check {
        var curves = 0
        var looks = 0
        var rows = 0
        var missing: Int?
        for trial in study.trials where trial.result != nil {
            guard let recordings = try read(trial.number) else {
                missing = missing ?? trial.number
                continue
            }
            curves += 1
            looks += recordings.diagnostics == nil ? 0 : 1
            rows += recordings.correctness == nil ? 0 : 1
        }
        return Check(
            name: "recordings", isFulfilled: missing == nil,
            detail: missing.map { "trial \($0) has a result and no learning curve" }
                ?? "\(TextLayout.count(curves, "learning curve")), diagnostics of "
                + "\(TextLayout.count(looks, "trial")) and validation rows of "
                + "\(TextLayout.count(rows, "trial")) match their checksums")
    }

    /// Numbers of trials to train again, at most `count`: the best, the last and others evenly
    /// between them.
    package static func trialsToRerun(of study: Study, count: Int) -> [Int] {
        let trained = Ranking(of: study).rows.map(\.trial).filter { $0.result != nil }
        guard count > 0, !trained.isEmpty else { return [] }
        if count >= trained.count { return trained.map(\.number) }
        if count == 1 { return [trained[0].number] }
        return (0..<count).map { trained[$0 * (trained.count - 1) / (count - 1)].number }
    }

    private static func replay(of live: StudyRun, _ records: [JournalRecord]) -> Check {
        func check(_ isFulfilled: Bool, _ detail: String) -> Check {
            Check(name: "replay", isFulfilled: isFulfilled, detail: detail)
        }
        let replayed: ClusterState
        do {
            replayed = try ClusterState(replaying: records)
        } catch {
            return check(false, "\(error)")
        }
        guard let run = replayed.study(live.study.id) else {
            return check(false, "the journal doesn't have the study")
        }
        let ended = live.study.trials.filter(\.state.isTerminal)
        // What runs on has more records than were known when `live` was taken.
        let differing = ended.filter { run.trial($0.number) != $0 }
        guard differing.isEmpty, !live.study.state.isTerminal || run == live else {
            let which = differing.first.map { "trial \($0.number)" } ?? "the study's end"
            return check(false, "the journal's replay differs from the live state at \(which)")
        }
        return check(
            true, "\(records.count) records give the live state, \(ended.count) ended trials")
    }

    private static func accounts(
        of study: Study, _ epoch: Int, _ records: [JournalRecord]
    ) -> Check {
        let audit = Audit(of: study, epoch: epoch, records: records)
        // A study that runs has records that are newer than what is compared with them.
        let isComparable = study.state.isTerminal || audit.created == study.trials.count
        let violations = isComparable ? audit.violations : []
        return Check(
            name: "accounts", isFulfilled: violations.isEmpty,
            detail: violations.first
                ?? "\(audit.created) trials, \(audit.attempts.count) attempts, "
                + "\(audit.finished) ended: in order")
    }

    /// The first revision of the engine whose studies were planned by today's rules.
    private static let plannedSince = 4

    /// Draws every stage again from the spec, the seed and the results before it.
    private static func plans(of study: Study) -> [Check] {
        if let revision = study.engineRevision, let number = number(of: revision),
            number < plannedSince
        {
            return [
                Check(
                    name: "plan", isFulfilled: true,
                    detail: "not examined: \(revision)'s release drew and narrowed by other rules")
            ]
        }
        return study.stages.map { stage in
            var before = study
            before.stages = Array(study.stages.prefix(stage.index))
            before.trials = study.trials.filter { $0.stage < stage.index }
            let plan = StagePlanner.nextStage(of: before)
            let trials = study.trials.filter { $0.stage == stage.index }
            let isSame =
                plan?.stage == stage && plan?.trials.map(\.parameters) == trials.map(\.parameters)
                && plan?.trials.map(\.configuration) == trials.map(\.configuration)
                && plan?.trials.map(\.replicate) == trials.map(\.replicate)
            return Check(
                name: "plan", isFulfilled: isSame,
                detail: isSame
                    ? "stage \(stage.name): spec, seed and results give its "
                        + "\(trials.count) trials again"
                    : "stage \(stage.name): spec, seed and results give other trials or ranges")
        }
    }

    /// 4 of `hpnet/4`; nil for another engine.
    private static func number(of revision: String) -> Int? {
        let parts = revision.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0] == "hpnet" ? Int(parts[1]) : nil
    }
}
