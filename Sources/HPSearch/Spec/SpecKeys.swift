/// The keys of a spec's mappings: what the readers take, and what the JSON Schema must know.
package enum SpecKeys {
    static let spec = [
        "study", "seed", "objective", "data", "model", "train", "parameters", "sampler", "stages",
        "stop_trial", "limits",
    ]
    static let objective = ["metric", "goal", "at", "target"]
    static let data = [
        "dataset", "path", "header", "label", "columns", "missing", "classes", "points", "noise",
        "split", "preprocess",
    ]
    static let columns = ["drop", "categorical"]
    static let split = ["train", "validation"]
    static let model = [
        "hidden", "activation", "slope", "pieces", "init", "batch_norm", "dropout",
    ]
    static let initialization = ["scale"]
    static let train = [
        "optimizer", "learning_rate", "reg", "momentum", "rmsprop_decay", "beta1", "beta2",
        "epsilon", "learning_rate_decay", "learning_rate_schedule", "decay_epochs", "batch_size",
        "loss",
    ]
    static let preprocessing = ["zero-mean", "normalize", "pca", "whiten"]
    static let projection = ["pca", "whiten", "epsilon"]
    static let parameters = EngineSetting.allCases.map(\.rawValue)
    static let domains = ["log_uniform", "uniform", "int", "log_int", "choice", "value"]
    static let parameter = domains + ["limits", "when"]
    static let stage = ["name", "trials", "epochs", "narrow", "from", "seeds"]
    static let stopTrial = ["loss_factor"]
    static let limits = ["attempts", "max_failed"]

    /// Every key, wherever it belongs.
    package static let all = Set(
        [
            spec, objective, data, columns, split, projection, model, initialization, train,
            parameters,
            parameter,
            stage, stopTrial,
            limits,
        ].joined())
}
