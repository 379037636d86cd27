package import HPCluster
import HPSearch

/// What `hpcoord ls` prints: every study of a coordinator, `hpcoord.studies/1`.
package enum StudyListDocument {
    /// - Parameter studies: in the order in which they are to be listed.
    package static func render(_ studies: [StudyProgress], format: DocumentFormat) -> String {
        switch format {
        case .table: table(studies).asText
        case .json:
            JSONValue.object([
                "schema": .text("hpcoord.studies/1"),
                "studies": .array(studies.map(entry)),
            ]).documentText()
        }
    }

    private static func table(_ studies: [StudyProgress]) -> [String] {
        if studies.isEmpty { return ["no studies: hpcoord submit SPEC adds one"] }
        return TextTable(columns: [
            TextTable.Column("study", .left, studies.map(\.study)),
            TextTable.Column("state", .left, studies.map(\.state.rawValue)),
            TextTable.Column("stage", .left, studies.map(\.stage)),
            TextTable.Column("done", .right, studies.map { "\($0.done)/\($0.planned)" }),
            TextTable.Column("running", .right, studies.map { "\($0.running)" }),
            TextTable.Column(
                "best", .right,
                studies.map { progress in
                    (progress.best?.value).map { NumberFormat.fixed($0, decimals: 4) } ?? ""
                }),
            TextTable.Column("which", .left, studies.map { $0.best?.name ?? "" }),
            TextTable.Column("reason", .left, studies.map(\.reason)),
        ]).lines()
    }

    private static func entry(_ progress: StudyProgress) -> JSONValue {
        .object([
            "name": .text(progress.study),
            "state": .text(progress.state.rawValue),
            "reason": .text(progress.reason),
            "detail": .text(progress.detail),
            "stage": .text(progress.stage),
            "planned": .integer(progress.planned),
            "done": .integer(progress.done),
            "running": .integer(progress.running),
            "complete": .integer(progress.complete),
            "best_value": .optional(progress.best?.value),
            "best_trial": .optional(progress.best?.trial),
            "best_configuration": .optional(progress.best?.configuration),
            "best_complete": .optional(progress.best?.completeCount),
            "best_replicates": .optional(progress.best?.replicateCount),
        ])
    }
}
