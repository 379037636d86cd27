package import HPCluster
package import HPSearch

/// What `hpcoord status` prints: where a study and each of its stages stand, `hpcoord.status/1`.
package enum StatusDocument {
    /// - Parameters:
    ///   - progress: of `study`, taken at the same moment.
    ///   - obstacle: what keeps it from going on; nil where nothing does.
    ///   - elapsedSeconds: running time of the study; nil where it isn't known.
    package static func render(
        _ progress: StudyProgress, of study: Study, obstacle: String?, elapsedSeconds: Double?,
        format: DocumentFormat
    ) -> String {
        let stages = StageOverview.all(of: study)
        switch format {
        case .table: return table(progress, stages, obstacle, elapsedSeconds).asText
        case .json:
            return document(progress, study, stages, obstacle, elapsedSeconds).documentText()
        }
    }

    // MARK: - Table

    private static func table(
        _ progress: StudyProgress, _ stages: [StageOverview], _ obstacle: String?,
        _ elapsedSeconds: Double?
    ) -> [String] {
        var lines = [Headline(progress, elapsedSeconds: elapsedSeconds).text]
        if !progress.detail.isEmpty { lines += TextLayout.wrap(progress.detail, after: "") }
        if let obstacle, obstacle != progress.detail {
            lines += TextLayout.wrap(obstacle, after: "stands still: ")
        }
        lines += progress.obstacles.flatMap { TextLayout.wrap($0, after: "declined by ") }
        return lines + [""] + counts(of: stages)
    }

    private static func counts(of stages: [StageOverview]) -> [String] {
        func column(_ title: String, _ count: (Accounting) -> Int) -> TextTable.Column {
            let counts = stages.map { count($0.accounting) }
            // A column of zeros says nothing.
            let isEmpty = counts.allSatisfy { $0 == 0 }
            return TextTable.Column(title, .right, counts.map { isEmpty ? "" : "\($0)" })
        }
        return TextTable(columns: [
            TextTable.Column("stage", .left, stages.map(\.name)),
            TextTable.Column("state", .left, stages.map(\.state.rawValue)),
            TextTable.Column("epochs", .right, stages.map { NumberFormat.short($0.epochs) }),
            TextTable.Column("trials", .right, stages.map { "\($0.trialCount)" }),
            column("waiting", \.waiting), column("running", \.running),
            column("complete", \.complete), column("pruned", \.pruned),
            column("diverged", \.diverged), column("fail", \.fail),
            column("canceled", \.canceled),
        ]).lines()
    }

    // MARK: - JSON

    private static func document(
        _ progress: StudyProgress, _ study: Study, _ stages: [StageOverview],
        _ obstacle: String?, _ elapsedSeconds: Double?
    ) -> JSONValue {
        .object([
            "schema": .text("hpcoord.status/1"),
            "study": .object([
                "name": .text(progress.study),
                "state": .text(progress.state.rawValue),
                "reason": .text(progress.reason),
                "detail": .text(progress.detail),
                "obstacle": .optional(obstacle),
                "seed": .unsigned(study.spec.seed),
                "data_sha256": .optional(study.dataDigest),
                "engine": .optional(study.engineRevision),
            ]),
            "progress": .object([
                "planned": .integer(progress.planned),
                "done": .integer(progress.done),
                "running": .integer(progress.running),
                "complete": .integer(progress.complete),
                "stage": .text(progress.stage),
                "best_value": .optional(progress.best?.value),
                "best_trial": .optional(progress.best?.trial),
                "best_configuration": .optional(progress.best?.configuration),
                "best_complete": .optional(progress.best?.completeCount),
                "best_replicates": .optional(progress.best?.replicateCount),
                "elapsed_seconds": .optional(elapsedSeconds),
            ]),
            "workers": .object([
                "busy": .integer(progress.busyWorkers),
                "connected": .integer(progress.connectedWorkers),
                "declined": .texts(progress.obstacles),
            ]),
            "accounting": Accounting(of: study).json,
            "stages": .array(stages.map(stage)),
        ])
    }

    private static func stage(_ stage: StageOverview) -> JSONValue {
        .object([
            "name": .text(stage.name),
            "index": .integer(stage.index),
            "epochs": .number(stage.epochs),
            "state": .text(stage.state.rawValue),
            "trials": .integer(stage.trialCount),
            "complete": .integer(stage.accounting.complete),
            "pruned": .integer(stage.accounting.pruned),
            "diverged": .integer(stage.accounting.diverged),
            "fail": .integer(stage.accounting.fail),
            "canceled": .integer(stage.accounting.canceled),
            "waiting": .integer(stage.accounting.waiting),
            "running": .integer(stage.accounting.running),
        ])
    }
}
