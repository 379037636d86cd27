import HPMath
import HPSearch
import Testing

@Suite("Tables of trials")
struct TrialTableTests {
    private static func spec() throws -> StudySpec {
        try Planned.spec(
            parameters: [
                "learning_rate: {log_uniform: [1.0e-6, 1.0e-3]}",
                "hidden: {int: [10, 100]}", "init: {choice: [small, he]}",
            ],
            stages: ["{name: coarse, trials: 5, epochs: 1}", "{name: fine, trials: 5, epochs: 2}"])
    }

    private static func table(_ text: String) throws -> TrialTable {
        try TrialTable(text, file: "t.csv", spec: spec())
    }

    @Test func `rows become trials of their stages, numbered as the table numbers them`() throws {
        let table = try Self.table(
            """
            stage,trial,val_accuracy,learning_rate,hidden,init,comment
            coarse,1,0.5,1e-4,20,he,"a, b"
            coarse,2,,1e-3,30,small,
            fine,0,0.6,2e-4,25,he,x
            """)
        #expect(table.study.stages.map(\.trialCount) == [2, 1])
        #expect(table.study.trials.map(\.number) == [1, 2, 0])
        #expect(table.study.trials.map(\.state) == [.complete, .diverged, .complete])
        #expect(table.study.trials[0].parameters == [.integer(20), .text("he"), .number(1e-4)])
        #expect(table.study.trials[0].result?.standardError != nil)
        #expect(table.notes == [])
    }

    @Test func `an accuracy without an error has that of its rows, which is never 0`() throws {
        func errors(_ validation: String) throws -> [Double?] {
            let spec = try StudySpec.read(
                text: """
                    study: t
                    objective: {metric: val_accuracy, goal: maximize}
                    data: {dataset: digits, split: {train: 100, validation: \(validation)}}
                    parameters: {learning_rate: {log_uniform: [1.0e-6, 1.0e-1]}}
                    stages: [{name: coarse, trials: 3, epochs: 1}]
                    """, file: "s.yaml")
            let table = try TrialTable(
                "val_accuracy,learning_rate\n0.5,1e-4\n1,1e-3\n0,1e-2\n", file: "t.csv", spec: spec)
            return table.study.trials.map { $0.result?.standardError }
        }
        func expected(_ count: Int) -> [Double?] {
            [0.5, 1, 0].map { AccuracyError.standardError(ofAccuracy: $0, count: count) }
        }
        #expect(try errors("31") == expected(31))
        #expect(expected(31).allSatisfy { ($0 ?? 0) > 0.01 })
        // As the engine rounds: 0.58 of 1,797 is 1042.26, 1/3 is 599.
        #expect(try errors("0.58") == expected(1042))
        #expect(try errors("0.33333333333333333") == expected(599))
        // A split without a row tells nothing.
        #expect(try errors("0.0001") == [nil, nil, nil])
    }

    @Test func `a table without stages and numbers has trials of the first`() throws {
        let table = try Self.table(
            "\u{FEFF}learning_rate,hidden,init,value\r\n1e-4,20,he,0.5\r\n\r\n1e-5,21,he,nan\r\n")
        #expect(table.study.trials.map(\.number) == [1, 2])
        #expect(table.study.trials.map(\.state) == [.complete, .diverged])
    }

    @Test(arguments: [
        "number,value,params_hidden,params_init,params_learning_rate,State\n"
            + "0,0.5,20,he,1e-4,COMPLETE",
        "number,val_accuracy,config/hidden,config/init,config/learning_rate,state\n"
            + "0,0.5,20,he,1e-4,TERMINATED",
        "trial,val_accuracy,config.hidden,config.init,config.learning_rate,STATE\n"
            + "0,0.5,20,he,1e-4,finished",
    ])
    func `tables of other tools are read as they are`(text: String) throws {
        let trial = try #require(try Self.table(text).study.trials.first)
        #expect(trial.number == 0)
        #expect(trial.state == .complete)
        #expect(trial.parameters == [.integer(20), .text("he"), .number(1e-4)])
    }

    @Test(arguments: [
        (
            "hidden,value,init,learning_rate,hidden\n20,0.5,he,1e-4,30",
            "t.csv:1:33: the table has two"
        ),
        ("value,hidden,init,learning_rate\n0.5,20,he,0", "t.csv:2:11: learning_rate can't be `0`"),
        ("value,hidden,init,learning_rate\n0.5,20,he,-1", "since its range is on a log scale"),
    ])
    func `what a table can't mean is refused with its place`(
        text: String, complaint: String
    ) throws {
        let error = try #require(throws: SearchError.self) { try Self.table(text) }
        #expect(error.description.contains(complaint), "\(error)")
    }

    @Test func `stages of other names are taken in their order`() throws {
        let table = try Self.table(
            """
            stage,val_accuracy,learning_rate,hidden,init
            one,0.5,1e-4,20,he
            two,0.6,1e-4,20,he
            """)
        #expect(table.study.trials.map(\.stage) == [0, 1])
    }

