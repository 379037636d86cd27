import HPSearch

/// The ranges of a stage in words: where they were, where they are, and why.
enum RangeText {
    /// Trials named behind a move; a report lists them all as JSON.
    private static let evidenceMaximum = 8

    /// One line per parameter with the reason below it; none while the stage has not begun, and
    /// for one that draws from no range.
    static func lines(of study: Study, _ stage: StageOverview) -> [String] {
        guard let begun = stage.begun, study.spec.stages[stage.index].source == .sampler else {
            return []
        }
        let entries = zip(study.spec.parameters, begun.domains).map { parameter, domain in
            let move = begun.moves.first { $0.parameter == parameter.name }
            return Entry(
                name: parameter.name, domain: domain, move: move,
                reason: move.map { reason(of: $0, study) } ?? "")
        }
        return lines(entries)
    }

    /// One line per move with the reason below it.
    static func lines(of moves: [Move], _ study: Study) -> [String] {
        lines(
            moves.map {
                Entry(name: $0.parameter, domain: $0.to, move: $0, reason: reason(of: $0, study))
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

    /// Why a range moved, and by which trials:
    /// `they lie low (trials, the best first: 5, 2, 1; DIVERGED: 3, 8)`.
    static func reason(of move: Move, _ study: Study) -> String {
        let diverged = Set(study.trials.lazy.filter { $0.state == .diverged }.map(\.number))
        let complete = move.evidence.filter { !diverged.contains($0) }
        let groups = [
            (complete.count == 1 ? "trial " : "trials, the best first: ", complete),
            ("DIVERGED: ", move.evidence.filter { diverged.contains($0) }),
        ]
        let texts = groups.filter { !$0.1.isEmpty }.map { $0.0 + named($0.1) }
        return move.because + (texts.isEmpty ? "" : " (\(texts.joined(separator: "; ")))")
    }

    private static func named(_ trials: [Int]) -> String {
        let named = trials.prefix(evidenceMaximum).map(String.init).joined(separator: ", ")
        let left = trials.count - evidenceMaximum
        return named + (left > 0 ? " and \(left) more" : "")
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
