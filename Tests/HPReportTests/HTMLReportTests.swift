import Foundation
import HPSearch
import Testing

@testable import HPReport

@Suite struct HTMLReportTests {
    private static let learningCurves = [6, 7, 5].map { trial in
        RecordedTrial(
            trial: trial,
            recordings: TrialRecordings(
                curve: (1...5).map { epoch in
                    EpochMetrics(
                        epoch: Double(epoch), learningRate: 1e-3,
                        validationAccuracy: 0.3 + Double(epoch * trial) / 200, validationLoss: 1.5,
                        trainingAccuracy: 0.35 + Double(epoch * trial) / 150, trainingLoss: 1.4)
                }))
    }

    private static func page(_ study: Study, recorded: [RecordedTrial] = []) -> String {
        Report.render(
            ReportInput(study: study, elapsedSeconds: 12, recorded: recorded), format: .html)
    }

    @Test func `a page has every part in its order`() throws {
        let page = Self.page(Fixtures.runningStudy, recorded: Self.learningCurves)
        let titles = page.components(separatedBy: "<h2>").dropFirst().map {
            $0.components(separatedBy: "</h2>")[0]
        }
        #expect(
            titles == [
                "What stands out", "reg against learning_rate", "Optimization history",
                "Learning curves of the best trials", "Loss of the best trials",
                "Ranges of the stages", "Ranked trials", "Accounts", "How to get this again",
            ])
        #expect(page.contains("<h1>Study demo</h1>"))
        #expect(page.contains("0.5270 ± 0.0158 (configuration 6)"))
        #expect(
            page.contains("the best trials lie between 1.4e-4 and 4.3e-4 (trials, the best first: ")
        )
        #expect(page.contains(#"<td class="DIVERGED">DIVERGED</td>"#))
        #expect(page.contains("seed: 231"))
    }

    @Test func `curves are called by what tells their trials apart`() {
        let page = Self.page(Fixtures.runningStudy, recorded: Self.learningCurves)
        #expect(page.contains(">trial 6: learning_rate 5.341e-4, reg 0.4098</text>"))
        let labels = TrialLabels(Fixtures.runningStudy, [6])
        #expect(labels.label(6) == "trial 6")
        var study = Fixtures.runningStudy
        study.spec.parameters[0] = ParameterSpec(
            name: "activation", domain: .choice([.text("relu"), .text("elu")]))
        for index in study.trials.indices {
            study.trials[index].parameters = [.text(index == 0 ? "relu" : "elu"), .number(1)]
        }
        #expect(TrialLabels(study, [1, 2]).label(1) == "trial 1: relu")
        #expect(TrialLabels(study, [2, 3]).label(3) == "trial 3")
    }

    @Test func `trials that diverged are named apart from those a range follows`() {
        var study = Fixtures.runningStudy
        study.stages[1].moves[0].evidence = [5, 2, 3]
        let reason = "(trials, the best first: 5, 2; DIVERGED: 3)"
        #expect(Self.page(study).contains(reason))
        #expect(Report.render(ReportInput(study: study), format: .table).contains(reason))
    }

    @Test func `code in sentences is set as code`() {
        let markup = Page.prose("a stage with `seeds: 3` would").map(\.source).joined()
        #expect(markup == "a stage with <code>seeds: 3</code> would")
        #expect(Page.prose("an odd ` stays").map(\.source) == ["an odd ` stays"])
    }

    @Test func `the same study has the same page`() {
        let page = Self.page(Fixtures.runningStudy, recorded: Self.learningCurves)
        #expect(page == Self.page(Fixtures.runningStudy, recorded: Self.learningCurves))
    }

    @Test func `a page needs nothing from elsewhere and runs nothing`() {
        let page = Self.page(Fixtures.runningStudy, recorded: Self.learningCurves)
        for word in ["http:", "https:", "<script", "<link", "<img", "@import", "url(", "src="] {
            #expect(!page.contains(word), "\(word)")
        }
    }

    @Test func `what people and workers write is never markup`() throws {
        let evil = "<script>alert('&\"')</script>"
        var spec = Fixtures.spec(parameters: [
            ParameterSpec(name: "activation", domain: .choice([.text(evil), .text("relu")])),
            Fixtures.learningRate,
        ])
        spec.name = evil
        spec.stages[0].name = evil
        var trials = (1...6).map {
            Fixtures.trained(
                $0, curve: [0.1, Double($0) / 10],
                [.text($0 % 2 == 0 ? evil : "relu"), .number(0.01 / Double($0))])
        }
        trials[0].worker = evil
        trials.append(Fixtures.trial(7, .fail, [.text(evil), .number(0.01)]))
        trials[6].reason = evil
        var study = Fixtures.study(spec, .failed, trials)
        study.detail = evil
        study.reason = evil
        study.stages[0].moves = [
            Move(
                parameter: evil, action: .keep, from: spec.parameters[0].domain,
                to: spec.parameters[0].domain, because: evil, evidence: [1])
        ]
        let page = Self.page(study)
        #expect(!page.contains("<script"))
        #expect(page.contains("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;"))
        #expect(try FigureChecker.figures(of: page).count == 8)
    }

    // MARK: - Layout

    private static let layouts: [(name: String, study: Study)] = [
        ("running", Fixtures.runningStudy), ("long names", longNames), ("one", oneParameter),
        ("choices", choicesAlone), ("many", many), ("losses", losses), ("inactive", inactive),
        ("nothing", Fixtures.study(Fixtures.spec(), .queued, [])),
        (
            "all diverged",
            Fixtures.study(
                Fixtures.spec(), .failed,
                (1...5).map { Fixtures.trained($0, .diverged, curve: [.nan]) })
        ),
    ]

    @Test(arguments: layouts.indices)
    func `no label lies on another or is cut off`(index: Int) throws {
        let (name, study) = Self.layouts[index]
        let figures = try FigureChecker.figures(
            of: Self.page(study, recorded: Self.learningCurves))
        for figure in figures { #expect(figure.problems == [], "\(name)") }
    }

    @Test func `every figure is drawn for wide and for narrow screens`() throws {
        let page = Self.page(Fixtures.runningStudy, recorded: Self.learningCurves)
        let figures = try FigureChecker.figures(of: page)
        #expect(figures.count == 12)
        #expect(figures.allSatisfy { $0.elementCounts["title", default: 0] >= 1 })
        #expect(figures.allSatisfy { $0.elementCounts["desc"] == 1 })
        #expect(page.components(separatedBy: "class=\"narrow\"").count == 7)
    }

    @Test func `one numeric parameter is drawn against the objective`() {
        #expect(
            Self.page(Self.oneParameter).contains("<h2>val_accuracy against learning_rate</h2>"))
    }

    @Test func `of many parameters the two that matter most are drawn`() {
        #expect(Self.page(Self.many).contains("<h2>momentum against dropout</h2>"))
    }

    @Test func `choices alone have no plane but a history`() {
        let page = Self.page(Self.choicesAlone)
        #expect(!page.contains("id=\"space\""))
        #expect(page.contains("id=\"history\""))
        #expect(page.contains("id=\"importance\""))
    }

    @Test func `a study without a success shows where it diverged`() throws {
        let trials = (1...5).map { Fixtures.trained($0, .diverged, curve: [.nan]) }
        let page = Self.page(Fixtures.study(Fixtures.spec(), .failed, trials))
        #expect(page.contains("id=\"space\""))
        #expect(!page.contains("id=\"history\""))
        #expect(page.components(separatedBy: "class=\"diverged\"").count > 10)
    }

    @Test func `the table says how many trials it leaves out`() {
        let trials = (1...75).map { Fixtures.complete($0, Double($0) / 100) }
        let page = Self.page(Fixtures.study(Fixtures.spec(), .running, trials))
        #expect(page.components(separatedBy: "<td class=\"COMPLETE\">").count == 51)
        #expect(page.contains("25 trials more: hpcoord report demo --format csv has them all."))
    }

    @Test func `a page of a hundred thousand trials is small`() throws {
        let trials = (1...100_000).map { number in
            Fixtures.trained(
                number, number % 9 == 0 ? .diverged : .complete,
                curve: [Double(number % 1009) / 1009, Double(number % 997) / 997],
                [.number(1e-6 * Double(1 + number % 9973)), .number(Double(1 + number % 101))])
        }
        let study = Fixtures.study(Fixtures.spec(), .complete, trials)
        let page = Self.page(study)
        #expect(page.utf8.count < 1_000_000)
        #expect(page.contains("Drawn are 2000 of 100000 trials"))
        for figure in try FigureChecker.figures(of: page) { #expect(figure.problems == []) }
    }
}

