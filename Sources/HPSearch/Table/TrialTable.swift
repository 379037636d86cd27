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
    /// What a reader should know about rows that were left out.
    package let notes: [String]

    /// Reads a table.
    ///
    /// - Parameter file: what messages call the text.
    /// - Throws: `SearchError.invalid` with the place of the first thing that is wrong.
    package init(_ text: String, file: String, spec: StudySpec) throws(SearchError) {
        let table = try TableReader(text, file: file, spec: spec)
        let names = try table.stageNames()
        var study = Study(
            id: 1, spec: spec, specDigest: spec.specDigest, contentDigest: spec.contentDigest)
        var notes: [String] = []
        let unknown = names.unknown
        if !unknown.isEmpty {
            notes.append(
                "rows of \(unknown.joined(separator: ", ")) are left out: the spec has no stage of "
                    + "that name")
        }
        for index in 0...names.lastIndex {
            guard let stage = Self.stage(index, of: study) else { break }
            let rows = table.rows.filter { names.index(of: $0) == index }
            var trials: [Trial] = []
            for row in rows { trials.append(try table.trial(row, stage: index)) }
            study.stages.append(stage)
            study.stages[index].trialCount = rows.count
            study.trials += trials
            if let note = Self.noteOnRange(trials, stage, spec) { notes.append(note) }
        }
        study.state = .complete
        self.study = study
        self.notes = notes
    }

    /// The stage as the spec and the rows before it have it.
    private static func stage(_ index: Int, of study: Study) -> Stage? {
        let spec = study.spec.stages[index]
        let plan = StagePlanner.nextStage(of: study)
        // Nothing is COMPLETE: the ranges stay.
        let domains = plan?.stage.domains ?? study.stages.last?.domains
        guard let domains else { return nil }
        return Stage(
            index: index, name: spec.name, epochs: spec.epochs, domains: domains,
            moves: plan?.stage.moves ?? [], firstTrial: study.trials.count + 1, trialCount: 0)
    }

    private static func noteOnRange(
        _ trials: [Trial], _ stage: Stage, _ spec: StudySpec
    ) -> String? {
        let outside = trials.count { trial in
            zip(trial.parameters, stage.domains).contains { value, domain in
                guard let bounds = domain.bounds, let number = value.asNumber else { return false }
                return number < bounds.low || number > bounds.high
            }
        }
        guard outside > 0 else { return nil }
        return "\(outside) of the \(trials.count) trials of stage \(stage.name) lie outside its "
            + "ranges; they count all the same"
    }
}
