import HPMath
import HPSearch
import Testing

@Suite("The course of an objective")
struct ObjectiveCurveTests {
    private static let maximized = Objective(metric: .validationAccuracy, goal: .maximize)
    private static let minimized = Objective(metric: .validationLoss, goal: .minimize)

    private static func curve(
        _ values: [Double], error: Double? = 0.01, _ objective: Objective = maximized
    ) -> ObjectiveCurve {
        ObjectiveCurve(
            TrialResult(
                objectiveCurve: values, value: values.max(), standardError: error, bestEpoch: 1,
                epochs: Double(values.count), metrics: TrialMetrics(), seconds: 0), objective)
    }

    @Test func `a rise to the end is still improving, a last best by chance is not`() {
        // 1.645·√2·0.01 is 0.0233.
        #expect(Self.curve([0.5, 0.53]).isStillImproving)
        #expect(!Self.curve([0.5, 0.52]).isStillImproving)
        #expect(!Self.curve([0.5, 0.8, 0.82]).isStillImproving)
        #expect(Self.curve([0.4, 0.45, 0.48, 0.5]).isStillImproving)
        #expect(!Self.curve([0.8, 0.805, 0.8, 0.81]).isStillImproving)
        #expect(!Self.curve([0.8, 0.802, 0.804, 0.806]).isStillImproving, "within the error")
        #expect(!Self.curve([]).isStillImproving && !Self.curve([0.5]).isStillImproving)
        #expect(!Self.curve([0.5, .nan, 0.6, 0.7]).isStillImproving)
        let losses = [1.2, 1.1, 1.0, 0.9]
        #expect(Self.curve(losses, Self.minimized).isStillImproving)
        #expect(!Self.curve(losses.reversed(), Self.minimized).isStillImproving)
    }

    @Test func `where no error is known four evaluations tell, two don't`() {
        #expect(Self.curve([0.4, 0.5, 0.6, 0.7], error: nil).isStillImproving)
        #expect(!Self.curve([0.4, 0.5], error: nil).isStillImproving)
        #expect(!Self.curve([0.4, 0.9, 0.4], error: nil).hasLuckyBest)
    }

    @Test func `a best between two that are lower by more than its error is lucky`() {
        #expect(Self.curve([0.5, 0.6, 0.64, 0.6, 0.61]).hasLuckyBest)
        #expect(!Self.curve([0.5, 0.6, 0.605, 0.6, 0.6]).hasLuckyBest)
        #expect(!Self.curve([0.5, 0.6, 0.64, 0.635, 0.6]).hasLuckyBest, "one beside it is near")
        #expect(!Self.curve([0.5, 0.6, 0.7]).hasLuckyBest, "a trend looks the same")
        #expect(!Self.curve([0.7, 0.6, 0.5]).hasLuckyBest)
        #expect(!Self.curve([0.7]).hasLuckyBest && !Self.curve([]).hasLuckyBest)
        #expect(Self.curve([1, 0.9, 0.8, 0.9, 0.9], Self.minimized).hasLuckyBest)
    }

    // MARK: - Simulated trainings

    /// Accuracies of 154 rows that stand still or rise evenly. What one evaluation is off it shares
    /// in part with the next, as weights that wander do.
    private static func simulated(
        _ stream: inout RandomStream, evaluations: Int, fluctuation: Double, rise: Double = 0,
        memory: Double = 0.5
    ) -> ObjectiveCurve {
        let rows = 154.0
        let error = (0.75 * 0.25 / rows).squareRoot()
        var off = stream.nextNormal()
        let values = (0..<evaluations).map { index in
            if index > 0 {
                off = memory * off + (1 - memory * memory).squareRoot() * stream.nextNormal()
            }
            let accuracy = 0.6 + error * (rise * Double(index) + fluctuation * off)
            return (accuracy * rows).rounded() / rows
        }
        return curve(values, error: error)
    }

    private static func share(
        of trainings: Int = 2000, _ evaluations: Int, fluctuation: Double, rise: Double = 0,
        memory: Double = 0.5, where isTrue: (ObjectiveCurve) -> Bool
    ) -> Double {
        var stream = RandomStream(seed: 4, purpose: .sampling, a: UInt32(evaluations))
        let count = (0..<trainings).count { _ in
            isTrue(
                simulated(
                    &stream, evaluations: evaluations, fluctuation: fluctuation, rise: rise,
                    memory: memory))
        }
        return Double(count) / Double(trainings)
    }

    /// 0.05 and three standard deviations of 2,000 trainings.
    private static let oneInTwenty = 0.05 + 0.015

    @Test(arguments: [2, 3, 4, 5, 8, 10, 20, 40, 100], [0.1, 0.3, 1])
    func `of trainings that stand still at most one in twenty seems to improve`(
        _ evaluations: Int, _ fluctuation: Double
    ) {
        for memory in [0, 0.5] {
            let share = Self.share(
                evaluations, fluctuation: fluctuation, memory: memory, where: \.isStillImproving)
            #expect(share < Self.oneInTwenty, "memory \(memory)")
        }
    }

    @Test(arguments: [4, 5, 8, 10, 20, 40, 100])
    func `a training that improves is found`(_ evaluations: Int) {
        let share = Self.share(
            of: 400, evaluations, fluctuation: 0.3, rise: 1, memory: 0, where: \.isStillImproving)
        #expect(share > 0.9)
        let short = Self.share(
            of: 400, 2, fluctuation: 0.3, rise: 4, memory: 0, where: \.isStillImproving)
        #expect(short > 0.9)
    }

    @Test(arguments: [3, 5, 10, 20, 40])
    func `of trainings that fluctuate by a third of the error one in twenty has a lucky best`(
        _ evaluations: Int
    ) {
        let share = Self.share(
            evaluations, fluctuation: 1.0 / 3, memory: 0, where: \.hasLuckyBest)
        #expect(share < Self.oneInTwenty)
    }

    @Test func `where evaluations differ by more than the error most bests are lucky`() {
        #expect(Self.share(20, fluctuation: 1.5, memory: 0, where: \.hasLuckyBest) > 0.6)
    }
}