    @Test func `what is left out is said`() throws {
        let table = try Self.table(
            """
            stage,val_accuracy,learning_rate,hidden,init
            coarse,0.5,1e-4,20,he
            coarse,0.5,1e-1,20,he
            other,0.6,1e-4,20,he
            """)
        #expect(table.study.trials.count == 2)
        #expect(table.notes.count == 2)
        #expect(table.notes[0].contains("other"))
        #expect(table.notes[1].contains("1 of the 2 trials"))
    }

    @Test func `more stages than the spec has are left out`() throws {
        let rows = ["a", "b", "c"].map { "\($0),0.5,1e-4,20,he" }
        let table = try Self.table("stage," + Self.header + "\n" + rows.joined(separator: "\n"))
        #expect(table.study.trials.count == 2)
        #expect(table.notes == ["rows of c are left out: the spec has no stage of that name"])
    }

    @Test func `trials that have not ended are left out`() throws {
        let table = try Self.table(
            "state," + Self.header + "\nRUNNING,,1e-4,20,he\ncomplete,0.5,1e-4,20,he")
        #expect(table.study.trials.map(\.state) == [.complete])
        #expect(table.notes.count == 1)
    }

    @Test func `explicit ranges hold for a table without the stage before`() throws {
        let spec = try Planned.spec(
            parameters: ["learning_rate: {log_uniform: [1.0e-6, 1.0e-3]}"],
            stages: [
                "{name: coarse, trials: 5, epochs: 1}",
                "{name: fine, trials: 5, epochs: 1, narrow: "
                    + "{learning_rate: {log_uniform: [1.0e-4, 1.0e-3]}}}",
            ])
        let text = "stage,val_accuracy,learning_rate\nfine,0.5,2e-4"
        let table = try TrialTable(text, file: "t.csv", spec: spec)
        #expect(table.study.stages[1].domains == [.logUniform(low: 1e-4, high: 1e-3)])
        #expect(table.notes == [])
        var open = spec
        open.stages[1].narrowing = .auto
        let other = try TrialTable(text, file: "t.csv", spec: open)
        #expect(other.study.stages[1].domains == [.logUniform(low: 1e-6, high: 1e-3)])
        #expect(other.notes.count == 1)
        open.stages[1].narrowing = .confirm
        #expect(try TrialTable(text, file: "t.csv", spec: open).notes.count == 1)
        open.stages[1].source = .top
        #expect(try TrialTable(text, file: "t.csv", spec: open).notes == [])
    }

    @Test func `replicates keep their configuration`() throws {
        let table = try Self.table(
            "trial,configuration,replicate," + Self.header + "\n7,3,1,0.5,1e-4,20,he")
        #expect(table.study.trials.map(\.configuration) == [3])
        #expect(table.study.trials.map(\.replicate) == [1])
    }

    @Test func `replicated numbers are replaced by those of the rows`() throws {
        let table = try Self.table(
            """
            trial,val_accuracy,learning_rate,hidden,init
            7,0.5,1e-4,20,he
            7,0.5,1e-5,20,he
            """)
        #expect(table.study.trials.map(\.number) == [1, 2])
    }

    private static let header = "val_accuracy,learning_rate,hidden,init"

    @Test(arguments: [
        ("", 1, 1, "no trials"),
        ("val_accuracy,learning_rate,hidden,init", 1, 1, "no trials"),
        ("val_accuracy,rate,hidden,init\n0.5,1e-4,20,he", 1, 1, "no column learning_rate"),
        ("accuracy,learning_rate,hidden,init\n0.5,1e-4,20,he", 1, 1, "no column val_accuracy"),
        (header + "\n0.5,1e-4,20", 2, 1, "3 cells"),
        (header + "\n0.5,fast,20,he", 2, 5, "learning_rate can't be `fast`"),
        (header + "\n0.5,1e-4,20,he\n0.5,1e-4,2.5,he", 3, 10, "whole number"),
        (header + "\n0.5,1e-4,20,xavier", 2, 13, "one of small, he"),
        (header + "\n0.5,1e-4,20,\"he", 2, 13, "never closed"),
        ("state," + header + "\nlost,0.5,1e-4,20,he", 2, 1, "state can't be `lost`"),
        (header + "\nn/a,1e-4,20,he", 2, 1, "val_accuracy can't be `n/a`"),
        (
            "standard_error," + header + "\n-0.1,0.5,1e-4,20,he", 2, 1,
            "standard_error can't be `-0.1`"
        ),
    ])
    func `a wrong table is refused with its place, the reason and the fix`(
        text: String, line: Int, column: Int, fragment: String
    ) throws {
        do {
            _ = try Self.table(text)
            #expect(Bool(false), "an error was expected for \(text)")
        } catch let error as SearchError {
            let message = "\(error)"
            #expect(message.hasPrefix("t.csv:\(line):\(column): "), "\(message)")
            #expect(message.contains(fragment), "\(message)")
            #expect(message.contains("; ") && !message.contains("\n"))
        }
    }
}
