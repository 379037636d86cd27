import Foundation
import HPNet
import HPSearch
import Testing

@testable import HPRunner

@Suite("Preflight of a spec")
struct PreflightTests {
    static func spec(
        model: String = "{hidden: [32]}", train: String = "{batch_size: 32}",
        parameters: String =
            "learning_rate: {log_uniform: [1.0e-4, 1.0]}, reg: {log_uniform: [1.0e-6, 1.0e-1]}"
    ) throws -> StudySpec {
        try StudySpec.read(
            text: """
                study: preflight
                seed: 5
                objective: {metric: val_accuracy, goal: maximize}
                data: {dataset: digits, preprocess: [zero-mean]}
                model: \(model)
                train: \(train)
                parameters: {\(parameters)}
                stages: [{name: a, trials: 3, epochs: 1}]
                """, file: "spec")
    }

    static func findings(_ spec: StudySpec) throws -> [PreflightFinding] {
        try Preflight.findings(of: spec, from: DataLoader(dataRoot: "."))
    }

    static func failed(_ findings: [PreflightFinding]) -> [PreflightFinding.Check] {
        findings.filter { $0.outcome == .failed }.map(\.check)
    }

    @Test func `a spec that is right passes every check`() throws {
        let findings = try Self.findings(try Self.spec())
        #expect(Self.failed(findings) == [])
        #expect(
            findings.map(\.check) == [
                .classBalance, .leak, .gradient, .initialLoss, .regularization, .overfit,
                .rateRange, .rateRange,
            ])
        let gradient = try #require(findings.first { $0.check == .gradient })
        #expect(
            gradient.figures.map(\.name) == [
                "hidden 1 weights", "hidden 1 biases", "output weights", "output biases",
                "examples",
            ])
        #expect(gradient.figures.allSatisfy { $0.value > 0 && $0.value < 1e-4 })
        let overfit = try #require(findings.first { $0.check == .overfit })
        #expect(overfit.sentence.contains("20 examples learned by heart in"))
        #expect(overfit.sentence.contains("the best of 9 tried"))
    }

    @Test(arguments: [
        ("{hidden: [500, 500], init: large}", [PreflightFinding.Check.initialLoss]),
        ("{hidden: [32], init: zero}", [.regularization, .overfit]),
        ("{hidden: [8, 8, 8, 8, 8, 8], init: small, activation: sigmoid}", [.overfit]),
    ])
    func `networks that can't learn fail, each by its own checks`(
        model: String, checks: [PreflightFinding.Check]
    ) throws {
        #expect(Self.failed(try Self.findings(try Self.spec(model: model))) == checks)
    }

    @Test func `a fixed rate is the one that is tried`() throws {
        let findings = try Self.findings(
            try Self.spec(
                train: "{batch_size: 32, learning_rate: 1.0e-6}", parameters: "reg: {value: 0.1}"))
        #expect(Self.failed(findings) == [.overfit])
        let overfit = try #require(findings.first { $0.check == .overfit })
        #expect(overfit.sentence.contains("learning_rate 1e-6;"))
        #expect(overfit.sentence.contains("not worth proceeding"))
        #expect(!findings.contains { $0.check == .rateRange })
    }

    @Test func `where other rates would do, that is said`() throws {
        let slow = try Self.findings(
            try Self.spec(
                train: "{batch_size: 32, optimizer: sgd, learning_rate: 0.01}",
                parameters: "reg: {value: 0}"))
        let sentence = try #require(slow.first { $0.outcome == .failed }).sentence
        #expect(sentence.contains("learning_rate 0.01; not worth proceeding before they can: at"))
        #expect(sentence.contains("they can, so search there"))
        let symmetric = try Self.findings(try Self.spec(model: "{hidden: [32], init: zero}"))
        let overfit = try #require(symmetric.last { $0.outcome == .failed })
        #expect(overfit.sentence.contains("neither can they at 1e-7, 1e-6, 1e-5, 10, 100, 1000"))
    }

    @Test func `classes without a training example are counted`() throws {
        let folder = URL.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let rows = (0..<40).map { "\($0 % 5),\($0 < 36 ? $0 % 2 : $0)\n" }
        try rows.joined().write(
            to: folder.appending(path: "table.csv"), atomically: true, encoding: .utf8)
        let spec = try StudySpec.read(
            text: """
                study: rare
                seed: 5
                objective: {metric: val_accuracy, goal: maximize}
                data:
                  dataset: csv
                  path: table.csv
                  label: 1
                  header: false
                  split: {train: 20, validation: 20}
                model: {hidden: [4]}
                parameters: {reg: {log_uniform: [1.0e-4, 1.0]}}
                stages: [{name: a, trials: 3, epochs: 1}]
                """, file: "spec")
        let findings = try Preflight.findings(of: spec, from: DataLoader(dataRoot: folder.path))
        let balance = try #require(findings.first { $0.check == .classBalance })
        #expect(balance.outcome == .noted)
        #expect(balance.sentence.contains("classes have no training example: what validation"))
    }

    @Test func `minibatches of one example are blamed where batch normalization empties them`()
        throws
    {
        let findings = try Self.findings(
            try Self.spec(
                model: "{hidden: [32], batch_norm: true}", train: "{batch_size: 1}"))
        let overfit = try #require(findings.first { $0.check == .overfit })
        #expect(overfit.outcome == .failed)
        #expect(overfit.sentence.hasSuffix("of one example zero (train.batch_size)"))
    }

    @Test func `listed rates are all tried`() throws {
        let low = (1...10).map { "\($0).0e-6" }.joined(separator: ", ")
        let findings = try Self.findings(
            try Self.spec(parameters: "learning_rate: {choice: [0.1, \(low)]}"))
        #expect(Self.failed(findings) == [])
        let overfit = try #require(findings.first { $0.check == .overfit })
        #expect(overfit.sentence.contains("learning_rate 0.1, the best of 11 tried"))
    }

    @Test func `what is too large for seconds is noted, what is too large for a trial fails`()
        throws
    {
        func overfit(_ hidden: String, batchSize: Int) throws -> PreflightFinding {
            let findings = try Self.findings(
                try Self.spec(
                    model: "{hidden: \(hidden)}", train: "{batch_size: \(batchSize)}"))
            #expect(findings.map(\.check) == [.classBalance, .leak, .gradient, .overfit])
            return try #require(findings.last)
        }
        let large = try overfit("[20000, 12000]", batchSize: 100)
        #expect(large.outcome == .noted)
        #expect(large.sentence.contains("too many for seconds"))
        let tooLarge = try overfit("[100000, 2600]", batchSize: 1000)
        #expect(tooLarge.outcome == .failed)
        #expect(tooLarge.sentence.contains("more than any trial may"))
    }

    @Test func `what there is no time for is noted`() throws {
        let spec = try Self.spec()
        let findings = try Preflight.findings(
            of: spec, from: DataLoader(dataRoot: "."), within: 0)
        let notLooked = findings.filter { $0.sentence.hasPrefix("not looked at") }
        #expect(notLooked.map(\.check) == [.initialLoss, .overfit, .rateRange])
        #expect(notLooked.allSatisfy { $0.outcome == .noted })
    }

    @Test func `rates are probed with the least regularization`() throws {
        let findings = try Self.findings(try Self.spec())
        let probes = findings.filter { $0.check == .rateRange }
        #expect(probes.count == 2)
        #expect(probes.allSatisfy { $0.sentence.contains(" at reg 1e-6, an epoch of") })
    }

    @Test func `the ends of the range are probed, whatever they do`() throws {
        func ends(_ range: String) throws -> [String] {
            try Self.findings(
                try Self.spec(parameters: "learning_rate: {log_uniform: \(range)}")
            ).filter { $0.check == .rateRange }.map(\.sentence)
        }
        let wide = try ends("[1.0e-6, 1.0e+4]")
        #expect(wide[0].contains("1e-6"))
        #expect(wide[0].contains("(lr-low), as the low end"))
        #expect(wide[1].contains("DIVERGED, too high to learn (lr-high)"))
        let high = try ends("[1.0e+4, 1.0e+5]")
        #expect(high[0].contains("the whole range is too high"))
        let low = try ends("[1.0e-7, 1.0e-6]")
        #expect(low[1].contains("the whole range is too low"))
    }

    @Test func `every choice of an architecture is looked at by itself`() throws {
        let findings = try Self.findings(
            try Self.spec(
                parameters: """
                    learning_rate: {log_uniform: [1.0e-4, 1.0]}, \
                    activation: {choice: [relu, tanh]}, batch_norm: {choice: [false, true]}, \
                    hidden: {choice: [[20], [20, 10]]}, init: {choice: [he, zero]}
                    """))
        let variants = { check in findings.filter { $0.check == check }.map(\.variant) }
        let all = ["", "activation=tanh", "batch_norm=true", "hidden=[20, 10]", "init=zero"]
        #expect(variants(.overfit) == all)
        #expect(variants(.initialLoss) == all)
        // Initialization changes no gradient.
        #expect(variants(.gradient) == Array(all.dropLast()))
        let failed = findings.filter { $0.outcome == .failed }
        #expect(failed.allSatisfy { $0.variant == "init=zero" })
        #expect(!failed.isEmpty)
    }

    @Test func `every way to prepare examples is looked at by itself`() throws {
        let findings = try Self.findings(
            try Self.spec(
                parameters: "preprocess: {choice: [zero-mean, [], {pca: 9}, [normalize, pca]]}"))
        let variants = { check in findings.filter { $0.check == check }.map(\.variant) }
        let all = [
            "", "preprocess=[]", "preprocess=[pca 9]", "preprocess=[normalize, pca]",
        ]
        #expect(variants(.overfit) == all)
        #expect(variants(.initialLoss) == all)
        #expect(variants(.gradient) == [""])
        #expect(
            Set(findings.filter { $0.check == .initialLoss }.map(\.figures[0].value)).count == 4)
    }

    @Test func `a choice that makes no other network is no variant`() throws {
        let spec = try Self.spec(
            parameters: "activation: {choice: [relu, maxout]}, pieces: {choice: [2, 3]}")
        #expect(PreflightVariant.all(of: spec).map(\.name) == ["", "activation=maxout"])
    }

    @Test func `there are never more than twelve networks`() throws {
        let spec = try Self.spec(
            parameters: "hidden: {choice: [\((1...40).map { "[\($0)]" }.joined(separator: ", "))]}"
        )
        #expect(PreflightVariant.all(of: spec).count == 12)
    }

    @Test func `rates are spread evenly from end to end`() {
        let rates = ParameterDomain.logUniform(low: 1e-4, high: 1).rates(count: 9)
        #expect(rates.count == 9)
        for (index, rate) in rates.enumerated() {
            #expect(
                (rate / (1e-4 * [1, 3.16227766][index % 2] * [1, 10, 100, 1e3, 1e4][index / 2])
                    - 1).magnitude < 1e-8)
        }
        #expect(ParameterDomain.choice([.number(0.1), .number(1)]).rates(count: 9) == [0.1, 1])
        #expect(ParameterDomain.logUniform(low: 1, high: 16).rates(count: 1) == [4])
        let listed = ParameterDomain.choice((1...100).map { .number(Double($0)) }).rates(count: 9)
        #expect(listed.count == 32)
        #expect(listed.first == 1 && listed.last == 100)
        #expect(ParameterDomain.logUniform(low: 1, high: 16).rates(count: 2) == [1, 16])
        #expect(ParameterDomain.logUniform(low: 1, high: 16).rates(count: 4) == [1, 2, 4, 16])
    }
}

@Suite("The record of preflight checks")
struct PreflightRecordTests {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("hpcoord-record-\(UUID().uuidString)").path

    @Test func `is kept for each spec, below the state folder`() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let record = PreflightRecord(environment: ["XDG_STATE_HOME": folder])
        #expect(record.state(ofSpec: "ab") == nil)
        record.set(.passed, ofSpec: "ab")
        record.set(.failed, ofSpec: "cd")
        #expect(record.state(ofSpec: "ab") == .passed)
        #expect(record.state(ofSpec: "cd") == .failed)
        record.set(.failed, ofSpec: "ab")
        #expect(record.state(ofSpec: "ab") == .failed)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: folder + "/hpcoord/checked")
        #expect(files.sorted() == ["ab", "cd"])
        try Data("nonsense".utf8).write(
            to: URL(filePath: folder + "/hpcoord/checked/ab"))
        #expect(record.state(ofSpec: "ab") == nil)
    }

    @Test func `is no obstacle where it can't be kept`() {
        let record = PreflightRecord(environment: ["XDG_STATE_HOME": "/proc/nowhere"])
        record.set(.passed, ofSpec: "ab")
        #expect(record.state(ofSpec: "ab") == nil)
    }
}
