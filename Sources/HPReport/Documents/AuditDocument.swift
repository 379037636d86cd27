package import HPCluster
import HPSearch

/// What `hpcoord audit` prints: every attempt of a study, and whether the accounts are in order,
/// `hpcoord.audit/1`.
package enum AuditDocument {
    /// The document as text that ends with a newline.
    package static func render(_ audit: Audit, format: DocumentFormat) -> String {
        switch format {
        case .table: table(audit).asText
        case .json: document(audit).documentText()
        }
    }

    // MARK: - Table

    private static func table(_ audit: Audit) -> [String] {
        let outcomes =
            AttemptOutcome.allCases.map { ($0.rawValue, audit.count(of: $0)) }
            + [("running", audit.count(of: nil))]
        let counts = outcomes.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        let starts = TextLayout.count(audit.coordinatorStarts, "time")
        var lines = [
            "study \(TextLayout.printable(audit.study))   \(audit.state.rawValue)",
            "trials: \(audit.planned) planned, \(audit.created) created, "
                + "\(audit.finished) finished",
            "attempts: " + (counts.isEmpty ? "none" : counts.joined(separator: ", ")),
            "the coordinator was started \(starts)",
        ]
        lines += audit.violations.flatMap { TextLayout.wrap($0, after: "VIOLATION: ") }
        if audit.violations.isEmpty { lines.append("the accounts are in order") }
        return lines + unusual(audit.attempts)
    }

    /// The attempts that ended otherwise than with a result, or run still.
    private static func unusual(_ attempts: [Audit.Attempt]) -> [String] {
        let shown = attempts.filter { $0.outcome != .ok }
        if shown.isEmpty { return [] }
        let table = TextTable(columns: [
            TextTable.Column("trial", .right, shown.map { "\($0.lease.trial)" }),
            TextTable.Column("attempt", .right, shown.map { "\($0.lease.attempt)" }),
            TextTable.Column("outcome", .left, shown.map { $0.outcome?.rawValue ?? "running" }),
            TextTable.Column("worker", .left, shown.map(\.worker)),
            TextTable.Column("detail", .left, shown.map(\.detail)),
        ])
        return [""] + table.lines()
    }

    // MARK: - JSON

    private static func document(_ audit: Audit) -> JSONValue {
        let outcomes = AttemptOutcome.allCases.map { outcome in
            JSONValue.Member(outcome.rawValue, .integer(audit.count(of: outcome)))
        }
        return .object([
            "schema": .text("hpcoord.audit/1"),
            "study": .object([
                "name": .text(audit.study), "state": .text(audit.state.rawValue),
            ]),
            "trials": .object([
                "planned": .integer(audit.planned),
                "created": .integer(audit.created),
                "finished": .integer(audit.finished),
            ]),
            "coordinator_starts": .integer(audit.coordinatorStarts),
            "outcomes": .members(
                outcomes + [JSONValue.Member("running", .integer(audit.count(of: nil)))]),
            "violations": .texts(audit.violations),
            "attempts": .array(audit.attempts.map(attempt)),
        ])
    }

    private static func attempt(_ attempt: Audit.Attempt) -> JSONValue {
        .object([
            "trial": .integer(attempt.lease.trial),
            "attempt": .integer(attempt.lease.attempt),
            "worker": .text(attempt.worker),
            "outcome": .optional(attempt.outcome?.rawValue),
            "detail": .text(attempt.detail),
        ])
    }
}
