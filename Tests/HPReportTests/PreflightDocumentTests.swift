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

    static let digits = DataSummary(
        source: "digits", digest: String(repeating: "2b", count: 32), rows: 9, features: 64,
        inputs: 64, classes: (0..<14).map { .init(name: "\($0)", count: 1) }, table: nil,
        droppedComponents: 1)
    static let table = DataSummary(
        source: "beers.csv", digest: String(repeating: "2b", count: 32), rows: 3, features: 2,
        inputs: 4, classes: [.init(name: "ale", count: 2), .init(name: "st\nout", count: 1)],
        table: .init(
            separator: "semicolon", hasHeader: true, hasDecimalComma: true, droppedRows: 1,
            filledValues: 2), droppedComponents: 0)

    @Test func `says what the data were understood to be`() {
        #expect(
            PreflightDocument.comments(on: Self.table) == """
                # data: beers.csv: 3 rows of 2 features (4 with one for each category), 2 classes: \
                ale (2), st\u{FFFD}out (1);
                #       semicolon-separated, numbers have decimal commas, line 1 names the \
                columns; 1 row left out, where values are
                #       missing; 2 missing values filled in with the mean over the training split

                """)
        #expect(
            Self.digits.text == """
                digits: 9 rows of 64 features, 14 classes: 0 (1), 1 (1), 2 (1), 3 (1), 4 (1), \
                5 (1), 6 (1), 7 (1), 8 (1), 9 (1), 10 (1), 11 (1) and 2 more; 1 whitened component \
                left out: nothing varies there but by rounding
                """)
    }

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
        let text = PreflightDocument.json(Self.findings, of: spec, on: Self.table)
        let checker = try SchemaChecker(shipped: "preflight", of: "HPReport")
        #expect(try checker.problems(in: text) == [])
        #expect(text.contains("\"passed\": false"))
        #expect(text.contains("null"))
        #expect(text.contains(spec.specDigest))
        let passed = PreflightDocument.json([Self.findings[0]], of: spec, on: Self.digits)
        #expect(passed.contains("\"passed\": true"))
        #expect(
            try checker.problems(in: PreflightDocument.json([], of: spec, on: Self.digits)) == [])
    }

    @Test func `the schema knows every check and outcome`() throws {
        let spec = try #require(Self.spec)
        let checker = try SchemaChecker(shipped: "preflight", of: "HPReport")
        for check in PreflightFinding.Check.allCases {
            for outcome in PreflightFinding.Outcome.allCases {
                let finding = PreflightFinding(check, outcome, sentence: "s")
                let text = PreflightDocument.json([finding], of: spec, on: Self.digits)
                #expect(try checker.problems(in: text) == [])
            }
        }
    }
}
