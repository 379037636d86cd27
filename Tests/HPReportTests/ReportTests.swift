import Foundation
import HPReport
import HPSearch
import SchemaTesting
import Testing

@Suite struct ReportTests {
    private let input = ReportInput(
        study: Fixtures.runningStudy, busyWorkers: 1, connectedWorkers: 2, elapsedSeconds: 41.3)

    @Test(arguments: [
        (ReportFormat.table, "report.txt"), (.json, "report.json"), (.csv, "report.csv"),
        (.cs231n, "report-cs231n.txt"),
    ])
    func `a running study reads as it should`(format: ReportFormat, file: String) throws {
        let text = Report.render(input, format: format)
        #expect(try text == Golden.text(file, updatedBy: text))
    }

    @Test func `the table fits a terminal of 160 columns`() {
        let lines = Report.render(input, format: .table).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 160 })
        #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
    }

    @Test func `top limits the rows and nothing else`() throws {
        let all = try document(Report.render(input, format: .json))
        let two = try document(Report.render(input, format: .json, top: 2))
        #expect((two["trials"] as? [[String: Any]])?.compactMap { $0["trial"] as? Int } == [6, 7])
        #expect((all["trials"] as? [Any])?.count == 9)
        for key in ["study", "accounting", "stages", "verdicts"] {
            let expected = try #require(all[key] as? NSObject)
            #expect(expected.isEqual(two[key]))
        }
        let table = Report.render(input, format: .table, top: 2)
        #expect(table.contains("... and 7 more: --top 9 shows all\n"))
        #expect(Report.render(input, format: .csv, top: 2).split(separator: "\r\n").count == 3)
        #expect(Report.render(input, format: .cs231n, top: 3).split(separator: "\n").count == 3)
    }

    @Test func `a table shows twenty rows unless asked for more`() {
        let trials = (1...25).map { Fixtures.complete($0, Double($0) / 100) }
        let input = ReportInput(study: Fixtures.study(Fixtures.spec(), .running, trials))
        let table = Report.render(input, format: .table)
        #expect(table.contains("... and 5 more: --top 25 shows all\n"))
        #expect(!Report.render(input, format: .table, top: 25).contains("more:"))
    }

    @Test func `columns without content are left out`() {
        let study = Fixtures.study(Fixtures.spec(), .running, [Fixtures.trial(1, .waiting)])
        let table = Report.render(ReportInput(study: study), format: .table)
        #expect(table.contains("rank  trial  stage   state    learning_rate    reg\n"))
        #expect(table.contains("best none yet"))
        #expect(!table.contains("elapsed"))
    }

    @Test func `a study without trials has a report too`() throws {
        let input = ReportInput(study: Fixtures.study(Fixtures.spec(), .queued, []))
        for format in ReportFormat.allCases {
            let text = Report.render(input, format: format)
            #expect(text.isEmpty == (format == .cs231n))
        }
        let checker = try SchemaChecker(shipped: "report", of: "HPReport")
        #expect(try checker.problems(in: Report.render(input, format: .json)).isEmpty)
    }

    @Test func `parameters of every kind are shown and listed`() throws {
        let parameters = [
            ParameterSpec(name: "activation", domain: .choice([.text("relu"), .text("tanh")])),
            ParameterSpec(name: "batch_size", domain: .logInteger(low: 16, high: 256)),
            ParameterSpec(
                name: "hidden",
                domain: .choice([.list([.integer(50)]), .list([.integer(100), .integer(50)])])),
            ParameterSpec(name: "momentum", domain: .uniform(low: 0.5, high: 0.99)),
            ParameterSpec(name: "reg", domain: .value(.number(0.1))),
        ]
        let values: [ParameterValue] = [
            .text("tanh"), .integer(64), .list([.integer(100), .integer(50)]), .number(0.9),
            .number(0.1),
        ]
        let stages = ["coarse", "fine"].map {
            StageSpec(name: $0, configurations: 1, epochs: 0.5)
        }
        var study = Fixtures.study(
            Fixtures.spec(parameters: parameters, stages: stages), .running,
            [
                Fixtures.trained(1, curve: [0.5], values),
                Fixtures.trained(2, stage: 1, curve: [0.6], values),
            ])
        study.stages[1].moves = [
            Move(
                parameter: "activation", action: .narrow, from: parameters[0].domain,
                to: .choice([.text("tanh")]), because: "only tanh is among the best",
                evidence: Array(1...11)),
            Move(
                parameter: "reg", action: .keep, from: parameters[4].domain,
                to: parameters[4].domain, because: "it is fixed", evidence: [1]),
        ]
        for (format, file) in [
            (ReportFormat.table, "report-kinds.txt"), (.json, "report-kinds.json"),
        ] {
            let text = Report.render(ReportInput(study: study), format: format)
            #expect(try text == Golden.text(file, updatedBy: text))
        }
    }

    @Test func `an objective to minimize names its column and its best`() {
        let objective = Objective(metric: .validationLoss, goal: .minimize)
        let study = Fixtures.study(
            Fixtures.spec(objective: objective), .running,
            [Fixtures.complete(1, 1.5), Fixtures.complete(2, 1.25)])
        let table = Report.render(ReportInput(study: study), format: .table)
        #expect(table.contains("val_loss"))
        #expect(table.contains("best 1.2500 ± 0.0100 (configuration 2)"))
        #expect(
            Report.render(ReportInput(study: study), format: .cs231n)
                .hasPrefix("val_loss: 1.500000, lr: 1.000000e-03, "))
    }

    @Test func `what a worker says cannot steer a terminal`() {
        var trial = Fixtures.complete(1, 0.5)
        trial.worker = "host\u{1b}[2J\n\u{202e}x"
        var study = Fixtures.study(Fixtures.spec(), .failed, [trial])
        study.detail = "line\u{7}\nbreak"
        let table = Report.render(ReportInput(study: study), format: .table)
        let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(table.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
        #expect(!table.unicodeScalars.contains("\u{202e}"))
        #expect(lines.contains("line break"))
    }

    @Test func `a lucky epoch is said where the best one is the value`() {
        var spec = Fixtures.spec()
        let trial = Fixtures.trained(1, curve: [0.1, 0.2, 0.3, 0.2, 0.2])
        for (at, isFlagged) in [(Objective.Evaluation.best, true), (.last, false)] {
            spec.objective.at = at
            let text = Report.render(
                ReportInput(study: Fixtures.study(spec, .running, [trial])), format: .json)
            #expect(text.contains("lucky-epoch") == isFlagged)
        }
    }

    @Test func `still improving is said of rising curves alone`() throws {
        let curves: [(curve: [Double], isFlagged: Bool)] = [
            ([0.1, 0.2], true), ([0.2], false), ([0.2, 0.2], false), ([0.1, 0.3, 0.2], false),
            ([], false),
        ]
        for (curve, isFlagged) in curves {
            let study = Fixtures.study(
                Fixtures.spec(), .running, [Fixtures.trained(1, curve: curve)])
            let text = Report.render(ReportInput(study: study), format: .json)
            #expect(text.contains("still-improving") == isFlagged, "\(curve)")
        }
        let pruned = Fixtures.trained(1, .pruned, curve: [0.1, 0.2])
        let study = Fixtures.study(Fixtures.spec(), .running, [pruned])
        #expect(
            !Report.render(ReportInput(study: study), format: .json).contains("still-improving"))
    }

    @Test func `long sentences are broken and indented`() {
        var study = Fixtures.runningStudy
        study.stages[1].moves[0].because = Array(repeating: "because", count: 40)
            .joined(separator: " ")
        let table = Report.render(ReportInput(study: study), format: .table)
        let lines = table.split(separator: "\n").filter { $0.contains("because because") }
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.hasPrefix("                 because") && $0.count <= 120 })
    }

    private func document(_ text: String) throws -> [String: Any] {
        try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
