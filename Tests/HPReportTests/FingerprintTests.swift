import HPReport
import HPSearch
import Testing

@Suite struct FingerprintTests {
    private static let stages = [
        StageSpec(name: "coarse", configurations: 2, epochs: 2),
        StageSpec(name: "fine", configurations: 2, epochs: 2),
    ]

    private static var study: Study {
        let domains: [ParameterDomain] = [
            Fixtures.learningRate.domain, .logUniform(low: 1e-4, high: 1e-2),
        ]
        let move = Move(
            parameter: "learning_rate", action: .narrow, from: domains[0], to: domains[1],
            because: "a reason", evidence: [1])
        var diverged = Fixtures.trained(
            4, stage: 1, .diverged, curve: [0.25, .nan], [.number(0.01), .number(0.5)])
        diverged.reason = "nan"
        return Fixtures.study(
            Fixtures.spec(stages: stages), .complete,
            [
                Fixtures.complete(1, 0.5), Fixtures.trained(2, curve: [0.25, 0.75]),
                Fixtures.complete(3, stage: 1, 0.625), diverged,
            ],
            moves: [[], [move]])
    }

    @Test func `what the data are said to be decides nothing`() {
        var study = Self.study
        study.dataSummary = "something else"
        #expect(Fingerprint.digest(of: study) == Fingerprint.digest(of: Self.study))
    }

    /// Computed by another program from the sequence of fields that the documentation gives.
    @Test func `the documented sequence has this digest`() {
        #expect(
            Fingerprint.digest(of: Self.study)
                == "f1bed31ced082c51519123014bf66dffb559be143b64e647b38029ee45ae53e8")
    }

    @Test func `a value of every kind has its tag`() {
        let kinds: [ParameterValue] = [
            .boolean(true), .integer(1), .number(1), .text("1"), .list([.integer(1)]), .list([]),
            .boolean(false),
        ]
        let digests = kinds.map { value in
            var study = Self.study
            study.trials[0].parameters[0] = value
            return Fingerprint.digest(of: study)
        }
        #expect(Set(digests).count == kinds.count)
    }

    private static let decisive: [(name: String, change: @Sendable (inout Study) -> Void)] = [
        ("spec digest", { $0.specDigest = "other" }),
        ("data digest", { $0.dataDigest = "other" }),
        ("engine revision", { $0.engineRevision = "hpnet/2" }),
        ("number of trials", { $0.trials.removeLast() }),
        ("stage of a trial", { $0.trials[1].stage = 1 }),
        ("configuration", { $0.trials[1].configuration = 1 }),
        ("replicate", { $0.trials[1].replicate = 1 }),
        ("a parameter", { $0.trials[1].parameters[0] = .number((1e-3).nextUp) }),
        ("the number of parameters", { $0.trials[1].parameters.removeLast() }),
        ("state", { $0.trials[3].state = .fail }),
        ("reason", { $0.trials[3].reason = "loss" }),
        ("an objective value", { $0.trials[1].result?.objectiveCurve[0] = (0.25).nextUp }),
        ("the number of evaluations", { $0.trials[1].result?.objectiveCurve.removeFirst() }),
        ("rank", { $0.trials[1].result?.value = 0.4 }),
        ("number of stages", { $0.stages.removeLast() }),
        ("number of moves", { $0.stages[1].moves = [] }),
        ("moved parameter", { $0.stages[1].moves[0].parameter = "reg" }),
        ("action", { $0.stages[1].moves[0].action = .keep }),
        ("range before", { $0.stages[1].moves[0].from = .logUniform(low: 1e-6, high: 0.2) }),
        ("kind of range", { $0.stages[1].moves[0].from = .uniform(low: 1e-6, high: 0.1) }),
        ("range after", { $0.stages[1].moves[0].to = .value(.number(1e-3)) }),
    ]

    @Test(arguments: decisive.indices)
    func `what decides the result decides the fingerprint`(index: Int) {
        let (name, change) = Self.decisive[index]
        var study = Self.study
        change(&study)
        let digest = Fingerprint.digest(of: study)
        #expect(digest != nil && digest != Fingerprint.digest(of: Self.study), "\(name)")
    }

    @Test func `every change gives a fingerprint of its own`() {
        let digests = Self.decisive.map { item in
            var study = Self.study
            item.change(&study)
            return Fingerprint.digest(of: study)
        }
        #expect(Set(digests).count == digests.count)
    }

    private static let incidental: [(name: String, change: @Sendable (inout Study) -> Void)] = [
        ("worker", { $0.trials[0].worker = "elsewhere/slot-3" }),
        ("attempts", { $0.trials[0].attempts = 7 }),
        ("seconds", { $0.trials[0].result?.seconds = 1000 }),
        ("detail of a trial", { $0.trials[3].detail = "another sentence" }),
        ("detail of the study", { $0.detail = "another sentence" }),
        ("data path", { $0.spec.data.dataset = .cifar10(path: "elsewhere") }),
        ("name", { $0.spec.name = "another" }),
        ("content digest", { $0.contentDigest = "another" }),
        ("id", { $0.id = 9 }),
        ("reasons of a move", { $0.stages[1].moves[0].because = "another sentence" }),
        ("evidence of a move", { $0.stages[1].moves[0].evidence = [2] }),
        ("metrics", { $0.trials[0].result?.metrics.trainingLoss = 9 }),
        ("another NaN", { $0.trials[3].result?.objectiveCurve[1] = -.nan }),
    ]

    @Test(arguments: incidental.indices)
    func `what is told beside the result leaves the fingerprint alone`(index: Int) {
        let (name, change) = Self.incidental[index]
        var study = Self.study
        change(&study)
        #expect(Fingerprint.digest(of: study) == Fingerprint.digest(of: Self.study), "\(name)")
    }

    @Test func `only a study that is complete by its own rules has one`() {
        for state in Study.State.allCases where state != .complete {
            var study = Self.study
            study.state = state
            #expect(Fingerprint.digest(of: study) == nil)
        }
        var study = Self.study
        study.reason = "stopped"
        #expect(Fingerprint.digest(of: study) == nil)
        study.reason = "target"
        #expect(Fingerprint.digest(of: study) != nil)
    }
}
