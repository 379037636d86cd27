package import HPSearch

/// What `hpcoord check` prints of the checks before a search, `hpcoord.preflight/1`.
package enum PreflightDocument {
    /// Whether nothing failed.
    package static func isPassed(_ findings: [PreflightFinding]) -> Bool {
        findings.allSatisfy { $0.outcome != .failed }
    }

    /// Comments of YAML, so that a resolved spec may stand before them.
    package static func comments(_ findings: [PreflightFinding]) -> String {
        comments([title(findings)] + findings.flatMap(self.lines))
    }

    /// Says what the data were understood to be, as comments of YAML.
    package static func comments(on data: DataSummary) -> String {
        comments(TextLayout.wrap(data.text, after: "data: "))
    }

    private static func comments(_ lines: [String]) -> String {
        lines.map { ("# " + $0) + "\n" }.joined()
    }

    /// The same with all numbers.
    package static func json(
        _ findings: [PreflightFinding], of spec: StudySpec, on data: DataSummary
    ) -> String {
        JSONValue.object([
            "schema": .text("hpcoord.preflight/1"),
            "study": .text(spec.name),
            "spec_sha256": .text(spec.specDigest),
            "passed": .boolean(isPassed(findings)),
            "data": data.json,
            "findings": .array(findings.map(finding)),
        ]).documentText()
    }

    private static func title(_ findings: [PreflightFinding]) -> String {
        let counts = PreflightFinding.Outcome.allCases.map { outcome in
            "\(findings.count { $0.outcome == outcome }) \(outcome.rawValue)"
        }
        return "preflight: " + counts.joined(separator: ", ")
    }

    private static func lines(_ finding: PreflightFinding) -> [String] {
        let outcome = finding.outcome == .failed ? "FAILED" : finding.outcome.rawValue
        let head =
            TextLayout.pad(outcome, to: 8) + TextLayout.pad(finding.check.rawValue, to: 16)
        let variant = finding.variant.isEmpty ? "" : finding.variant + ": "
        let lines = TextLayout.wrap(variant + finding.sentence, after: head)
        guard finding.check == .gradient else { return lines }
        let tensors = finding.figures.map {
            "\($0.name) \(NumberFormat.short($0.value, digits: 2))"
        }
        let indent = String(repeating: " ", count: head.count)
        return lines + TextLayout.wrap(tensors.joined(separator: ", "), after: indent)
    }

    private static func finding(_ finding: PreflightFinding) -> JSONValue {
        .object([
            "check": .text(finding.check.rawValue),
            "outcome": .text(finding.outcome.rawValue),
            "variant": .text(finding.variant),
            "sentence": .text(finding.sentence),
            "figures": .array(
                finding.figures.map { figure in
                    .object([
                        "name": .text(figure.name),
                        "value": .optional(figure.value.isFinite ? figure.value : nil),
                    ])
                }),
        ])
    }
}

extension DataSummary {
    /// As documents have it.
    var json: JSONValue {
        .object([
            "source": .text(source),
            "data_sha256": .text(digest),
            "rows": .integer(rows),
            "features": .integer(features),
            "inputs": .integer(inputs),
            "classes": .array(
                classes.map {
                    .object(["name": .text($0.name), "count": .integer($0.count)])
                }),
            "dropped_components": .integer(droppedComponents),
            "table": table.map(\.json) ?? .null,
        ])
    }
}

extension DataSummary.Table {
    fileprivate var json: JSONValue {
        .object([
            "separator": .text(separator),
            "header": .boolean(hasHeader),
            "decimal_comma": .boolean(hasDecimalComma),
            "dropped_rows": .integer(droppedRows),
            "filled_values": .integer(filledValues),
        ])
    }
}
