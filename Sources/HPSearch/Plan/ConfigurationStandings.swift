/// Configurations against each other: by the last stage that they reached, then by the mean value
/// there, then by number.
enum ConfigurationStandings {
    private struct Standing {
        var trial: Trial
        var sum: Double
        var count: Int

        var mean: Double { sum / Double(count) }
    }

    /// One trial of each of the best configurations, the best first.
    static func best(_ count: Int, of study: Study) -> [Trial] {
        var standings: [Standing] = []
        var positions: [Int: Int] = [:]
        for trial in study.trials where trial.state == .complete {
            guard let value = trial.result?.value else { continue }
            let new = Standing(trial: trial, sum: value, count: 1)
            guard let position = positions[trial.configuration] else {
                positions[trial.configuration] = standings.count
                standings.append(new)
                continue
            }
            if trial.stage > standings[position].trial.stage {
                standings[position] = new
            } else {
                standings[position].sum += value
                standings[position].count += 1
            }
        }
        let objective = study.spec.objective
        let ordered = standings.sorted { left, right in
            if left.trial.stage != right.trial.stage { return left.trial.stage > right.trial.stage }
            if left.mean != right.mean { return objective.isBetter(left.mean, than: right.mean) }
            return left.trial.configuration < right.trial.configuration
        }
        return ordered.prefix(count).map(\.trial)
    }
}
