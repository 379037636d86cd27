package import HPSearch

/// How a report is written.
package enum ReportFormat: String, Sendable, CaseIterable {
    case table
    /// `hpcoord.report/1`.
    case json
    /// One row per trial, RFC 4180.
    case csv
    /// The lines of the CS231n slides, one per trial that was trained, in trial order.
    case cs231n
    /// One self-contained page with figures.
    case html
    /// The page's figures as files, `hpcoord.figures/1`.
    case figures

    /// Whether it shows what trials recorded.
    package var hasFigures: Bool { self == .html || self == .figures }
}

/// A study and what surrounds it at the moment of the report.
package struct ReportInput: Sendable, Hashable {
    package var study: Study
    /// Workers that run trials of the study.
    package var busyWorkers: Int
    package var connectedWorkers: Int
    /// Running time of the study; nil where it isn't known.
    package var elapsedSeconds: Double?
    /// What figures draw of trials, in any order; a trial without it is left out there.
    package var recorded: [RecordedTrial]
    /// Which validation rows trials got right, in ascending order of their numbers: of those
    /// `comparedTrials` names, where it is known.
    package var rows: [TrialRows]

    package init(
        study: Study, busyWorkers: Int = 0, connectedWorkers: Int = 0,
        elapsedSeconds: Double? = nil, recorded: [RecordedTrial] = [], rows: [TrialRows] = []
    ) {
        self.study = study
        self.busyWorkers = busyWorkers
        self.connectedWorkers = connectedWorkers
        self.elapsedSeconds = elapsedSeconds
        self.recorded = recorded
        self.rows = rows
    }
}

/// Which validation rows one trial got right.
package struct TrialRows: Sendable, Hashable {
    package var trial: Int
    package var correctness: RowCorrectness
    /// At epochs that were chosen without the rows; nil where it isn't known.
    package var crossed: CrossedCorrectness?

    package init(trial: Int, correctness: RowCorrectness, crossed: CrossedCorrectness? = nil) {
        self.trial = trial
        self.correctness = correctness
        self.crossed = crossed
    }
}

/// What one trial recorded.
package struct RecordedTrial: Sendable, Hashable {
    package var trial: Int
    package var recordings: TrialRecordings

    package init(trial: Int, recordings: TrialRecordings) {
        self.trial = trial
        self.recordings = recordings
    }

    /// The learning curve: one point for each evaluation.
    var points: [EpochMetrics] { recordings.curve }
    /// Looks inside, the first before training.
    var looks: [EpochDiagnostics] { recordings.diagnostics?.epochs ?? [] }
}

/// The ranked report.
package enum Report {
    /// Rows of the table where no number is asked for.
    package static let tableRowsDefault = 20

    /// Learning curves that a page draws at most.
    static let curveMaximum = 6

    /// The trials of which a page draws what they recorded, the best first.
    package static func recordedTrials(of study: Study) -> [Int] {
        curveRows(of: Ranking(of: study)).map(\.trial.number)
    }

    static func curveRows(of ranking: Ranking) -> [Ranking.Row] {
        Array(ranking.rows.lazy.filter { $0.trial.state == .complete }.prefix(curveMaximum))
    }

    /// The report as text that ends with a newline.
    ///
    /// - Parameter top: at most this many rows, the best first; 0 for the default, which is
    ///   `tableRowsDefault` in a table, `HTMLReport.rowMaximum` on a page, which never has more,
    ///   and all elsewhere. Nothing but the rows depends on it.
    package static func render(
        _ input: ReportInput, format: ReportFormat, top: Int = 0
    ) -> String {
        let ranking = Ranking(of: input.study, rows: input.rows)
        let rows = ranking.rows.prefix(rowMaximum(of: format, top: top))
        let findings = { Findings(of: input.study, ranking) }
        switch format {
        case .table: return ReportTable(input: input, findings: findings(), rows: rows).text()
        case .json: return ReportJSON.document(of: findings(), rows: rows).documentText()
        case .html: return HTMLReport(input: input, findings: findings(), rows: rows).text()
        case .figures:
            return FiguresDocument.text(
                of: HTMLReport(input: input, findings: findings(), rows: rows).figures)
        case .csv: return ReportCSV.text(of: input.study, rows: rows)
        case .cs231n: return ReportCS231n.text(of: input.study, rows: rows)
        }
    }

    private static func rowMaximum(of format: ReportFormat, top: Int) -> Int {
        switch format {
        case .table: top > 0 ? top : tableRowsDefault
        case .html, .figures: min(top > 0 ? top : .max, HTMLReport.rowMaximum)
        case .json, .csv, .cs231n: top > 0 ? top : .max
        }
    }
}
