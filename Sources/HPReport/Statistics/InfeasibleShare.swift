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

    /// Wilson's interval, which holds the true share in 95 of 100 samples and, other than the one
    /// from the standard error, is no point where no trial diverged.
    package var interval: ClosedRange<Double> {
        let count = Double(finishedCount)
        let quantile = 1.959_963_984_540_054
        let squared = quantile * quantile
        let scale = 1 / (1 + squared / count)
        let centre = scale * (share + squared / (2 * count))
        let variance = share * (1 - share) / count + squared / (4 * count * count)
        let margin = scale * quantile * variance.squareRoot()
        let low = divergedCount == 0 ? 0 : max(0, centre - margin)
        return low...(divergedCount == finishedCount ? 1 : min(1, centre + margin))
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
