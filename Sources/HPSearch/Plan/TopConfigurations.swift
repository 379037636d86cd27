/// Chooses the configurations that a `from: top` stage refits.
enum TopConfigurations {
    /// One trial of each of the best configurations, the best first.
    ///
    /// They are the best of all COMPLETE sampled trials by value, whatever their stage. Directly
    /// after another `from: top` stage its entries come first, in the order of the report. A
    /// configuration that was drawn twice counts once.
    static func best(_ count: Int, of study: Study) -> [Trial] {
        let entries = Standings(of: study).entries
        var known: Set<[ParameterValue]> = []
        var best: [Trial] = []
        let take = { (entry: RankedEntry) in
            let trial = study.trials[entry.first]
            guard best.count < count, known.insert(trial.parameters).inserted else { return }
            best.append(trial)
        }
        if let last = study.stages.last, study.spec.stages[last.index].source == .top {
            let refitted = entries.filter { $0.stage == last.index }
            for entry in refitted where entry.values.count > 0 { take(entry) }
            // One that came to nothing there is not refitted again.
            for entry in refitted { known.insert(study.trials[entry.first].parameters) }
        }
        for entry in entries where entry.standing == .sampled { take(entry) }
        return best
    }
}
