import HPSearch
import Testing

/// A text that is wrong in one place, which `⟦` marks.
struct BadSpec: Sendable, CustomTestStringConvertible {
    /// Of the message.
    var fragment: String
    var text: String
    var line: Int
    var column: Int

    init(_ marked: String, _ fragment: String) {
        self.fragment = fragment
        let parts = marked.split(separator: "⟦", maxSplits: 1, omittingEmptySubsequences: false)
        let before = parts[0].unicodeScalars
        text = parts.joined()
        line = before.count { $0 == "\n" } + 1
        column = before.reversed().prefix { $0 != "\n" }.count + 1
    }

    var testDescription: String { fragment }

    /// A spec that is right but for one replacement.
    static func replacing(_ part: String, _ other: String, _ fragment: String) -> BadSpec {
        BadSpec(SpecTests.yaml.replacing(part, with: other, maxReplacements: 1), fragment)
    }

    static func rate(_ domain: String, _ fragment: String) -> BadSpec {
        replacing(
            "learning_rate: {log_uniform: [1.0e-6, 1.0e-1]}", "learning_rate: \(domain)", fragment)
    }

    static func parameters(_ text: String, _ fragment: String) -> BadSpec {
        replacing("  reg: {log_uniform: [1.0e-5, 1.0e+5]}", text, fragment)
    }

    static func fine(_ narrow: String, _ fragment: String) -> BadSpec {
        replacing("narrow: auto", "narrow: \(narrow)", fragment)
    }

    /// A grid over `reg`, of which one stage is given.
    static func staged(_ domain: String, _ stage: String, _ fragment: String) -> BadSpec {
        BadSpec(
            """
            {study: a, objective: {metric: val_loss, goal: minimize}, data: {dataset: digits},
            sampler: grid, parameters: {reg: \(domain)},
            stages: [{name: a, trials: 99, epochs: 1}, {name: b, epochs: 2, \(stage)}]}
            """, fragment)
    }

    static func spiral(_ setting: String, _ fragment: String) -> BadSpec {
        replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin", "dataset: spiral\n  \(setting)",
            fragment)
    }

    static func seed(_ text: String, _ fragment: String) -> BadSpec {
        replacing("seed: 231", text, fragment)
    }

    func error() -> SearchError? {
        do throws(SearchError) {
            _ = try StudySpec.read(text: text, file: "spec.yaml")
            return nil
        } catch {
            return error
        }
    }
}

