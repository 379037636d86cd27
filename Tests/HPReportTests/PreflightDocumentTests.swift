import HPReport
import HPSearch
import SchemaTesting
import Testing

@Suite("Preflight document")
struct PreflightDocumentTests {
    static let spec = try? StudySpec.read(
        text: """
            study: demo
            objective: {metric: val_accuracy, goal: maximize}
            data: {dataset: digits}
            parameters: {learning_rate: {log_uniform: [1.0e-4, 1.0]}}
            stages: [{name: a, trials: 3, epochs: 1}]
            """, file: "spec")

    static let findings = [
        PreflightFinding(
            .gradient, .passed, sentence: "largest relative error 1.5e-8",
            figures: [.init("hidden 1 weights", 1.5e-8), .init("output weights", 2.25e-9)]),
        PreflightFinding(
            .overfit, .failed, variant: "init=zero",
            sentence: "20 examples can't be learned by heart in 200 epochs: loss 2.303 → 2.303 at "
                + "accuracy 0.1, learning_rate 1e-4; not worth proceeding before they can",
            figures: [.init("loss", .infinity)]),
        PreflightFinding(.leak, .noted, sentence: "3 of 100"),
    ]

    @Test func `is a table in comments of YAML`() {
        #expect(
            PreflightDocument.comments(Self.findings) == """
                # preflight: 1 passed, 1 failed, 1 noted
                # passed  gradient        largest relative error 1.5e-8
                #                         hidden 1 weights 1.5e-8, output weights 2.3e-9
                # FAILED  overfit         init=zero: 20 examples can't be learned by heart in 200 \
                epochs: loss 2.303 → 2.303 at accuracy
                #                         0.1, learning_rate 1e-4; not worth proceeding before \
                they can
                # noted   leak            3 of 100

                """)
    }

    @Test func `has a schema, and nulls for what is no number`() throws {
        let spec = try #require(Self.spec)
        let text = PreflightDocument.json(Self.findings, of: spec)
        let checker = try SchemaChecker(shipped: "preflight", of: "HPReport")
        #expect(try checker.problems(in: text) == [])
        #expect(text.contains("\"passed\": false"))
        #expect(text.contains("null"))
        #expect(text.contains(spec.specDigest))
        let passed = PreflightDocument.json([Self.findings[0]], of: spec)
        #expect(passed.contains("\"passed\": true"))
        #expect(try checker.problems(in: PreflightDocument.json([], of: spec)) == [])
    }

    @Test func `the schema knows every check and outcome`() throws {
        let spec = try #require(Self.spec)
        let checker = try SchemaChecker(shipped: "preflight", of: "HPReport")
        for check in PreflightFinding.Check.allCases {
            for outcome in PreflightFinding.Outcome.allCases {
                let finding = PreflightFinding(check, outcome, sentence: "s")
                #expect(
                    try checker.problems(in: PreflightDocument.json([finding], of: spec)) == [])
            }
        }
    }
}
