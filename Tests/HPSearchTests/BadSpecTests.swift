import HPSearch
import Testing

@Suite("Bad specs")
struct BadSpecTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var part: String
        var other: String
        var line: Int
        var fragment: String

        init(_ part: String, _ other: String, _ line: Int, _ fragment: String) {
            self.part = part
            self.other = other
            self.line = line
            self.fragment = fragment
        }

        var testDescription: String { "\(part) to \(other)" }
    }

    static let cases = [
        Case("study: two-layer\n", "", 1, "`study` is missing"),
        Case("study: two-layer", "study: a/b", 1, "letters, digits"),
        Case("study: two-layer", "study: []", 1, "not a list"),
        Case("study: two-layer", "studdy: two-layer", 1, "did you mean `study`"),
        Case("seed: 231", "seed: -1", 2, "can't be negative"),
        Case("seed: 231", "seed: 0x10", 2, "whole number"),
        Case("seed: 231", "seed: 1.5", 2, "whole number"),
        Case("seed: 231", "seed: 99999999999999999999", 2, "whole number"),
        Case("metric: val_accuracy", "metric: val_acc", 3, "val_accuracy"),
        Case("metric: val_accuracy", "metric: train_loss", 3, "not supported yet"),
        Case("goal: maximize", "goal: max", 3, "maximize, minimize"),
        Case("goal: maximize", "goal: maximize, target: high", 3, "is a number"),
        Case("goal: maximize", "goal: maximize, target: .nan", 3, "is a number"),
        Case("dataset: cifar10", "dataset: cifar100", 5, "did you mean `cifar10`"),
        Case("dataset: cifar10", "dataset: idx", 5, "not supported yet"),
        Case("dataset: cifar10", "dataset: digits", 6, "means nothing"),
        Case("path: cifar-10-batches-bin", "path: /etc/passwd", 6, "--data-root"),
        Case("path: cifar-10-batches-bin", "path: a/../../b", 6, "--data-root"),
        Case("train: 49000, validation", "train: 0, validation", 7, "at least 1"),
        Case(
            "{train: 49000, validation: 1000}", "{train: 0.9, validation: 0.2}", 7, "more than all"),
        Case(
            "{train: 49000, validation: 1000}", "{train: 1.5, validation: 10}", 7, "between 0 and 1"
        ),
        Case("{train: 49000, validation: 1000}", "{train: 49000}", 7, "validation` is missing"),
        Case("[zero-mean]", "zero-mean", 8, "is a list"),
        Case("[zero-mean]", "[zeromean]", 8, "did you mean `zero-mean`"),
        Case("[zero-mean]", "[{pca: 144}]", 8, "not supported yet"),
        Case("[zero-mean]", "[zero-mean, zero-mean]", 8, "twice"),
        Case("hidden: [50]", "hidden: 50", 9, "list of"),
        Case("hidden: [50]", "hidden: [0]", 9, "from 1 to"),
        Case("hidden: [50]", "hidden: [fifty]", 9, "whole number"),
        Case("activation: relu", "activation: sigmoid", 9, "not supported yet"),
        Case("activation: relu", "activation: rellu", 9, "did you mean `relu`"),
        Case("init: he", "init: {scale: 0.05}", 9, "not supported yet"),
        Case("init: he", "init: he, batch_norm: true", 9, "not supported yet"),
        Case("init: he", "init: he, batch_norm: yes", 9, "true or false"),
        Case("init: he", "init: he, dropout: 1.0", 9, "below 1"),
        Case("optimizer: momentum", "optimizer: adam", 10, "not supported yet"),
        Case("momentum: 0.9", "momentum: 1.0", 10, "below 1"),
        Case("learning_rate_decay: 0.95", "learning_rate_decay: 1.5", 10, "at most 1"),
        Case("batch_size: 200", "batch_size: 0", 10, "from 1 to"),
        Case("batch_size: 200", "batch_size: 1e400", 10, "whole number"),
        Case("batch_size: 200", "batchsize: 200", 10, "did you mean `batch_size`"),
        Case("batch_size: 200", "batch_size: 200, loss: svm", 10, "not supported yet"),
        Case(
            "learning_rate: {log_uniform: [1.0e-6, 1.0e-1]}", "learning_rat: {value: 1}", 12,
            "did you mean `learning_rate`"),
        Case("[1.0e-6, 1.0e-1]", "[1.0e-1, 1.0e-6]", 12, "did you mean [1e-6, 0.1]?"),
        Case("[1.0e-6, 1.0e-1]", "[0.1, 0.1]", 12, "empty range"),
        Case("[1.0e-6, 1.0e-1]", "[-6, -1]", 12, "not exponents"),
        Case("[1.0e-6, 1.0e-1]", "[0, 1]", 12, "no zero"),
        Case("[1.0e-6, 1.0e-1]", "[1.0e-6]", 12, "two bounds"),
        Case("[1.0e-6, 1.0e-1]", "[1.0e-6, .inf]", 12, "is a number"),
        Case("[1.0e-6, 1.0e-1]", "[1.0e-6, 1.0e+9]", 12, "at most"),
        Case(
            "{log_uniform: [1.0e-6, 1.0e-1]}", "{loguniform: [1.0e-6, 1.0e-1]}", 12,
            "did you mean `log_uniform`"),
        Case("{log_uniform: [1.0e-6, 1.0e-1]}", "{}", 12, "needs one domain"),
        Case("{log_uniform: [1.0e-6, 1.0e-1]}", "{int: [1, 5]}", 12, "learning_rate"),
        Case(
            "{log_uniform: [1.0e-6, 1.0e-1]}", "{log_uniform: [1.0e-6, 1.0e-1], when: {}}", 12,
            "not supported yet"),
        Case("{log_uniform: [1.0e-6, 1.0e-1]}", "{choice: []}", 12, "1 to 1000"),
        Case("{log_uniform: [1.0e-6, 1.0e-1]}", "{choice: [0.1, 0.1]}", 12, "twice"),
        Case(
            "  reg: {log_uniform: [1.0e-5, 1.0e+5]}", "  dropout: {uniform: [0, 1]}", 13,
            "below 1"),
        Case("trials: 100", "trials: 0", 15, "from 1 to"),
        Case("trials: 100", "trials: 2000000", 15, "from 1 to"),
        Case("epochs: 0.5", "epochs: 0", 15, "above 0"),
        Case("epochs: 0.5", "epochs: 0.5, from: top", 15, "first stage"),
        Case("epochs: 0.5", "epochs: 0.5, narrow: auto", 15, "first stage"),
        Case("epochs: 0.5", "epochs: 0.5, seeds: 2", 15, "from: top"),
        Case("narrow: auto", "narrow: confirm", 16, "not supported yet"),
        Case("narrow: auto", "narrow: {momentum: {value: 0.5}}", 16, "not searched"),
        Case("name: fine", "name: coarse", 16, "two stages"),
        Case("seeds: 3", "seeds: 0", 17, "from 1 to"),
        Case("attempts: 3", "attempts: 0", 18, "from 1 to 100"),
        Case("max_failed: 10", "study_time: 2h", 18, "not supported yet"),
        Case("max_failed: 10", "max_fail: 10", 18, "did you mean `max_failed`"),
        Case("seed: 231", "seed: 231\nseed: 5", 2, "twice"),
        Case("seed: 231", "seed: &a 231", 2, "anchor"),
        Case("seed: 231", "seed: !!str 231", 2, "tag"),
        Case("seed: 231", "command: [python]", 2, "not supported yet"),
        Case("seed: 231", "sampler: sobol", 2, "not supported yet"),
        Case("seed: 231", "sampler: {tpe: {lag: 32}}", 2, "not supported yet"),
        Case("seed: 231", "stop_trial: {median: {}}", 2, "not supported yet"),
        Case("seed: 231", "stop_trial: {loss_factor: 1}", 2, "above 1"),
        Case("seed: 231", "seed: [", 4, "not YAML or JSON"),
        Case("seed: 231", "\tseed: 231", 2, "not YAML or JSON"),
    ]

    @Test(arguments: cases)
    func `a wrong spec is refused with its place, the reason and the fix`(wrong: Case) throws {
        let text = SpecTests.yaml.replacing(wrong.part, with: wrong.other)
        #expect(text != SpecTests.yaml)
        let error = #expect(throws: SearchError.self) {
            try StudySpec.read(text: text, file: "spec.yaml")
        }
        let message = error?.description ?? ""
        #expect(message.hasPrefix("spec.yaml:\(wrong.line):"), "\(message)")
        #expect(message.contains(wrong.fragment), "\(message)")
        #expect(!message.contains("\n"))
        #expect(message.contains("; "))
    }

    @Test func `hostile texts are refused quickly`() {
        let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n"
        let texts = [
            "", " ", "\0", "[", "{", "- 1", "null", "5", "study", bomb,
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
            String(repeating: "a", count: 300_000), "\u{FEFF}study: x", "study: \"\u{1}\"",
            "? {a: b}\n: c", "--- a\n--- b", "%YAML 9.9\n---\na: b",
            "study: " + String(repeating: "x", count: 10_000),
        ]
        for text in texts {
            #expect(throws: SearchError.self) {
                try StudySpec.read(text: text, file: "hostile")
            }
        }
    }

    @Test func `mutated specs never trap`() {
        var state: UInt64 = 88_172_645_463_325_252
        let next = { (bound: Int) -> Int in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let alphabet = Array("abc019.,:{}[]-+eE\"' \n\t#&*!%@|>\\?".utf8)
        var accepted = 0
        for _ in 0..<3000 {
            var bytes = Array(SpecTests.yaml.utf8)
            for _ in 0...next(3) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = alphabet[next(alphabet.count)]
                case 1: bytes.remove(at: next(bytes.count))
                default: bytes.insert(alphabet[next(alphabet.count)], at: next(bytes.count))
                }
            }
            let text = String(decoding: bytes, as: UTF8.self)
            if (try? StudySpec.read(text: text, file: "fuzz")) != nil { accepted += 1 }
        }
        #expect(accepted > 50)
    }
}
