import HPCluster
import HPSearch
import RandomStudies

/// A study of a simulation, and what its trials come to: a function of the trial alone.
struct SimulatedStudy: Sendable {
    /// What training a trial ends with.
    enum Fate: Sendable {
        /// A result; its `seconds` are the worker's affair.
        case trains(
            state: Trial.State, reason: String, result: TrialResult, recordings: TrialRecordings)
        /// An error of the trial itself.
        case fails
        /// The trial can be seen to break, on any worker.
        case breaks(AttemptOutcome)
        /// The worker's process dies of it.
        case kills
    }

    let spec: StudySpec
    let content: String
    let contentDigest: String
    /// The shortest and the longest training, in seconds.
    let trainingSeconds: ClosedRange<Double>
    private let objective: RandomObjective
    private let killerShare: Double
    private let failingShare: Double
    private let breakingShare: Double

    /// Draws a study with at most `trialMaximum` trials or so.
    init(
        name: String, trialMaximum: Int, swarm: Swarm, random: inout SimulationRandom
    ) {
        let spec = Self.spec(name: name, trialMaximum: trialMaximum, random: &random)
        self.spec = spec
        self.content = spec.content
        self.contentDigest = spec.contentDigest
        self.objective = RandomObjective(spec)
        self.killerShare = swarm.killerShare
        self.failingShare = random.happens(0.2) ? random.uniform(0, 0.2) : 0
        self.breakingShare = random.happens(0.2) ? random.uniform(0, 0.1) : 0
        let most = swarm.trainingMaximumSeconds
        let longest = random.logUniform(most / 10, most)
        self.trainingSeconds = longest / random.logUniform(1, 100)...longest
    }

    func fate(
        of parameters: [ParameterValue], replicate: Int, dataDigest: String
    ) -> Fate {
        let words = parameters.flatMap(Self.words)
        func lot(_ number: UInt64) -> Double {
            SimulationRandom.unit(hashing: words + [number])
        }
        if lot(1) < killerShare { return .kills }
        if lot(2) < failingShare { return .fails }
        if lot(3) < breakingShare {
            return .breaks(lot(4) < 0.5 ? .outOfMemory : lot(4) < 0.75 ? .timeout : .crashed)
        }
        let data = SimulationRandom.unit(hashing: Self.words(.text(dataDigest)))
        let value = objective.value(parameters, replicate: replicate).map { $0 + 0.001 * data }
        // The last evaluation gives the value: it is the best, or the objective asks for it.
        let isBest = spec.objective.at == .best
        let firstStep = (spec.objective.goal == .maximize) == isBest ? -0.25 : 0.25
        let result = TrialResult(
            objectiveCurve: value.map { [$0 + firstStep, $0] } ?? [], value: value,
            standardError: value.map { _ in objective.standardError },
            bestEpoch: value == nil ? 0 : 2, epochs: 2, metrics: TrialMetrics(),
            flags: TrialFlag.allCases.enumerated().filter { lot(8 + UInt64($0.offset)) < 0.2 }
                .map(\.element), seconds: 0)
        return .trains(
            state: value == nil ? .diverged : .complete, reason: value == nil ? "nan" : "",
            result: result,
            recordings: recordings(value, lot))
    }

    private func recordings(_ value: Double?, _ lot: (UInt64) -> Double) -> TrialRecordings {
        let diagnostics = lot(5) < 0.8 ? Self.diagnostics(lot(6)) : nil
        guard let value else { return TrialRecordings(diagnostics: diagnostics) }
        let rows = lot(7) < 0.8 ? rows(value) : nil
        return TrialRecordings(
            curve: Self.curve, diagnostics: diagnostics, correctness: rows,
            crossedCorrectness: rows.flatMap { rows in
                lot(7) < 0.6 ? CrossedCorrectness(atOneEpoch: rows) : nil
            })
    }

    /// The first rows are right; nil for what is no accuracy.
    private func rows(_ value: Double) -> RowCorrectness? {
        guard spec.objective.metric == .validationAccuracy, (0...1).contains(value) else {
            return nil
        }
        let right = Int((value * 37).rounded())
        return RowCorrectness((0..<37).map { $0 < right })
    }

    private static let curve = [1.0, 2.0].map { epoch in
        EpochMetrics(
            epoch: epoch, learningRate: 0.1, validationAccuracy: 0.5, validationLoss: 1,
            trainingAccuracy: 0.5, trainingLoss: 1)
    }

    private static func diagnostics(_ loss: Double) -> TrialDiagnostics {
        let numbers = NumberDistribution(mean: loss, standardDeviation: 1)
        return TrialDiagnostics(
            epochs: [0, 1].map { epoch in
                EpochDiagnostics(
                    epoch: epoch, dataLoss: loss, regularizationLoss: 0,
                    layers: [LayerDiagnostics(activation: numbers, gradient: numbers)])
            })
    }

    private static func words(_ value: ParameterValue) -> [UInt64] {
        switch value {
        case .boolean(let boolean): [1, boolean ? 1 : 0]
        case .integer(let integer): [2, UInt64(bitPattern: Int64(integer))]
        case .number(let number): [3, number.bitPattern]
        case .text(let text): [4] + text.utf8.map(UInt64.init)
        case .list(let values): [5] + values.flatMap(words)
        case .inactive: [6]
        }
    }

    // MARK: - Specs

    /// A spec that its own reader accepts: a grid, for one, needs a trial for each choice.
    private static func spec(
        name: String, trialMaximum: Int, random: inout SimulationRandom
    ) -> StudySpec {
        while true {
            var spec = RandomSpecs.spec(random.next(below: 1 << 30))
            spec.name = name
            spec.stages = stages(trialMaximum: trialMaximum, random: &random)
            spec.limits.attempts = random.pick([1, 2, 3, 3, 3, 3, 5, 10])
            if random.happens(0.15) { spec.limits.maximumFailed = random.next(below: 4) }
            if random.happens(0.15) {
                let target = random.uniform(0.3, 0.65)
                spec.objective.target = spec.objective.goal == .maximize ? target : -target
            }
            if let read = try? StudySpec(content: spec.content) { return read }
        }
    }

    private static func stages(
        trialMaximum: Int, random: inout SimulationRandom
    ) -> [StageSpec] {
        let count = random.integer(in: 1...3)
        let share = max(1, trialMaximum / count)
        var stages: [StageSpec] = []
        for index in 0..<count {
            var stage = StageSpec(
                name: "stage\(index)", configurations: random.integer(in: (share + 1) / 2...share),
                epochs: Double(1 + index))
            if index > 0 {
                stage.narrowing = random.pick([.auto, .auto, .auto, .off, .confirm])
                if random.happens(0.3) { refit(&stage, after: stages[0], random: &random) }
            }
            stages.append(stage)
        }
        return stages
    }

    private static func refit(
        _ stage: inout StageSpec, after first: StageSpec, random: inout SimulationRandom
    ) {
        stage.source = .top
        stage.narrowing = .auto
        stage.configurations = random.integer(in: 1...min(4, first.configurations))
        stage.replicates = random.integer(in: 1...3)
    }
}
