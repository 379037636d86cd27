import HPSearch

/// Texts that are wrong before any key is looked at.
enum BadTexts {
    private static let rest = """

        objective: {metric: val_accuracy, goal: maximize}
        data: {dataset: digits}
        parameters: {reg: {log_uniform: [1.0e-4, 1]}}
        stages: [{name: a, trials: 2, epochs: 1}]
        """

    static let all: [BadSpec] = yaml + json + large

    static let yaml: [BadSpec] = [
        BadSpec("⟦", "the spec is empty"),
        BadSpec("⟦- study: x", "a spec is a mapping, not a list"),
        BadSpec("⟦study", "a spec is a mapping, not a single value"),
        BadSpec("study: a\n⟦study: b" + rest, "`study` is there twice, first in line 1"),
        BadSpec(
            "study: a\nmodel: {init: he, ⟦init: small}" + rest, "`init` is there twice"),
        BadSpec(
            "study: a\nmodel:\n  dropout: 0\n  hidden: []\n  ⟦dropout: 0" + rest,
            "`dropout` is there twice, first in line 3"),
        BadSpec("study: ⟦&a b" + rest, "`&` begins a YAML anchor"),
        BadSpec("study: ⟦*a" + rest, "`*` begins a YAML alias"),
        BadSpec("study: ⟦!!str b" + rest, "`!` begins a YAML tag"),
        BadSpec("study: a\nmodel: {⟦<<: {init: he}}" + rest, "unknown key `model.<<`"),
        BadSpec("study: ⟦|\n  a" + rest, "`|` begins a YAML text block"),
        BadSpec("study: ⟦>\n  a" + rest, "`>` begins a YAML text block"),
        BadSpec("⟦? study\n: a" + rest, "`?` begins a YAML key"),
        BadSpec("⟦%YAML 1.1\n---\nstudy: a" + rest, "`%` begins a YAML directive"),
        BadSpec("study: a\n⟦---\nstudy: b" + rest, "a second document begins here"),
        BadSpec("study: a\nmodel:\n⟦\tinit: he" + rest, "a tab indents this line"),
        BadSpec("study: ⟦\"a" + rest, "the quotes that open here"),
        BadSpec("study: a⟦\0b" + rest, "the invisible character U+0000"),
        BadSpec("study: a⟦\u{1B}b" + rest, "the invisible character U+001B"),
        BadSpec("study: a⟦\u{85}b" + rest, "the invisible character U+0085"),
        BadSpec("study: a⟦\u{2028}b" + rest, "the invisible character U+2028"),
        BadSpec("study: a\n⟦\u{FEFF}seed: 1" + rest, "the invisible character U+FEFF"),
        BadSpec("study: a\r\nseed: 1\r\n⟦sed: 2" + rest, "did you mean `seed`"),
        BadSpec("study: a\nmodel: {⟦[hidden]: 1}" + rest, "a key must be a word"),
    ]

    static let json: [BadSpec] = [
        BadSpec("{\n  ⟦// the name\n  \"study\": \"a\"\n}", "`//` is no comment here"),
        BadSpec("{\"study\": \"a\" ⟦/* the name */}", "`/*` is no comment here"),
        BadSpec("{\"data\": \"a\",\n ⟦\"data\": \"b\"}", "`data` is there twice"),
        BadSpec("⟦{\"study\": null}", "`parameters` is missing"),
        BadSpec("{\"study\": \"a\" ⟦\"seed\": 1}", "not YAML or JSON"),
        BadSpec("{\"study\": \"a\",⟦, \"seed\": 1}", "did not find expected node"),
        BadSpec("⟦{\"study\": \"a\"", "the `{` that opens here"),
        BadSpec("{\"stages\": ⟦[\"a\"", "the `[` that opens here"),
    ]

    static let large: [BadSpec] = [
        BadSpec(
            String(repeating: "[", count: 32) + "⟦" + String(repeating: "[", count: 99_968),
            "nested too deeply"),
        BadSpec("⟦" + String(repeating: "a", count: 300_000), "more than 256 KiB"),
    ]
}