@Suite("Bad specs")
struct BadSpecTests {
    static let settings: [BadSpec] = [
        .replacing("study: two-layer\nseed", "⟦seed", "`study` is missing"),
        .replacing("study: two-layer", "study: ⟦a/b", "letters, digits"),
        .replacing("study: two-layer", "study: ⟦[]", "not a list"),
        .replacing("study: two-layer", "study: ⟦{a: b}", "`study` is a word, not a mapping"),
        .replacing("study: two-layer", "⟦studdy: two-layer", "did you mean `study`"),
        .replacing("study: two-layer", "study:⟦", "`study` has no value"),
        .replacing("study: two-layer", "study: ⟦true", "not the truth value"),
        .replacing("study: two-layer", "study: ⟦\"a\\u0007b\"", "an invisible character"),
        .replacing(
            "study: two-layer", "study: ⟦\(String(repeating: "x", count: 10_000))",
            "`study` can't be `xxx"),
        .seed("⟦\(String(repeating: "k", count: 1000)): 1", "unknown key `kkk"),
        .seed("⟦ѕeed: 231", "has the character U+0455"),
        .replacing("metric: val_accuracy", "metric: ⟦val_acc", "possible: val_accuracy, val_loss"),
        .replacing("metric: val_accuracy", "metric: ⟦train_loss", "train_loss` is not supported"),
        .replacing("{metric: val_accuracy,", "⟦{", "`objective.metric` is missing"),
        .replacing("goal: maximize", "goal: ⟦max", "maximize, minimize"),
        .replacing("goal: maximize", "goal: ⟦yes", "`objective.goal` can't be `yes`"),
        .replacing("goal: maximize", "goal: maximize, at: ⟦first", "possible: best, last"),
        .replacing("goal: maximize", "goal: maximize, target: ⟦high", "not `high`"),
        .replacing("dataset: cifar10", "dataset: ⟦cifar100", "did you mean `cifar10`"),
        .replacing("dataset: cifar10", "dataset: ⟦mnist", "possible: digits, cifar10, idx, csv"),
        .replacing("cifar10\n  path: cifar", "spiral\n  path: ⟦cifar", "for the data set spi"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin", "⟦dataset: idx",
            "`data.path` is missing"),
        .replacing("dataset: cifar10", "dataset: idx\n  label: ⟦0", "for the data set idx"),
        .replacing("dataset: cifar10", "dataset: cifar10\n  noise: ⟦0", "data set cifar10"),
        .spiral("classes: ⟦1", "from 2 to 100"), .spiral("classes: ⟦three", "not `three`"),
        .spiral("points: ⟦200000", "from 2 to 100000"), .spiral("noise: ⟦-0.1", "from 0 to 10"),
        .spiral("noise: ⟦.nan", "a number, not `.nan`"), .spiral("header: ⟦true", "means nothing"),
        .replacing("cifar10\n  path: cifar", "digits\n  path: ⟦cifar", "means nothing"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "⟦dataset: csv\n  path: t.csv", "`data.label` is missing"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: ⟦[a]", "`data.label` is a word"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: ⟦a\n  header: false", "has no header"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  header: ⟦maybe", "it is auto, true or false"
        ),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  header: ⟦[auto]",
            "`data.header` can't be a list"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  missing: ⟦means", "did you mean `mean`"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  columns: ⟦[id]",
            "`data.columns` is a mapping"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  columns: {⟦drops: [id]}",
            "did you mean `drop`"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  columns: {drop: ⟦id}",
            "`data.columns.drop` is a list of columns"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  columns: {drop: [id, ⟦id]}",
            "which is named before"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  columns: {drop: [id], categorical: [⟦id]}",
            "which is named before"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: a\n  columns: {categorical: [⟦a]}",
            "which is the label"),
        .replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            "dataset: csv\n  path: t.csv\n  label: 0\n  header: false\n  columns: {drop: [⟦id]}",
            "has a name but the table has no header"),
        .replacing("path: cifar-10-batches-bin", "path: ⟦/etc/passwd", "can't be `/etc/passwd`"),
        .replacing("path: cifar-10-batches-bin", "path: ⟦a/../../b", "no leading / and no"),
        .replacing("train: 49000, validation", "train: ⟦0, validation", "count of at least 1"),
        .replacing(
            "{train: 49000, validation: 1000}", "⟦{train: 0.9, validation: 0.2}", "more than all"),
        .replacing("train: 49000, val", "train: ⟦1.5, val", "between 0 and 1"),
        .replacing(
            "{train: 49000, validation: 1000}", "⟦{train: 49000}", "validation` is missing"),
        .replacing("[zero-mean]", "⟦normalize", "write `preprocess: [normalize]`"),
        .replacing("[zero-mean]", "[⟦zeromean]", "did you mean `zero-mean`"),
        .replacing("[zero-mean]", "[{pca: ⟦0}]", "`data.preprocess.pca` can't be `0`"),
        .replacing("[zero-mean]", "[{⟦pcs: 144}]", "did you mean `pca`"),
        .replacing("[zero-mean]", "[{whiten: 9, epsilon: ⟦0}]", "from 1.0e-30 to"),
        .replacing("[zero-mean]", "[{whiten: 9}, ⟦normalize]", "has normalize after whiten"),
        .replacing("[zero-mean]", "[pca, ⟦{pca: 9}]", "has pca twice"),
        .replacing("[zero-mean]", "[zero-mean, ⟦zero-mean]", "zero-mean twice"),
        .replacing(
            "{hidden: [50], activation: relu, init: he}", "⟦[50]", "`model` is a mapping"),
        .replacing("hidden: [50]", "hidden: ⟦50", "list of at most 64"),
        .replacing("hidden: [50]", "hidden: [⟦0]", "from 1 to 100000"),
        .replacing("hidden: [50]", "hidden: [⟦fifty]", "not `fifty`"),
        .replacing("hidden: [50]", "hidden: [⟦[50]]", "a whole number, not a list"),
        .replacing("activation: relu", "activation: ⟦sigmoidal", "did you mean `sigmoid`"),
        .replacing("activation: relu", "activation: ⟦rellu", "did you mean `relu`"),
        .replacing(
            "activation: relu", "activation: ⟦{choice: [relu]}",
            "goes under `parameters`: `parameters: {activation: {choice: ..}}`"),
        .replacing(
            "momentum: 0.9", "momentum: ⟦{uniform: [0.5, 0.9]}",
            "`train.momentum` is one value, not a range or choice"),
        .replacing("init: he", "init: {scale: ⟦-1}", "`model.init.scale` can't be `-1`"),
        .replacing("init: he", "init: ⟦{}", "`model.init.scale` is missing"),
        .replacing("init: he", "init: {⟦spread: 1}", "unknown key `model.init.spread`"),
        .replacing("init: he", "init: ⟦2000", "from 0 to 1000"),
        .replacing("init: he", "init: ⟦zeros", "did you mean `zero`"),
        .replacing("init: he", "init: he, pieces: ⟦1", "from 2 to 16"),
        .replacing("init: he", "init: he, slope: ⟦1", "at least 0 and below 1"),
        .replacing("init: he", "init: he, batch_norm: ⟦yes", "is true or false"),
        .replacing("init: he", "init: he, dropout: ⟦1.0", "`model.dropout` can't be `1.0`"),
        .replacing("optimizer: momentum", "optimizer: ⟦adama", "did you mean `adam`"),
        .replacing("momentum: 0.9", "momentum: ⟦1.0", "`train.momentum` can't be `1.0`"),
        .replacing("decay: 0.95", "decay: ⟦1.5", "above 0 and at most 1"),
        .replacing("momentum: 0.9", "beta1: ⟦1", "`train.beta1` can't be `1`"),
        .replacing("momentum: 0.9", "epsilon: ⟦0", "from 1.0e-30 to 1"),
        .replacing("momentum: 0.9", "decay_epochs: ⟦0", "from 1 to 1000000"),
        .replacing(
            "momentum: 0.9", "learning_rate_schedule: ⟦exp", "learning_rate_schedule` can't be"),
        .replacing(
            "model: {hidden: [50]", "model: ⟦{hidden: [100000, 100000]", "at most 268435456 fit"),
        .replacing("batch_size: 200", "batch_size: ⟦0", "from 1 to 1000000"),
        .replacing("batch_size: 200", "⟦batchsize: 200", "did you mean `batch_size`"),
        .replacing("batch_size: 200", "loss: ⟦svm", "svm` is not supported"),
        .replacing("attempts: 3", "attempts: ⟦0", "from 1 to 100"),
        .replacing("max_failed: 10", "max_failed: ⟦-1", "`limits.max_failed` can't be negative"),
        .replacing("max_failed: 10", "⟦study_time: 2h", "study_time` is not supported"),
        .replacing("max_failed: 10", "⟦max_fail: 10", "did you mean `max_failed`"),
        .seed("⟦command: [python]", "`command` is not supported"),
        .seed("sampler: ⟦{tpe: {lag: 32}}", "`sampler: tpe` is not supported"),
        .seed("sampler: ⟦sobool", "did you mean `sobol`"),
        .seed("stop_trial: {⟦median: {}}", "median` is not supported"),
        .seed("stop_trial: {loss_factor: ⟦1}", "it must be above 1"),
    ]

    static let numbers: [BadSpec] = [
        .seed("seed: ⟦-1", "`seed` can't be negative"),
        .seed("seed: ⟦1.5", "without a fraction"),
        .seed("seed: ⟦99999999999999999999", "`99999999999999999999`"),
        .seed("seed: ⟦0x10", "decimal digits"),
        .seed("seed: ⟦0o17", "`0o17`"),
        .seed("seed: ⟦017", "octal"),
        .seed("seed: ⟦1_000", "without underscores"),
        .seed("seed: ⟦1:30", "without colons"),
        .seed("seed: ⟦~", "`seed` has no value"),
        .seed("seed: ⟦\"231\"", "leave the quotes out"),
        .seed("seed: ⟦'many'", "not the text `many`"),
        .replacing("goal: maximize", "goal: maximize, target: ⟦.nan", "`.nan`; write a finite"),
        .replacing("batch_size: 200", "batch_size: ⟦1e400", "beyond all"),
        .replacing("momentum: 0.9", "momentum: ⟦[0.9]", "a number, not a list"),
        .replacing("momentum: 0.9", "momentum: 0,⟦9", "write a decimal point"),
        .replacing("momentum: 0.9", "momentum: ⟦null", "`train.momentum` has no value"),
        .replacing("momentum: 0.9", "momentum: ⟦0b1", "not `0b1`"),
    ]

    static let domains: [BadSpec] = [
        .replacing("learning_rate: {log", "⟦learning_rat: {log", "mean `learning_rate`"),
        .rate("{log_uniform: ⟦[1.0e-1, 1.0e-6]}", "did you mean [1e-6, 0.1]?"),
        .rate("{log_uniform: ⟦[0.1, 0.1]}", "an empty range"),
        .rate("{log_uniform: [⟦-6, -1]}", "has the lower bound -6"),
        .rate("{log_uniform: [⟦0, 1]}", "has the lower bound 0:"),
        .rate("{log_uniform: ⟦[1.0e-6]}", "two bounds, not a list"),
        .rate("{log_uniform: ⟦{low: 1, high: 2}}", "two bounds, not a mapping"),
        .rate("{log_uniform: ⟦[1,5e-4, 1e-1]}", "not 3; write `log_uniform: [low, high]`, num"),
        .rate("{log_uniform: ⟦[1,5e-4, 0,1]}", "a decimal comma makes two of one"),
        .rate("{⟦values: [1e-3, 1e-2]}", "write a list of values as `{choice: [..]}`"),
        .rate("{⟦min: 1e-3, max: 1e-1}", "write a range as `{log_uniform: [low, high]}` or"),
        .rate("{⟦distribution: log_uniform}", "write a range as `{log_uniform: [low, high]}` or"),
        .parameters("  hidden: {⟦low: 8, high: 64}", "write a range as `{int: [low, high]}` or"),
        .parameters("  init: {⟦type: categorical}", "write `{choice: [..]}`"),
        .rate("{log_uniform: [1.0e-6, ⟦.inf]}", "not `.inf`"),
        .rate("{log_uniform: [⟦\"1.0e-6\", 1]}", "not the text `1.0e-6`"),
        .rate("{log_uniform: [1.0e-6, ⟦1.0e+9]}", "at most 1.0e+6"),
        .rate("{⟦loguniform: [1.0e-6, 1.0e-1]}", "did you mean `log_uniform`"),
        .rate("⟦{}", "needs one domain, not 0"),
        .rate("⟦{value: 0.1, choice: [0.2]}", "needs one domain, not 2"),
        .rate("⟦[1.0e-6, 1.0e-1]", "`parameters.learning_rate` is a mapping, not a list"),
        .rate("{int: ⟦[1, 5]}", "is no whole number"),
        .rate("{choice: ⟦[]}", "1 to 1000 values"),
        .rate("{choice: [0.1, ⟦0.1]}", "has `0.1` twice"),
        .parameters("  dropout: {uniform: [0, ⟦1]}", "dropout.uniform` can't be `1`"),
        .parameters("  hidden: ⟦default\n", "`parameters.hidden` has no default"),
        .parameters("  hidden: {uniform: ⟦[1, 5]}", "is a whole number: it can't be uniform"),
        .parameters("  hidden: {int: [1, ⟦2000000000000]}", "beyond 2^40"),
        .parameters("  init: {uniform: ⟦[1, 5]}", "has no order"),
        .parameters("  init: {choice: [⟦none]}", "init.choice` can't be `none`"),
        .parameters("  batch_norm: {choice: [⟦on]}", "not `on`; write `true`, in small letters"),
        .parameters("  batch_norm: {choice: [⟦True, False]}", "not `True`; write `true`, in small"),
        .parameters("  batch_norm: {choice: [true, ⟦'false']}", "write `false`, in small letters"),
        .parameters("  batch_norm: {uniform: ⟦[0, 1]}", "has no order"),
        .parameters("  pieces: {int: [⟦1, 3]}", "`parameters.pieces.int` can't be"),
        .replacing(
            "  learning_rate: {log_uniform: [1.0e-6, 1.0e-1]}\n"
                + "  reg: {log_uniform: [1.0e-5, 1.0e+5]}", "  ⟦{}", "there is nothing to search"),
        .rate("{log_uniform: [1.0e-6, 0.1], limits: ⟦0.2}", "limits` takes two bounds"),
        .rate("{log_uniform: [1.0e-6, 0.1], limits: ⟦[1, 0.1]}", "did you mean [0.1, 1]?"),
        .rate("{log_uniform: [1.0e-6, 0.1], limits: ⟦[1e-4, 1]}", "does not hold the range"),
        .rate("{log_uniform: [1.0e-6, 0.1], limits: [⟦0, 1]}", "limits` has the lower bound 0:"),
        .rate("{choice: [0.1], limits: ⟦[0.1, 1]}", "a choice is none"),
        .rate("{value: 0.1, limits: ⟦[0.1, 1]}", "a value is none"),
        .parameters("  dropout: {uniform: [0, 0.5], limits: [0, ⟦1]}", "dropout.limits` can't"),
        .rate("{value: 0.1, when: ⟦relu}", "not `relu`"),
        .rate("{value: 0.1, when: ⟦{}}", "when` names other parameters and their values"),
        .rate("{value: 0.1, when: {⟦learning_rate: 0.1}}", "depend on itself"),
        .rate("{value: 0.1, when: {⟦momentum: 0.1}}", "names momentum, which is not searched"),
        .rate("{value: 0.1, when: {reg: ⟦0.1}}", "drawn from a continuous range"),
        .parameters(
            "  activation: {choice: [relu], when: {optimizer: ⟦[]}}\n"
                + "  optimizer: {choice: [sgd]}", "is an empty list"),
        .parameters(
            "  init: {choice: [he], when: {optimizer: [⟦momentum]}}\n"
                + "  optimizer: {choice: [sgd]}", "optimizer is never `momentum`"),
        .parameters(
            "  init: {choice: [he], when: {optimizer: [sgd, ⟦sgd]}}\n"
                + "  optimizer: {choice: [sgd]}", "when.optimizer` has `sgd` twice"),
        .parameters(
            "  init: {choice: [he], when: {hidden: [⟦5]}}\n  hidden: {int: [10, 20]}",
            "its values are 10 to 20"),
        .parameters(
            "  init: {choice: [he], when: {activation: [⟦elu]}}\n"
                + "  activation: {choice: [relu]}", "activation is never `elu`"),
        .parameters(
            "  preprocess: {choice: [zero-mean, ⟦[zero-mean]]}", "preprocess.choice` has"),
        .parameters("  preprocess: {choice: [[⟦zero-meen]]}", "did you mean `zero-mean`"),
        .parameters(
            "  preprocess: {choice: [[pca, ⟦normalize]]}", "choice` has normalize after pca"),
        .parameters("  preprocess: {uniform: ⟦[0, 1]}", "has no order"),
        .parameters(
            "  init: {choice: [he], when: {preprocess: [⟦pca]}}\n"
                + "  preprocess: {choice: [{pca: 3}]}", "its values are [{pca: 3}]"),
        .parameters(
            "  activation: {choice: [relu], when: ⟦{optimizer: sgd}}\n"
                + "  optimizer: {choice: [sgd], when: {activation: relu}}",
            "activation → optimizer → activation"),
        .parameters(
            "  activation: {choice: [relu], when: ⟦{init: he}}\n"
                + "  init: {choice: [he], when: {optimizer: sgd}}\n"
                + "  optimizer: {choice: [sgd], when: {activation: relu}}",
            "activation → init → optimizer → activation"),
    ]

    static let stages: [BadSpec] = [
        .replacing("trials: 100", "trials: ⟦0", "trials` can't be `0`"),
        .replacing("trials: 100", "trials: ⟦2000000", "can't be `2000000`"),
        .replacing("trials: 60", "trials: ⟦sixty", "not `sixty`"),
        .replacing("{name: coarse, ", "⟦{", "`stages[0].name` is missing"),
        .replacing("{name: coarse", "{name: ⟦two words", "has blanks"),
        .replacing("epochs: 0.5", "epochs: ⟦0", "half an epoch is 0.5"),
        .replacing("epochs: 0.5", "epochs: 0.5, from: ⟦top", "to take the top from"),
        .replacing("epochs: 0.5", "epochs: 0.5, narrow: ⟦auto", "nothing to narrow"),
        .replacing("epochs: 0.5", "epochs: 0.5, from: ⟦best", "write `from: top`"),
        .replacing("{name: coarse", "{seeds: ⟦2, name: coarse", "needs `from: top`"),
        .replacing("{name: fine", "⟦{name: coarse", "two stages have the name"),
        .replacing("seeds: 3", "seeds: ⟦0", "from 1 to 1000"),
        .replacing("seeds: 3", "narrow: ⟦off", "which draws nothing"),
        .fine("⟦automatic", "can't be `automatic`"),
        .fine("⟦confrim", "did you mean `confirm`"),
        .fine("⟦[auto]", "narrow` is a word, not a list"),
        .fine("{⟦momentum: {value: 0.5}}", "narrow` names momentum"),
        .fine("{reg: {log_uniform: [1, 2], ⟦limits: [1, 2]}}", "can't have `limits`"),
        .fine("{reg: {value: 1, ⟦when: {optimizer: sgd}}}", "can't have `when`"),
        .fine("{reg: {choice: ⟦[1, 2]}}", "makes a choice of what is a log_uniform"),
        .fine("{reg: {uniform: ⟦[1, 2]}}", "makes a uniform of what is a log_uniform"),
        .fine("{reg: {log_uniform: ⟦[2, 1]}}", "did you mean [1, 2]?"),
        .fine("{reg: {log_uniform: [1, ⟦1e10]}}", "from 0 to 1.0e+9"),
        .staged(
            "{log_uniform: [0.1, 10], limits: [0.01, 100]}",
            "trials: 5, narrow: {reg: {log_uniform: [1, ⟦200]}}", "limits at `200`"),
        .staged(
            "{log_uniform: [0.1, 10], limits: [0.01, 100]}",
            "trials: 5, narrow: {reg: {value: ⟦0.001}}", "limits at `0.001`"),
        .staged(
            "{choice: [1, 2]}", "trials: 5, narrow: {reg: {choice: [1, ⟦4]}}", "has `4`, which"),
        .staged("{choice: [1, 2]}", "trials: 5, narrow: {reg: {value: ⟦5}}", "has `5`, which"),
        .staged("{value: 1}", "trials: 5, narrow: {reg: {value: ⟦2}}", "is fixed at 1"),
        .staged(
            "{choice: [1, 2, 3, 4, 5, 6]}", "trials: ⟦5", "choices has 6 combinations"),
        BadSpec(
            """
            {study: a, objective: {metric: val_loss, goal: minimize}, data: {dataset: digits},
            sampler: grid, parameters: {hidden: {choice: \((1...1000).map { $0 })},
            reg: {choice: \((0..<1000).map { $0 })}, batch_size: {choice: [1, 2, 3]}},
            stages: [{name: a, epochs: 1, trials: ⟦9}]}
            """, "choices has 3000000 combinations; list fewer"),
        BadSpec(
            String(SpecTests.yaml.split(separator: "stages:")[0]) + "stages: ⟦{}",
            "`stages` is a list of 1 to 32"),
    ]

    static let all = settings + numbers + domains + stages + BadTexts.all

    @Test(arguments: all)
    func `a wrong spec is refused with its place, the reason and the fix`(wrong: BadSpec) throws {
        let error = try #require(wrong.error(), "accepted: \(wrong.text)")
        let message = error.description
        let place = "spec.yaml:\(wrong.line):\(wrong.column): "
        #expect(message.hasPrefix(place), "\(message)")
        #expect(message.contains(wrong.fragment), "\(message)")
        #expect(message.split(whereSeparator: \.isNewline).count == 1)
        let parts = String(message.dropFirst(place.count)).split(separator: "; ")
        #expect(parts.count >= 2)
        #expect(parts.map(\.count).min() ?? 0 > 3, "\(message)")
    }

    @Test func `every kind of mistake has a message of its own`() {
        let messages = Self.all.compactMap { $0.error()?.problem }
        #expect(messages.count >= 90)
        let repeated = Dictionary(grouping: messages) { $0 }.filter { $1.count > 1 }
        #expect(repeated.keys.sorted() == [])
    }
}

extension SearchError {
    /// What is wrong, without its place and the fix.
    fileprivate var problem: String {
        switch self {
        case .syntax(_, _, let problem), .invalid(_, _, let problem, _): problem
        }
    }
}
