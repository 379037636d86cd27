/// Anybody's trials as a study: what the rule makes of them is then the same as of one's own.
///
/// A table has a header, a column for each searched parameter and one for the objective's metric.
/// It may have more: `trial`, `stage`, `state` (a DIVERGED row has no value), `standard_error`. The
/// CSV of a report is such a table.
package struct TrialTable: Sendable {
    /// The spec's study with the table's rows as its trials, in the order of their stages. Their
    /// numbers are those of the column `trial`, which may begin anew with each stage, or else of
    /// the rows, from 1.
    package let study: Study
    /// What a reader should know: rows that were left out, ranges that could not be known.
    package let notes: [String]

    /// Reads a table.
    ///
    /// - Parameter file: what messages call the text.
    /// - Throws: `SearchError.invalid` with the place of the first thing that is wrong.
    package init(_ text: String, file: String, spec: StudySpec) throws(SearchError) {
        let table = try TableReader(text, file: file, spec: spec)
        let names = table.stageNames()
        var study = Study(
            id: 1, spec: spec, specDigest: spec.specDigest, contentDigest: spec.contentDigest)
        var notes: [String] = []
        let unknown = names.unknown
        if !unknown.isEmpty {
            notes.append(
                "rows of \(Self.listed(unknown)) are left out: the spec has no stage of that name")
        }
        for index in 0...names.lastIndex {
            let rows = table.rows.filter { names.index(of: $0) == index }
            var stage = Self.stage(index, of: study)
            if stage == nil, !rows.isEmpty, spec.stages[index].followsTrials {
                notes.append(
                    "the ranges of stage \(spec.stages[index].name) follow from trials that the "
                        + "table does not have: those of the stage before are taken")
            }
            stage = stage ?? Self.stageWithoutEvidence(index, of: study)
            guard var stage else { break }
            var trials: [Trial] = []
            for row in rows {
                let trial = try table.trial(row, stage: index)
                if trial.state.isTerminal { trials.append(trial) }
            }
            if trials.count < rows.count {
                notes.append(
                    "\(rows.count - trials.count) trials of stage \(stage.name) had not ended: "
                        + "they are left out")
            }
            stage.trialCount = trials.count
            study.stages.append(stage)
            study.trials += trials
            if let note = Self.noteOnRange(trials, stage, spec) { notes.append(note) }
        }
        study.state = .complete
        self.study = study
        self.notes = notes
    }

    private static func listed(_ names: [String]) -> String {
        let first = names.prefix(5).map { String($0.prefix(40)) }.joined(separator: ", ")
        return names.count > 5 ? "\(first) and \(names.count - 5) more stages" : first
    }

    /// The stage as the spec and the rows before it have it; nil when no row before is COMPLETE.
    private static func stage(_ index: Int, of study: Study) -> Stage? {
        StagePlanner.nextStage(of: study).map { plan in
            Stage(
                index: index, name: plan.stage.name, epochs: plan.stage.epochs,
                domains: plan.stage.domains, moves: plan.stage.moves,
                firstTrial: study.trials.count + 1, trialCount: 0)
        }
    }

    /// The stage with the ranges that the spec gives it, the others as before.
    private static func stageWithoutEvidence(_ index: Int, of study: Study) -> Stage? {
        let spec = study.spec.stages[index]
        return study.stages.last.map { previous in
            let moves = StagePlanner.explicitMoves(to: spec, of: study, from: previous)
            return Stage(
                index: index, name: spec.name, epochs: spec.epochs, domains: moves.map(\.to),
                moves: moves, firstTrial: study.trials.count + 1, trialCount: 0)
        }
    }

    private static func noteOnRange(
        _ trials: [Trial], _ stage: Stage, _ spec: StudySpec
    ) -> String? {
        let outside = trials.count { trial in
            zip(trial.parameters, stage.domains).contains { value, domain in
                guard let bounds = domain.bounds, let number = value.asNumber else { return false }
                let tolerance = 1e-9 * max(bounds.low.magnitude, bounds.high.magnitude)
                return number < bounds.low - tolerance || number > bounds.high + tolerance
            }
        }
        guard outside > 0 else { return nil }
        return "\(outside) of the \(trials.count) trials of stage \(stage.name) lie outside its "
            + "ranges; they count all the same"
    }
}

extension StageSpec {
    /// Whether the stage's ranges are made of the trials of the stage before.
    fileprivate var followsTrials: Bool {
        source == .sampler && (narrowing == .auto || narrowing == .confirm)
    }
}
