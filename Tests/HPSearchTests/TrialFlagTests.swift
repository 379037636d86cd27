import HPSearch
import Testing

@Suite struct `A trial's flags` {
    @Test func `are none when it trains as it should`() {
        #expect(Observed().flags == [])
    }

    @Test func `say a rate that is too low, as on the slides`() {
        // 2.302576 to 2.302420 in ten epochs, validation accuracy 0.192.
        var observed = Observed(losses: (1...10).map { 2.302576 - 0.0000156 * Double($0) })
        observed.initialLoss = 2.302576
        observed.update = 1e-6
        #expect(observed.flags == [.learningRateLow, .updateLow])
        // Units that are all dead or the same give another reason.
        observed.isSymmetric = true
        #expect(observed.flags == [.symmetric, .updateLow])
        observed.isSymmetric = false
        observed.deadShare = 0.4
        #expect(observed.flags == [.deadReLU, .updateLow])
    }

    @Test func `say a rate that is too high when it diverged or ended above its start`() {
        var observed = Observed(losses: [])
        observed.state = .diverged
        #expect(observed.flags == [.learningRateHigh])
        #expect(Observed(losses: [2.4, 2.5, 2.6]).flags == [.learningRateHigh])
        #expect(Observed(losses: [2.4, 2.5, 2.5]).flags == [])
    }

    @Test func `say an initial loss that is not that of chance`() {
        for (loss, isOff) in [(2.302, false), (2.5, false), (2.54, true), (2.0, true)] {
            var observed = Observed()
            observed.initialLoss = loss
            #expect(observed.flags.contains(.initialLoss) == isOff, "\(loss)")
        }
        var observed = Observed(losses: [])
        observed.initialLoss = .nan
        observed.state = .diverged
        #expect(observed.flags == [.learningRateHigh, .initialLoss])
    }

    @Test func `say a late start`() {
        #expect(Observed(losses: [2.3, 2.29, 2.28, 1.5, 1, 0.5]).flags == [.lateStart])
        #expect(Observed(losses: [2.28, 1.8, 1.5, 1.2, 1, 0.5]).flags == [])
    }

    @Test func `say of every loss that stays flat whether it is the rate or the first weights`() {
        for losses in [
            [2.301], [2.302, 2.303], [2.29, 2.27, 2.24, 2.2], [2.31, 2.33, 2.35, 2.34],
        ] {
            var observed = Observed(losses: losses)
            observed.update = 9e-4
            #expect(observed.flags == [.learningRateLow], "\(losses)")
            observed.update = 2e-3
            #expect(observed.flags == [.lateStart], "\(losses)")
            // Whatever else keeps it flat is said instead.
            observed.saturatedShare = 0.6
            #expect(observed.flags == [.saturated], "\(losses)")
        }
        // So are layers that shrink, to less than where a loss falls all the same.
        var observed = Observed(losses: [2.29, 2.27, 2.24, 2.2])
        observed.update = 9e-4
        observed.activationSpread = [1, 0.3, 0.095]
        #expect(observed.flags == [.vanishing])
        observed.losses = [2.2, 1.9, 1.6, 1.3]
        #expect(observed.flags == [])
        // Three evaluations are a beginning, and a tenth is a start.
        #expect(Observed(losses: [2.27, 2.24, 2.2]).flags == [])
        #expect(Observed(losses: [2.27, 2.2, 2.15, 2.05]).flags == [])
    }

    @Test func `say a plateau or too small a network, by whether weights still move`() {
        let losses = [1.6, 1.5, 1.5, 1.5, 1.5, 1.5]
        var observed = Observed(losses: losses)
        observed.update = 5e-3
        #expect(observed.flags == [.plateau])
        observed.update = 5e-4
        #expect(observed.flags == [.underfit])
        observed.trainingAccuracy = 0.55
        #expect(observed.flags == [])
        #expect(Observed(losses: [1.6, 1.5, 1.4, 1.3, 1.2, 1.1]).flags == [])
    }

    @Test func `say noise where the loss of the same examples keeps rising`() {
        // 0.02·ln 10 is 0.046 a step.
        #expect(Observed(losses: [1.9, 1.6, 1.45, 1.55, 1.35, 1.45]).flags == [.noisy])
        #expect(Observed(losses: [1.9, 1.6, 1.45, 1.5, 1.35, 1.4]).flags == [])
        // Only the second half counts, and a beginning says nothing.
        #expect(Observed(losses: [1.9, 2.2, 1.6, 1.5, 1.4, 1.3]).flags == [])
        #expect(Observed(losses: [1.9, 1.5, 1.8]).flags == [])
    }

    @Test func `say nothing of minibatches that differ, as those of a few examples do`() {
        var observed = Observed()
        observed.noise = 2
        #expect(observed.flags == [])
    }

    @Test func `say updates that are far from a thousandth`() {
        for (update, flag) in [
            (2e-2, TrialFlag.updateHigh), (9e-3, nil), (2e-4, nil), (9e-5, .updateLow),
        ] {
            var observed = Observed()
            observed.update = update
            #expect(observed.flags == [flag].compactMap(\.self), "\(update)")
        }
    }

