import HPSearch

/// Why ranges of a study moved, and by which trials.
struct MoveReasons {
    /// Trials named behind a move; a report lists them all as JSON.
    private static let namedMaximum = 8

    private let diverged: Set<Int>

    init(of study: Study) {
        diverged = Set(study.trials.lazy.filter { $0.state == .diverged }.map(\.number))
    }

    /// `they lie low (trials, the best first: 5, 2, 1; DIVERGED: 3, 8)`.
    func text(of move: Move) -> String {
        let complete = move.evidence.filter { !diverged.contains($0) }
        let groups = [
            (complete.count == 1 ? "trial " : "trials, the best first: ", complete),
            ("DIVERGED: ", move.evidence.filter(diverged.contains)),
        ]
        let texts = groups.filter { !$0.1.isEmpty }.map { $0.0 + Self.named($0.1) }
        return move.because + (texts.isEmpty ? "" : " (\(texts.joined(separator: "; ")))")
    }

    private static func named(_ trials: [Int]) -> String {
        let named = trials.prefix(namedMaximum).map(String.init).joined(separator: ", ")
        let left = trials.count - namedMaximum
        return named + (left > 0 ? " and \(left) more" : "")
    }
}
