import HPMath

/// Chances that a blind order begins with marked things, wherever one looks for the end of the
/// beginning.
enum RichPrefix {
    /// Steps of the walk that are few enough to be exact.
    private static let stepMaximum = 1 << 20

    /// How often some beginning of a blind order, of those that end at one of `ends`, is as rich
    /// in marked things as would be seen in fewer than `tail` of blind orders if it alone were
    /// looked at.
    ///
    /// Exact: the order is walked through, and what has crossed the bound is summed. Of very many
    /// things it is at most that: a beginning is rich for the first time where it gains a marked
    /// thing, and each of these comes so early in at most `tail` of orders.
    ///
    /// - Parameters:
    ///   - tail: a chance by `Hypergeometric`, of one beginning.
    ///   - ends: how many things the beginnings have, ascending.
    static func chance(ofTail tail: Double, ends: [Int], marked: Int, total: Int) -> Double {
        guard marked * total <= stepMaximum else { return min(1, Double(marked) * tail) }
        let bound = tail * (1 + 1e-9)
        // How likely it is to have seen so many marked things without having crossed the bound.
        var walk = [Double](repeating: 0, count: marked + 1)
        walk[0] = 1
        var crossed = 0.0
        var drawn = 0
        for end in ends {
            while drawn < end {
                step(&walk, drawn: drawn, marked: marked, total: total)
                drawn += 1
            }
            let most = min(marked, end)
            var beyond = 0.0
            for hits in stride(from: most, through: 0, by: -1) {
                beyond += probability(of: hits, drawn: end, marked: marked, total: total)
                guard beyond <= bound else { break }
                crossed += walk[hits]
                walk[hits] = 0
            }
        }
        return min(1, crossed)
    }

    /// Draws one more thing.
    private static func step(_ walk: inout [Double], drawn: Int, marked: Int, total: Int) {
        let left = Double(total - drawn)
        for hits in stride(from: min(marked, drawn), through: 0, by: -1) where walk[hits] > 0 {
            let next = walk[hits] * Double(marked - hits) / left
            walk[hits] -= next
            if hits < marked { walk[hits + 1] += next }
        }
    }

    private static func probability(
        of hits: Int, drawn: Int, marked: Int, total: Int
    ) -> Double {
        guard drawn - hits <= total - marked else { return 0 }
        return exp(
            Hypergeometric.logarithmOfChoices(marked, hits)
                + Hypergeometric.logarithmOfChoices(total - marked, drawn - hits)
                - Hypergeometric.logarithmOfChoices(total, drawn))
    }
}