    @Test func `say saturated, vanishing and dead layers`() {
        var observed = Observed()
        observed.saturatedShare = 0.6
        #expect(observed.flags == [.saturated])
        observed.saturatedShare = 0.5
        observed.deadShare = 0.39
        #expect(observed.flags == [])
        observed.activationSpread = [1, 0.3, 0.08]
        #expect(observed.flags == [.vanishing])
        observed.activationSpread = [1, 0.3, 0.1]
        observed.gradientSpread = [8e-5, 3e-4, 1e-3]
        #expect(observed.flags == [.vanishing])
        observed.gradientSpread = [1e-3, 1e-4, 1e-5]
        #expect(observed.flags == [])
    }

    @Test func `say regularization that drowns the data, but not of data that are learned`() {
        var observed = Observed(losses: [2.25, 2.2, 2.1])
        observed.regularizationLosses = (0, 2.2)
        #expect(observed.flags == [.regularizationDominates])
        observed = Observed(losses: [2.3, 2.3, 2.3])
        observed.regularizationLosses = (25, 0)
        observed.activationSpread = [1, 0.1, 0.01]
        observed.update = 0.1
        #expect(observed.flags == [.regularizationDominates])
        observed = Observed()
        observed.regularizationLosses = (25, 0.9)
        #expect(observed.flags == [])
    }

    @Test func `say a gap between training and validation`() {
        var observed = Observed()
        observed.trainingAccuracy = 0.61
        #expect(observed.flags == [.overfit])
        observed.trainingAccuracy = 0.59
        #expect(observed.flags == [])
    }

    @Test func `need no diagnostics`() {
        var observed = Observed()
        observed.hasLooks = false
        #expect(observed.flags == [])
        observed.losses = [2.302, 2.302]
        #expect(observed.flags == [.learningRateLow])
    }

    @Test func `each name a setting and where to move it`() {
        for flag in TrialFlag.allCases {
            #expect(!flag.advice.parameter.isEmpty && !flag.advice.because.hasSuffix("."))
        }
        #expect(TrialFlag.learningRateLow.advice.move == "raise learning_rate")
        #expect(TrialFlag.learningRateHigh.advice.move == "lower learning_rate")
        #expect(TrialFlag.overfit.advice.move == "raise reg")
    }

    @Test(arguments: [3, 400, 5000], [1, 3, 2000])
    func `a long training keeps its first two looks, its last and some between`(
        looks: Int, layers: Int
    ) {
        let numbers = NumberDistribution(mean: 0, standardDeviation: 1)
        let layer = LayerDiagnostics(activation: numbers, gradient: numbers)
        let all = TrialDiagnostics(
            epochs: (0..<looks).map {
                EpochDiagnostics(
                    epoch: Double($0), dataLoss: 0, regularizationLoss: 0,
                    layers: [LayerDiagnostics](repeating: layer, count: layers))
            })
        let kept = all.thinned.epochs.map(\.epoch)
        #expect(kept.prefix(2) == [0, 1] && kept.last == Double(looks - 1))
        #expect(kept.count <= max(4, TrialDiagnostics.layerLookMaximum / layers))
        #expect(kept.count == looks || kept.count * layers * 3 > TrialDiagnostics.layerLookMaximum)
    }
}

/// A ten-class trial that trains as it should, to be changed.
private struct Observed {
    var state = Trial.State.complete
    var losses = [1.9, 1.7, 1.55, 1.45, 1.35]
    var initialLoss = 2.3026
    var trainingAccuracy = 0.51
    var update = 1e-3
    var noise = 0.1
    var saturatedShare: Double?
    var deadShare: Double?
    var isSymmetric = false
    var activationSpread = [1.0, 0.9, 0.8]
    var gradientSpread = [1e-3, 1e-3, 1e-3]
    var regularizationLosses = (first: 0.1, last: 0.2)
    var hasLooks = true

    var flags: [TrialFlag] {
        let curve = losses.enumerated().map { index, loss in
            EpochMetrics(
                epoch: Double(index + 1), learningRate: 1e-3, validationAccuracy: 0.49,
                validationLoss: loss, trainingAccuracy: trainingAccuracy, trainingLoss: loss)
        }
        return TrialObservation(
            state: state, classCount: 10, initialLoss: initialLoss,
            best: state == .complete ? curve.indices.last : nil,
            recordings: TrialRecordings(
                curve: curve, diagnostics: hasLooks ? TrialDiagnostics(epochs: looks) : nil)
        ).flags
    }

    private var looks: [EpochDiagnostics] {
        ([initialLoss] + losses).enumerated().map { index, loss in
            EpochDiagnostics(
                epoch: Double(index), dataLoss: loss,
                regularizationLoss: index == 0
                    ? regularizationLosses.first : regularizationLosses.last,
                minibatchLoss: index == 0
                    ? nil
                    : MinibatchLoss(
                        mean: loss, standardDeviation: noise, first: 1, last: 1),
                layers: layers(isTrained: index > 0))
        }
    }

    private func layers(isTrained: Bool) -> [LayerDiagnostics] {
        (0...3).map { index in
            let isHidden = index < 3
            return LayerDiagnostics(
                weightUpdateRatio: isTrained ? update : nil,
                activation: NumberDistribution(
                    mean: 0, standardDeviation: isHidden ? activationSpread[index] : 1),
                gradient: NumberDistribution(
                    mean: 0, standardDeviation: isHidden ? gradientSpread[index] : 1),
                saturatedShare: isHidden ? saturatedShare : nil,
                deadShare: isHidden ? deadShare : nil, isSymmetric: isHidden && isSymmetric)
        }
    }
}
