/// Draws specs that are valid, with every key there is.
package struct SpecGenerator {
    private var random: FuzzRandom

    package init(seed: UInt64) {
        random = FuzzRandom(seed: seed)
    }

    private static let names = [
        "activation", "batch_norm", "batch_size", "beta1", "beta2", "dropout", "epsilon", "hidden",
        "init", "learning_rate", "learning_rate_decay", "learning_rate_schedule", "momentum",
        "optimizer", "preprocess", "reg", "rmsprop_decay", "slope",
    ]

    /// A spec as JSON in flow style, which is YAML too.
    package mutating func spec() -> String {
        let parameters = parameters()
        var members = [
            "\"study\": \"s\(random.next(100))\"",
            "\"objective\": \(objective())", "\"data\": \(data())",
            "\"parameters\": {\(parameters.text)}",
            "\"stages\": [\(stages(parameters.choice))]",
        ]
        if random.chance(70) { members.append("\"seed\": \(random.next(1000))") }
        if random.chance(50) { members.append("\"model\": \(model())") }
        if random.chance(50) { members.append("\"train\": \(train())") }
        if random.chance(50) {
            members.append("\"sampler\": \"\(random.pick(["random", "sobol", "grid"]))\"")
        }
        if random.chance(40) { members.append("\"stop_trial\": {\"loss_factor\": 4.5}") }
        if random.chance(40) {
            members.append("\"limits\": {\"attempts\": 2, \"max_failed\": \(random.next(5))}")
        }
        return "{" + members.joined(separator: ",\n ") + "}"
    }

    private mutating func objective() -> String {
        let target = random.chance(30) ? ", \"target\": 0.9\(random.next(9))" : ""
        let at = random.chance(40) ? ", \"at\": \"\(random.pick(["best", "last"]))\"" : ""
        return random.chance(70)
            ? "{\"metric\": \"val_accuracy\", \"goal\": \"maximize\"\(at)\(target)}"
            : "{\"metric\": \"val_loss\", \"goal\": \"minimize\"\(at)\(target)}"
    }

    private mutating func data() -> String {
        var members =
            switch random.next(6) {
            case 0: ["\"dataset\": \"cifar10\"", "\"path\": \"folder/cifar\""]
            case 1:
                [
                    "\"dataset\": \"csv\"", "\"path\": \"t.csv\"",
                    random.chance(50) ? "\"label\": -1" : "\"label\": \"kind\"",
                    random.pick([
                        "\"header\": \"auto\"",
                        "\"columns\": {\"drop\": [\"id\", 1], \"categorical\": [\"colour\"]}",
                    ]), "\"missing\": \"\(random.pick(["error", "drop", "mean"]))\"",
                ]
            case 2:
                [
                    "\"dataset\": \"csv\"", "\"path\": \"t.csv\"", "\"label\": 0",
                    "\"header\": false",
                ]
            case 3: ["\"dataset\": \"idx\"", "\"path\": \"mnist\""]
            case 4:
                [
                    "\"dataset\": \"spiral\"", "\"classes\": \(2 + random.next(5))",
                    "\"points\": 1000", "\"noise\": 0.\(random.next(10))",
                ]
            default: ["\"dataset\": \"digits\""]
            }
        if random.chance(50) {
            members.append(
                random.chance(50)
                    ? "\"split\": {\"train\": 900, \"validation\": 100}"
                    : "\"split\": {\"train\": 0.5, \"validation\": 0.25}")
        }
        if random.chance(50) {
            let steps = random.pick(["[]", "[\"zero-mean\"]", "[\"normalize\"]"])
            members.append("\"preprocess\": \(steps)")
        }
        return "{" + members.joined(separator: ", ") + "}"
    }

    private mutating func model() -> String {
        let hidden = random.pick(["[]", "[50]", "[20, 10]"])
        let activation = random.pick(["relu", "tanh", "maxout", "leaky_relu"])
        let initialization = random.pick(["small", "xavier", "he"])
        return "{\"hidden\": \(hidden), \"activation\": \"\(activation)\", "
            + "\"init\": \"\(initialization)\", \"batch_norm\": \(random.chance(50)), "
            + "\"slope\": 0.1, \"pieces\": 3, "
            + "\"dropout\": 0.1}"
    }

    private mutating func train() -> String {
        let optimizer = random.pick(["sgd", "momentum", "nesterov", "rmsprop", "adam"])
        return "{\"optimizer\": \"\(optimizer)\", \"learning_rate\": 1e-3, \"reg\": 0, "
            + "\"momentum\": 0.9, \"learning_rate_decay\": 0.95, \"batch_size\": 100, "
            + "\"loss\": \"softmax\"}"
    }

    // MARK: - Parameters

    private mutating func parameters() -> (text: String, choice: String?) {
        var names: [String] = []
        for name in Self.names where random.chance(45) { names.append(name) }
        if names.isEmpty { names = ["reg"] }
        // Only words hold a condition here, and only other parameters have one: no circles.
        let choice = Self.choices.first(where: names.contains)
        let entries = names.map { name in
            var domain = domain(of: name)
            if name == choice {
                domain = "{\"choice\": \(Self.words(of: name))}"
            } else if let choice, random.chance(40) {
                let value = Self.words(of: choice).dropFirst().prefix { $0 != "," }
                domain.removeLast()
                domain += ", \"when\": {\"\(choice)\": [\(value)]}}"
            }
            if Self.defaulted.contains(name), random.chance(10) { domain = "\"default\"" }
            return "\"\(name)\": \(domain)"
        }
        return (entries.joined(separator: ", "), choice)
    }

    private static let defaulted = ["dropout", "learning_rate", "momentum", "reg", "rmsprop_decay"]

    private static let choices = [
        "activation", "batch_norm", "init", "learning_rate_schedule", "optimizer", "preprocess",
    ]

    private static func words(of name: String) -> String {
        switch name {
        case "activation": "[\"relu\", \"tanh\", \"sigmoid\", \"elu\"]"
        case "batch_norm": "[true, false]"
        case "init": "[\"he\", \"small\", {\"scale\": 0.05}, 0.1]"
        case "learning_rate_schedule": "[\"1/t\", \"step\", \"exponential\"]"
        case "preprocess":
            "[\"zero-mean\", [], [\"normalize\", {\"pca\": 9}], {\"whiten\": 5, \"epsilon\": 0.1}]"
        default: "[\"sgd\", \"momentum\"]"
        }
    }

    private mutating func domain(of name: String) -> String {
        switch name {
        case _ where Self.choices.contains(name):
            return random.chance(50)
                ? "{\"choice\": \(Self.words(of: name))}" : "{\"choice\": [\(word(name))]}"
        case "batch_size", "hidden":
            return random.pick([
                "{\"int\": [10, 80]}", "{\"log_int\": [8, 512], \"limits\": [4, 1024]}",
                "{\"choice\": [16, 32]}", "{\"value\": 20}",
                name == "hidden" ? "{\"choice\": [[10], [20, 5], 30]}" : "{\"value\": 64}",
            ])
        case "learning_rate":
            return random.pick([
                "{\"log_uniform\": [1e-5, 0.1]}",
                "{\"log_uniform\": [1e-5, 0.1], \"limits\": [1e-6, 1]}",
                "{\"uniform\": [0.001, 0.01]}", "{\"choice\": [0.1, 0.01]}",
                "{\"value\": 0.05}",
            ])
        default:
            return random.pick([
                "{\"uniform\": [0.1, 0.9], \"limits\": [0.05, 0.95]}",
                "{\"uniform\": [0.5, 0.75]}", "{\"log_uniform\": [0.01, 0.5]}",
                "{\"choice\": [0.25, 0.5]}", "{\"value\": 0.5}",
            ])
        }
    }

    private func word(_ name: String) -> String {
        String(Self.words(of: name).dropFirst().prefix { $0 != "," })
    }

    // MARK: - Stages

    private mutating func stages(_ choice: String?) -> String {
        var stages = ["{\"name\": \"coarse\", \"trials\": \(5000), \"epochs\": 0.5}"]
        for index in 0..<random.next(4) {
            let narrow = random.pick(
                [
                    "", ", \"narrow\": \"auto\"", ", \"narrow\": \"confirm\"",
                    ", \"narrow\": \"off\"",
                ]
                    + (choice.map {
                        [", \"narrow\": {\"\($0)\": {\"choice\": [\(word($0))]}}"]
                    } ?? []))
            let name = "stage-\(index)"
            stages.append("{\"name\": \"\(name)\", \"trials\": 4000, \"epochs\": 2\(narrow)}")
        }
        if random.chance(50) {
            stages.append(
                "{\"name\": \"final\", \"trials\": 3, \"epochs\": 9, \"from\": \"top\", "
                    + "\"seeds\": \(1 + random.next(4))}")
        }
        return stages.joined(separator: ", ")
    }
}
