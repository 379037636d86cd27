import HPSearch

/// What `hpcoord verify` prints, `hpcoord.verify/1`.
package enum VerifyDocument {
    /// - Parameter rerun: numbers of trials that the reader should train again.
    package static func render(
        _ verification: Verification, rerun: [Int] = [], format: DocumentFormat
    ) -> String {
        switch format {
        case .table: table(verification).asText
        case .json: document(verification, rerun).documentText()
        }
    }

    private static func table(_ verification: Verification) -> [String] {
        let name = TextLayout.printable(verification.study)
        let lines = verification.checks.flatMap { check in
            TextLayout.wrap(
                check.detail,
                after: "  \(check.isFulfilled ? "ok  " : "FAIL")  "
                    + TextLayout.pad(check.name, to: 11) + "  ")
        }
        let failed = verification.checks.count { !$0.isFulfilled }
        let verdict =
            failed == 0
            ? "all that was examined is in order"
            : "\(TextLayout.count(failed, "check")) failed: keep the data directory as it is, and "
                + "report this as a defect"
        return ["study \(name)   \(verification.state.rawValue)"] + lines + [verdict]
    }

    private static func document(_ verification: Verification, _ rerun: [Int]) -> JSONValue {
        .object([
            "schema": .text("hpcoord.verify/1"),
            "study": .object([
                "name": .text(verification.study), "state": .text(verification.state.rawValue),
            ]),
            "fulfilled": .boolean(verification.isFulfilled),
            "checks": .array(
                verification.checks.map { check in
                    .object([
                        "name": .text(check.name), "fulfilled": .boolean(check.isFulfilled),
                        "detail": .text(check.detail),
                    ])
                }),
            "trials_to_rerun": .array(rerun.map(JSONValue.integer)),
        ])
    }
}
