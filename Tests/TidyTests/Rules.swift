/// A house rule: it finds the lines of a file that break it.
struct Rule: Sendable {
    /// What is wrong, for the message.
    var complaint: String
    /// Breaks the rule: without one a rule could be blind.
    var sample: String
    var breaks: @Sendable (_ line: Substring) -> Bool

    /// `path:line: complaint` for every line that breaks the rule.
    func violations(in file: SourceTree.File) -> [String] {
        file.lines.enumerated().compactMap { index, line in
            breaks(line) ? "\(file.path):\(index + 1): \(complaint)" : nil
        }
    }
}

/// Words are put together here, so that a rule doesn't find itself.
private func word(_ first: String, _ second: String) -> String { first + second }

extension Rule {
    static let lineLength = Rule(
        complaint: "the line has more than 100 characters",
        sample: String(repeating: "x", count: 101)
    ) { $0.count > 100 }

    static let trailingSpace = Rule(complaint: "the line ends in a blank", sample: "x ") {
        $0.last?.isWhitespace == true
    }

    static let leftovers = Rule(
        complaint: "work is left over", sample: word("// TO", "DO: later")
    ) { line in
        [word("TO", "DO"), word("FIX", "ME"), word("XX", "X"), word("HA", "CK:")].contains(
            where: line.contains)
    }

    static let workplace = Rule(
        complaint: "the project speaks of the project alone", sample: word("cd /wo", "rk/main")
    ) { line in
        [word("/wo", "rk/"), word("/ro", "ot/"), word("fa", "rm-"), word("/tmp", "/dev-")].contains(
            where: line.contains)
    }

    static let force = Rule(
        complaint: "errors are handled, not forced", sample: word("let x = try", "! f()")
    ) { line in
        let code = line.prefix { $0 != "\"" }
        guard !code.drop(while: { $0 == " " }).hasPrefix("//") else { return false }
        return [word("try", "!"), word("as", "! "), word("fatal", "Error(")].contains(
            where: code.contains)
    }

    /// In what decides, time, randomness and order are parameters.
    static let impurity = Rule(
        complaint: "what decides asks no clock, no random source and no stream",
        sample: word("let now = Date", "()")
    ) { line in
        let code = line.drop { $0 == " " }
        guard !code.hasPrefix("//") else { return false }
        return [
            word("Date", "("), "Clock", word(".rand", "om("), "SystemRandom", word("print", "("),
            "getenv",
            word("import Foun", "dation"), word("import Gli", "bc"), word("import Disp", "atch"),
            word("import Log", "ging"),
        ].contains(where: code.contains)
    }
}