// MARK: - Studies that are hard to draw

extension HTMLReportTests {
    private static var longNames: Study {
        let name = String(repeating: "a-very-long-name-of-a-stage-", count: 5)
        var study = Fixtures.runningStudy
        for index in study.spec.stages.indices { study.spec.stages[index].name = name + "\(index)" }
        for index in study.stages.indices { study.stages[index].name = name + "\(index)" }
        study.spec.name = name
        return study
    }

    private static var oneParameter: Study {
        let spec = Fixtures.spec(parameters: [Fixtures.learningRate])
        let trials = (1...12).map {
            Fixtures.trained(
                $0, $0 == 12 ? .diverged : .complete, curve: [Double($0) / 20],
                [.number(1e-6 * Double($0 * $0 * $0))])
        }
        return Fixtures.study(spec, .complete, trials)
    }

    private static var choicesAlone: Study {
        let parameters = [
            ParameterSpec(name: "activation", domain: .choice([.text("relu"), .text("tanh")])),
            ParameterSpec(
                name: "hidden", domain: .choice([.list([.integer(50)]), .list([.integer(9)])])),
        ]
        let trials = (1...12).map {
            Fixtures.trained(
                $0, curve: [Double($0) / 20],
                [.text($0 < 7 ? "relu" : "tanh"), .list([.integer($0 % 2 == 0 ? 50 : 9)])])
        }
        return Fixtures.study(Fixtures.spec(parameters: parameters), .complete, trials)
    }

