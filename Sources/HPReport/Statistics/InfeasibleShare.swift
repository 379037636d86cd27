package import HPSearch

/// The share of a stage's space in which training diverges, as far as its trials show it: the
/// sampler spreads them over the whole space.
package struct InfeasibleShare: Sendable, Hashable {
    /// Index of the stage.
    package var stage: Int
    package var divergedCount: Int
    /// Trials that trained: COMPLETE, PRUNED and DIVERGED ones. A FAIL says nothing about the
    /// space.
    package var finishedCount: Int

    package init(stage: Int, divergedCount: Int, finishedCount: Int) {
        self.stage = stage
        self.divergedCount = divergedCount
        self.finishedCount = finishedCount
    }

    package var share: Double { Double(divergedCount) / Double(finishedCount) }

    /// Wilson's interval, which holds the true share in 95 of 100 samples.
    package var interval: ClosedRange<Double> {
        let interval = WilsonInterval.around(share, of: Double(finishedCount))
        // Rounding must not keep it from the ends that it reaches.
        let low = divergedCount == 0 ? 0 : interval.lowerBound
        let high = divergedCount == finishedCount ? 1 : interval.upperBound
        return low...high
    }

    /// One for each sampled stage in which a trial has trained.
    package static func all(of study: Study) -> [InfeasibleShare] {
        study.stages.filter { study.spec.stages[$0.index].source == .sampler }.compactMap { stage in
            let states = study.distinctTrials(ofStage: stage.index).map(\.state)
            let divergedCount = states.count { $0 == .diverged }
            let finishedCount =
                divergedCount + states.count { $0 == .complete || $0 == .pruned }
            return finishedCount == 0
                ? nil
                : InfeasibleShare(
                    stage: stage.index, divergedCount: divergedCount, finishedCount: finishedCount)
        }
    }
}
