import HPMath
import HPSearch
import RandomStudies
import Testing

/// What holds of every spec and seed: a thousand of them, each run through all of its stages.
@Suite("Plans of a thousand random specs")
struct PlanPropertyTests {
    static let specCount = 1000

    /// The studies, run to their ends.
    static let studies: [Study] = (0..<specCount).map { run(RandomSpecs.spec($0)) }

    static func run(_ spec: StudySpec) -> Study {
        var study = Study(id: 1, spec: spec, specDigest: "", contentDigest: "")
        let objective = RandomObjective(spec)
        for _ in spec.stages {
            guard let plan = StagePlanner.nextStage(of: study) else { break }
            study.stages.append(plan.stage)
            study.trials += plan.trials.map { ended($0, by: objective) }
        }
        return study
    }

    private static func ended(_ trial: Trial, by objective: RandomObjective) -> Trial {
        var trial = trial
        let value = objective.value(trial.parameters, replicate: trial.replicate)
        trial.state = value == nil ? .diverged : .complete
        trial.result = TrialResult(
            objectiveCurve: value.map { [$0] } ?? [], value: value,
            standardError: value.map { _ in objective.standardError }, bestEpoch: 1, epochs: 1,
            metrics: TrialMetrics(), seconds: 0)
        return trial
    }

