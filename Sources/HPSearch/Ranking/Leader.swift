/// The configuration that a study stands for: the best everywhere that a best is named.
package struct Leader: Sendable, Hashable {
    /// The mean of the objective over the replicates that are COMPLETE.
    package var value: Double
    /// The first of its COMPLETE trials.
    package var trial: Int
    package var configuration: Int
    /// Replicates that are COMPLETE, and those that were planned.
    package var completeCount: Int
    package var replicateCount: Int

    package init(
        value: Double, trial: Int, configuration: Int, completeCount: Int, replicateCount: Int
    ) {
        self.value = value
        self.trial = trial
        self.configuration = configuration
        self.completeCount = completeCount
        self.replicateCount = replicateCount
    }

    /// - Parameter entry: of the study, with a COMPLETE trial.
    package init(_ entry: RankedEntry, of study: Study) {
        let complete = entry.trials.first { index in
            study.trials[index].state == .complete && study.trials[index].finiteValue != nil
        }
        self.init(
            value: entry.values.mean, trial: study.trials[complete ?? entry.first].number,
            configuration: entry.configuration, completeCount: entry.values.count,
            replicateCount: entry.replicateCount)
    }

    /// `configuration 61, 3 of 3 seeds`
    package var name: String {
        "configuration \(configuration)"
            + (replicateCount > 1 ? ", \(completeCount) of \(replicateCount) seeds" : "")
    }
}