    private static var many: Study {
        let parameters = [
            ParameterSpec(name: "batch_size", domain: .logInteger(low: 16, high: 256)),
            ParameterSpec(name: "dropout", domain: .uniform(low: 0, high: 0.5)),
            ParameterSpec(name: "hidden", domain: .integer(low: 10, high: 12)),
            ParameterSpec(name: "learning_rate_decay", domain: .uniform(low: 0.9, high: 0.9001)),
            ParameterSpec(name: "momentum", domain: .uniform(low: 0.5, high: 0.99)),
        ]
        let trials = (1...20).map { number in
            let value = Double(number) / 40
            let disorder = Double((number * 3 + number / 4) % 20) / 45
            let values: [ParameterValue] = [
                .integer(16 + number * 7 % 11), .number(value), .integer(10 + number % 3),
                .number(0.9 + Double(number * 5 % 7) * 1e-5),
                .number(0.5 + disorder + value / 8),
            ]
            return Fixtures.trained(number, curve: [value], values)
        }
        return Fixtures.study(Fixtures.spec(parameters: parameters), .complete, trials)
    }

    private static var losses: Study {
        let objective = Objective(metric: .validationLoss, goal: .minimize)
        let trials = (1...30).map { number in
            let loss: Double = number % 15 == 0 ? 1e9 : 1 + Double(number) / 100
            let values: [ParameterValue] = [
                .number(1e-3 * Double(number)), .number(Double(number)),
            ]
            return Fixtures.trained(number, curve: [loss], values)
        }
        return Fixtures.study(Fixtures.spec(objective: objective), .complete, trials)
    }

    private static var inactive: Study {
        var study = oneParameter
        for index in 3..<8 { study.trials[index].parameters[0] = .inactive }
        return study
    }
}