    @Test func `specs of every kind are among them`() {
        let specs = Self.studies.map(\.spec)
        for sampler in SamplerSpec.allCases {
            #expect(specs.count { $0.sampler == sampler } > 200)
        }
        #expect(specs.contains { $0.parameters.contains { !$0.conditions.isEmpty } })
        #expect(specs.count { $0.parameters.contains { $0.limits != nil } } > 200)
        let actions = Self.studies.flatMap(\.stages).flatMap(\.moves).map(\.action)
        for action in Move.Action.allCases { #expect(actions.count { $0 == action } > 1) }
        #expect(Self.studies.flatMap(\.trials).count { $0.state == .diverged } > 1000)
    }

    @Test func `every sample lies in its range, or is inactive where its condition fails`() {
        for study in Self.studies {
            for stage in study.stages where study.spec.stages[stage.index].source == .sampler {
                for number in stage.trialNumbers {
                    let trial = study.trials[number - 1]
                    #expect(study.spec.withoutInactive(trial.parameters) == trial.parameters)
                    for (index, value) in trial.parameters.enumerated() where value != .inactive {
                        #expect(stage.domains[index].contains(value))
                    }
                }
            }
        }
    }

    @Test func `ranges are exactly what the moves say, inside the hard limits`() throws {
        for study in Self.studies {
            for (before, stage) in zip(study.stages, study.stages.dropFirst())
            where study.spec.stages[stage.index].source == .sampler {
                #expect(stage.moves.map(\.from) == before.domains)
                #expect(stage.moves.map(\.to) == stage.domains)
                for (parameter, move) in zip(study.spec.parameters, stage.moves) {
                    #expect(move.parameter == parameter.name)
                    #expect(Self.isTrue(move), "\(study.spec.name): \(move)")
                    guard let limits = parameter.limits, let bounds = move.to.bounds else {
                        continue
                    }
                    #expect(bounds.low >= limits.lowerBound && bounds.high <= limits.upperBound)
                }
            }
        }
    }

    /// Whether the word for a move is what it does.
    private static func isTrue(_ move: Move) -> Bool {
        if case (.choice(let old), .choice(let new)) = (move.from, move.to) {
            return new.allSatisfy(old.contains) && !new.isEmpty
                && move.action == (old == new ? .keep : .narrow)
        }
        guard let old = move.from.bounds, let new = move.to.bounds else {
            return move.from == move.to && move.action == .keep
        }
        guard new.low < new.high || (old.low == old.high) else { return false }
        let isInside = new.low >= old.low && new.high <= old.high
        let isAround = new.low <= old.low && new.high >= old.high
        switch move.action {
        case .keep: return move.from == move.to
        case .narrow: return isInside && !isAround
        case .widen: return isAround && !isInside
        case .shift: return !isInside && !isAround
        }
    }

    @Test func `the evidence of every move exists, and every move has a reason`() {
        for study in Self.studies {
            for stage in study.stages {
                for (index, move) in stage.moves.enumerated() {
                    #expect(!move.because.isEmpty && !move.because.contains("nan"))
                    #expect(Set(move.evidence).count == move.evidence.count)
                    for number in move.evidence {
                        #expect(number >= 1 && number < stage.firstTrial)
                        guard number >= 1, number <= study.trials.count else { continue }
                        let trial = study.trials[number - 1]
                        #expect([.complete, .diverged].contains(trial.state))
                        #expect(trial.parameters[index] != .inactive)
                    }
                    let wasJudged = study.spec.stages[stage.index].narrowing != .off
                    if wasJudged, move.action != .keep { #expect(!move.evidence.isEmpty) }
                }
            }
        }
    }

    // MARK: - Marginals

    /// Where samples lie among all that their range could have given, 0 to 1: even when the
    /// range is drawn from evenly. Whole numbers and choices are spread over their share at
    /// random.
    private static func quantiles(_ sampler: SamplerSpec, _ kind: String) -> [Double] {
        var noise = RandomStream(seed: 5, purpose: .sampling, a: 80)
        var quantiles: [Double] = []
        for study in studies where study.spec.sampler == sampler {
            for stage in study.stages where study.spec.stages[stage.index].source == .sampler {
                for number in stage.trialNumbers {
                    for (domain, value) in zip(stage.domains, study.trials[number - 1].parameters)
                    where domain.kind == kind && value != .inactive {
                        quantiles.append(quantile(value, domain, noise.nextUnit()))
                    }
                }
            }
        }
        return quantiles
    }

    private static func quantile(
        _ value: ParameterValue, _ domain: ParameterDomain, _ share: Double
    ) -> Double {
        let number = value.asNumber ?? 0
        switch domain {
        case .logUniform(let low, let high):
            return (log(number) - log(low)) / (log(high) - log(low))
        case .uniform(let low, let high): return (number - low) / (high - low)
        case .integer(let low, let high):
            return (number - Double(low) + share) / Double(high - low + 1)
        case .logInteger(let low, let high):
            let width = log(Double(high) + 1) - log(Double(low))
            let start = log(number) - log(Double(low))
            return (start + share * (log(number + 1) - log(number))) / width
        case .choice(let values):
            let place = values.firstIndex(of: value) ?? 0
            return (Double(place) + share) / Double(values.count)
        case .value: return share
        }
    }

    /// Kolmogorov and Smirnov's largest distance from the even distribution.
    private static func distance(_ quantiles: [Double]) -> Double {
        let count = Double(quantiles.count)
        return quantiles.sorted().enumerated().map { index, quantile in
            max(quantile - Double(index) / count, Double(index + 1) / count - quantile)
        }.max() ?? 1
    }

    @Test(
        arguments: [SamplerSpec.random, .sobol],
        ["log_uniform", "uniform", "int", "log_int", "choice"])
    func `marginals are even on the right scale`(sampler: SamplerSpec, kind: String) {
        let quantiles = Self.quantiles(sampler, kind)
        #expect(quantiles.count > 2000)
        // Exceeded by chance once in 1,000 times.
        #expect(Self.distance(quantiles) < 1.95 / Double(quantiles.count).squareRoot())
    }

    @Test func `a log range drawn on a linear scale would be found`() {
        let wrong = Self.quantiles(.random, "log_uniform").map { $0 * $0 }
        #expect(Self.distance(wrong) > 1.95 / Double(wrong.count).squareRoot())
    }

    @Test func `each stage of a Sobol sequence is more even than random draws are`() {
        func typicalDistance(_ sampler: SamplerSpec) -> Double {
            let distances = Self.studies.filter { $0.spec.sampler == sampler }.compactMap {
                study -> Double? in
                guard
                    let index = study.spec.parameters.firstIndex(where: {
                        $0.domain.kind == "log_uniform"
                    })
                else { return nil }
                let stage = study.stages[0]
                let quantiles = study.trials.prefix(stage.trialCount).map {
                    Self.quantile($0.parameters[index], stage.domains[index], 0)
                }
                return Self.distance(quantiles)
            }.sorted()
            return distances[distances.count / 2]
        }
        #expect(typicalDistance(.sobol) < 0.6 * typicalDistance(.random))
    }

    @Test func `a grid tries every value of a choice and the ends of every range`() {
        for study in Self.studies where study.spec.sampler == .grid {
            let stage = study.stages[0]
            let grid = GridSampler(stage.domains, trialCount: stage.trialCount)
            #expect(grid.pointCount <= stage.trialCount)
            let points = study.trials.prefix(grid.pointCount).map(\.parameters)
            let parameters = study.spec.parameters
            for (index, domain) in stage.domains.enumerated()
            where parameters[index].conditions.isEmpty {
                let values = Set(points.map { $0[index] })
                #expect(values.count == grid.levels[index])
                if case .choice(let all) = domain { #expect(values == Set(all)) }
                if let bounds = domain.bounds, grid.levels[index] > 1 {
                    let numbers = values.compactMap(\.asNumber)
                    #expect(numbers.min() == bounds.low && numbers.max() == bounds.high)
                }
            }
            if parameters.allSatisfy(\.conditions.isEmpty) {
                #expect(Set(points).count == grid.pointCount)
            }
        }
    }
}
