import HPSearch

/// What the flags of a study's trials mean, and how many trials have each.
struct FlagLegend {
    private let counts: [(flag: TrialFlag, count: Int)]

    init(of study: Study) {
        let flags = study.trials.flatMap {
            TrialFlag.flags(of: $0, objective: study.spec.objective)
        }
        counts = TrialFlag.allCases.compactMap { flag in
            let count = flags.count { $0 == flag }
            return count == 0 ? nil : (flag, count)
        }
    }

    /// Code and sentence of each, in the order of the kinds.
    var entries: [(code: String, sentence: String)] {
        counts.map { flag, count in
            (
                flag.rawValue,
                "\(TextLayout.count(count, "trial")): \(flag.advice.move): \(flag.advice.because)"
            )
        }
    }
}
