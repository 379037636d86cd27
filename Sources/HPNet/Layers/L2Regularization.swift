/// L2 regularization prefers small, spread-out weights: it adds their squares to the loss.
///
///     R = ½·λ·Σ W²        ∂R/∂W = λ·W
///
/// One strength λ for all weights; biases, batch normalization's γ and β and PReLU's slopes aren't
/// regularized. Source: CS231n notes, "Neural Networks 2", regularization; the half is there so
/// that the gradient has no 2.
///
/// Watch: raising λ must raise the loss, and R must not drown the data loss, or the network learns
/// small weights and nothing else.
public struct L2Regularization: Sendable, Hashable {
    /// λ, at least 0.
    public var strength: Double

    /// Takes the strength in.
    public init(strength: Double) {
        self.strength = strength
    }

    /// R of one array of weights.
    public func loss(_ weights: [Double]) -> Double {
        0.5 * strength * weights.reduce(0) { $0 + $1 * $1 }
    }

    /// ∂R/∂W
    public func gradient(_ weights: [Double]) -> [Double] {
        weights.map { strength * $0 }
    }
}
