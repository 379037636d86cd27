import HPReport
import HPSearch
import SchemaTesting
import Testing

@Suite struct NarrowDocumentTests {
    private func table(_ text: String) throws -> TrialTable {
        let spec = try StudySpec.read(
            text: """
                study: demo
                seed: 1
                objective: {metric: val_accuracy, goal: maximize}
                data: {dataset: digits}
                parameters:
                  learning_rate: {log_uniform: [1.0e-6, 1.0e-3]}
                  optimizer: {choice: [sgd, momentum]}
                stages: [{name: coarse, trials: 8, epochs: 1}, {name: fine, trials: 4, epochs: 1}]
                """, file: "spec")
        return try TrialTable(text, file: "table.csv", spec: spec)
    }

    private static let rows = """
        trial,val_accuracy,learning_rate,optimizer
        0,0.10,1.1e-6,sgd
        1,0.12,2.1e-6,momentum
        2,0.15,5.1e-6,sgd
        3,0.19,9.1e-6,momentum
        4,0.24,2.1e-5,sgd
        5,0.30,4.1e-5,momentum
        6,0.39,8.1e-5,sgd
        7,0.50,1.6e-4,momentum
        """

    @Test func `moves, reasons and a range to copy are printed`() throws {
        let text = NarrowDocument.render(
            try table(Self.rows).study, stages: [0], format: .table)
        #expect(text.hasPrefix("stage coarse: 8 trials COMPLETE, 0 DIVERGED; the next ranges:\n"))
        #expect(text.contains("learning_rate  narrow  1e-6 .. 0.001 → "))
        #expect(text.contains("(trials, the best first: 7, 6, 5"))
        #expect(text.contains("as a stage of a spec: narrow: {learning_rate: {log_uniform: ["))
        #expect(text.contains("optimizer: {choice: [sgd, momentum]}"))
    }

    @Test func `the document fits its schema`() throws {
        let text = NarrowDocument.render(
            try table(Self.rows).study, stages: [0], format: .json)
        let checker = try SchemaChecker(shipped: "narrow", of: "HPReport")
        #expect(try checker.problems(in: text) == [])
        let other = text.replacing("hpcoord.narrow/1", with: "hpcoord.narrow/2")
        #expect(try checker.problems(in: other) == ["$.schema: is not hpcoord.narrow/1"])
    }

    @Test func `a study without a stage has no moves`() throws {
        let study = Study(
            id: 1, spec: try table(Self.rows).study.spec, specDigest: "", contentDigest: "")
        #expect(NarrowDocument.currentStage(of: study) == nil)
        let text = NarrowDocument.render(study, stages: [], format: .json)
        #expect(try SchemaChecker(shipped: "narrow", of: "HPReport").problems(in: text) == [])
    }
}
