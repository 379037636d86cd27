import HPSearch

/// The ranges of a stage in words: where they were, where they are, and why.
enum RangeText {
    /// One line per parameter with the reason below it; none while the stage has not begun, and
    /// for one that draws from no range.
    static func lines(of study: Study, _ stage: StageOverview) -> [String] {
        guard let begun = stage.begun, study.spec.stages[stage.index].source == .sampler else {
            return []
        }
        let reasons = MoveReasons(of: study)
        let entries = zip(study.spec.parameters, begun.domains).map { parameter, domain in
            let move = begun.moves.first { $0.parameter == parameter.name }
            return Entry(
                name: parameter.name, domain: domain, move: move,
                reason: move.map(reasons.text) ?? "")
        }
        return lines(entries)
    }

    /// One line per move with the reason below it.
    static func lines(of moves: [Move], _ study: Study) -> [String] {
        let reasons = MoveReasons(of: study)
        return lines(
            moves.map {
                Entry(name: $0.parameter, domain: $0.to, move: $0, reason: reasons.text(of: $0))
            })
    }

    private static func lines(_ entries: [Entry]) -> [String] {
        let nameWidth = entries.lazy.map(\.name.count).max() ?? 0
        let wordWidth = entries.lazy.map(\.word.count).max() ?? 0
        return entries.flatMap { $0.lines(nameWidth: nameWidth, wordWidth: wordWidth) }
    }

    /// One parameter's range in a stage.
    private struct Entry {
        var name: String
        var domain: ParameterDomain
        var move: Move?
        var reason: String

        /// What was done to the range, or of what kind it is where nothing led to it.
        var word: String { move?.action.rawValue ?? domain.kind }

        func lines(nameWidth: Int, wordWidth: Int) -> [String] {
            let title = "  " + TextLayout.pad(TextLayout.printable(name), to: nameWidth)
            let start = "\(title)  \(TextLayout.pad(word, to: wordWidth))  "
            guard let move else { return [start + text(of: domain)] }
            let change =
                move.from == move.to
                ? text(of: move.to) : "\(text(of: move.from)) → \(text(of: move.to))"
            let indent = String(repeating: " ", count: title.count + 2)
            return [start + change]
                + TextLayout.wrap(reason, after: indent)
        }
    }

    /// `1e-6 .. 0.1`, `relu | tanh`, `50`.
    static func text(of domain: ParameterDomain) -> String {
        switch domain {
        case .logUniform, .uniform, .integer, .logInteger:
            guard let bounds = domain.bounds else { return domain.kind }
            return "\(NumberFormat.short(bounds.low)) .. \(NumberFormat.short(bounds.high))"
        case .choice(let values):
            return values.map { TextLayout.printable($0.text) }.joined(separator: " | ")
        case .value(let value): return TextLayout.printable(value.text)
        }
    }
}
