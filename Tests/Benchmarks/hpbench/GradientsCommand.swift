import ArgumentParser
import HPNet

/// `hpbench gradients`: the table of gradient checks.
struct GradientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gradients",
        abstract: "Check the gradient of every activation; the largest relative errors by array.",
        discussion: """
            Numbers whose step crosses a kink are passed over and counted. `at a kink` has a unit \
            within the step of one; sigmoid and tanh have none. It ends with 1 when an error is \
            above its limit.
            """)

    @Option(help: "Hidden layers.")
    var depth = 2

    func validate() throws {
        guard (0...8).contains(depth) else { throw ValidationError("--depth is from 0 to 8") }
    }

    private struct Condition {
        var name: String
        var regularization = 0.0
        var dropout = 0.0
        var isAtKink = false
    }

    private static let conditions = [
        Condition(name: "plain"), Condition(name: "L2", regularization: 0.1),
        Condition(name: "dropout", dropout: 0.4),
        Condition(name: "both", regularization: 0.1, dropout: 0.4),
        Condition(name: "at a kink", isAtKink: true),
    ]

    func run() throws {
        print(
            "activation  batch norm  condition  array             compared  kinks  error    limit")
        var largest: [(limit: Double, error: Double)] = [(1e-7, 0), (1e-4, 0)]
        var arePassed = true
        for activation in Activation.usual {
            for batchNormalization in [false, true] {
                for condition in Self.conditions {
                    let check = GradientCheck.ofSmallNetwork(
                        activation: activation, batchNormalization: batchNormalization,
                        depth: depth, regularization: condition.regularization,
                        dropout: condition.dropout, isAtKink: condition.isAtKink)
                    show(check, activation, batchNormalization, condition)
                    for index in largest.indices where largest[index].limit == check.limit {
                        largest[index].error = max(largest[index].error, check.largestError)
                    }
                    arePassed = arePassed && check.isPassed
                }
            }
        }
        for (limit, error) in largest {
            print("largest error where the limit is \(limit): \(twoDigits(error))")
        }
        if !arePassed { throw ExitCode(1) }
    }

    private func show(
        _ check: GradientCheck, _ activation: Activation, _ batchNormalization: Bool,
        _ condition: Condition
    ) {
        for row in check.rows {
            let cells: [(String, Int)] = [
                (name(activation), 12), (batchNormalization ? "yes" : "no", 12),
                (condition.name, 11), (row.name, 18), ("\(row.compared)", 10),
                ("\(row.kinks)", 7), (twoDigits(row.largestError), 9), ("\(check.limit)", 0),
            ]
            let padded = cells.map { text, width in
                text + String(repeating: " ", count: max(0, width - text.count))
            }
            print(padded.joined())
        }
    }

    private func name(_ activation: Activation) -> String {
        switch activation {
        case .sigmoid, .tanh, .relu, .prelu, .elu: "\(activation)"
        case .leakyReLU: "leaky ReLU"
        case .maxout(let pieces): "maxout \(pieces)"
        }
    }

    private func twoDigits(_ error: Double) -> String {
        guard error > 0, error.isFinite else { return "\(error)" }
        var (exponent, digits) = (0, error)
        while digits < 1 { (exponent, digits) = (exponent - 1, digits * 10) }
        return "\((digits * 10).rounded() / 10)e\(exponent)"
    }
}
