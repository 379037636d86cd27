package import HPSearch

extension Report {
    /// Sampled trials that are compared row by row at most: what is further down isn't in question.
    static let comparedSampledMaximum = 1000

    /// The trials whose validation rows a report compares, in ascending order: COMPLETE ones of
    /// refitted stages, and the best of the sampled ones, the lowest numbers of equals.
    package static func comparedTrials(of study: Study) -> [Int] {
        let objective = study.spec.objective
        var refitted: [Int] = []
        var sampled: [(number: Int, value: Double)] = []
        for trial in study.trials where trial.state == .complete {
            guard let value = trial.result?.value else { continue }
            switch study.spec.stages[trial.stage].source {
            case .top: refitted.append(trial.number)
            case .sampler: sampled.append((trial.number, value))
            }
        }
        sampled.sort { first, second in
            first.value == second.value
                ? first.number < second.number
                : objective.isBetter(first.value, than: second.value)
        }
        return (refitted + sampled.prefix(comparedSampledMaximum).map(\.number)).sorted()
    }
}
