/// What one check of a spec's networks and data, before a study of it, came to.
package struct PreflightFinding: Sendable, Hashable {
    package enum Check: String, Sendable, CaseIterable {
        /// Analytic gradients against centred differences.
        case gradient
        /// The loss of the first weights against that of chance.
        case initialLoss = "initial-loss"
        /// More regularization costs more.
        case regularization
        /// Twenty examples are learned by heart.
        case overfit
        /// What the ends of the range of learning rates do.
        case rateRange = "rate-range"
        /// How the classes are balanced.
        case classBalance = "class-balance"
        /// Whether validation examples are trained on.
        case leak
    }

    package enum Outcome: String, Sendable, CaseIterable {
        case passed
        /// It is not worth proceeding before this is understood.
        case failed
        /// Something to know, which need not be wrong.
        case noted
    }

    /// A number with a name, for whoever reads with a program.
    package struct Figure: Sendable, Hashable {
        package var name: String
        package var value: Double

        package init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    package var check: Check
    package var outcome: Outcome
    /// What distinguishes the network from the first one, such as `activation=tanh`; empty for the
    /// first one and for the data.
    package var variant: String
    /// What was found, and what to do where it failed.
    package var sentence: String
    package var figures: [Figure]

    package init(
        _ check: Check, _ outcome: Outcome, variant: String = "", sentence: String,
        figures: [Figure] = []
    ) {
        self.check = check
        self.outcome = outcome
        self.variant = variant
        self.sentence = sentence
        self.figures = figures
    }
}
