package import HPSearch

/// What `hpcoord check` prints of the checks before a search, `hpcoord.preflight/1`.
package enum PreflightDocument {
    /// Whether nothing failed.
    package static func isPassed(_ findings: [PreflightFinding]) -> Bool {
        findings.allSatisfy { $0.outcome != .failed }
    }

    /// Comments of YAML, so that a resolved spec may stand before them.
    package static func comments(_ findings: [PreflightFinding]) -> String {
        let lines = [title(findings)] + findings.flatMap(self.lines)
        return lines.map { ("# " + $0) + "\n" }.joined()
    }

    /// The same with all numbers.
    package static func json(_ findings: [PreflightFinding], of spec: StudySpec) -> String {
        JSONValue.object([
            "schema": .text("hpcoord.preflight/1"),
            "study": .text(spec.name),
            "spec_sha256": .text(spec.specDigest),
            "passed": .boolean(isPassed(findings)),
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
