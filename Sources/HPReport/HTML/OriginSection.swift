import HPSearch

/// What became of every trial, what the result is a function of, and how to get it again.
struct OriginSection {
    let study: Study

    var markup: [Markup] {
        [
            Page.heading("Accounts"), Page.facts(counts),
            Page.heading("How to get this again"),
            Page.facts([
                ("spec", study.specDigest),
                ("data", study.dataSummary ?? Self.unknown),
                ("SHA-256 of the data", study.dataDigest ?? Self.unknown),
                ("engine", study.engineRevision ?? Self.unknown),
                ("seed", "\(study.spec.seed)"),
            ]),
            .element(
                "p", [:],
                [
                    .text("Save the spec below as "),
                    .element("code", [:], [.text("spec.yaml")]),
                    .text(" and run "),
                    .element("code", [:], [.text("hpcoord run spec.yaml\(root)")]),
                    .text(
                        " in another folder. The same spec, data and engine give the same ranking "
                            + "and the same fingerprint on any number of workers."),
                ]),
            .element("pre", [:], [.lines(specLines)]),
        ]
    }

    private static let unknown = "not known before the first result"

    private var root: String { study.spec.data.path == nil ? "" : " --data-root DIR" }

    private var specLines: [String] {
        study.spec.resolvedYAML.split(separator: "\n").map(String.init)
    }

    private var counts: [(name: String, text: String)] {
        let accounting = Accounting(of: study)
        let all = [
            ("complete", accounting.complete), ("pruned", accounting.pruned),
            ("diverged", accounting.diverged), ("fail", accounting.fail),
            ("canceled", accounting.canceled), ("waiting", accounting.waiting),
            ("running", accounting.running), ("future", accounting.future),
        ]
        return [("planned", "\(accounting.planned)")]
            + all.filter { $0.1 > 0 }.map { ($0.0, "\($0.1)") }
    }
}
