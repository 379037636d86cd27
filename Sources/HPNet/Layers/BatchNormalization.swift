/// Batch normalization gives every column of a minibatch mean 0 and variance 1, then lets the
/// network undo it.
///
///     μ = 1/N·Σₙ xₙ      σ² = 1/N·Σₙ (xₙ − μ)²      x̂ = (x − μ)/√(σ² + ε)      y = γ·x̂ + β
///
///     ∂L/∂γ = Σₙ ∂L/∂yₙ·x̂ₙ        ∂L/∂β = Σₙ ∂L/∂yₙ
///     ∂L/∂x = γ/√(σ² + ε)·(∂L/∂y − (∂L/∂β + x̂·∂L/∂γ)/N)
///
/// The last line holds because every example of the minibatch moves μ and σ² a little. Shapes: x, y
/// (N, O), everything else (O). Source: Ioffe and Szegedy 2015, "Batch Normalization: Accelerating
/// Deep Network Training by Reducing Internal Covariate Shift", algorithm 1 and section 3.
///
/// It stands between the affine map and the activation. Evaluation must not depend on the company
/// an example is in, so it uses running statistics: 0.9 of what they were and 0.1 of the
/// minibatch's, beginning with the first minibatch.
///
/// Watch: networks become far less picky about initialization and learning rate. A minibatch of one
/// example has no variance, and then y = β.
public struct BatchNormalization: Sendable, Hashable {
    /// ε
    public static let epsilon = BatchNormalizer.epsilon

    /// γ, shape (O).
    public var gamma: [Double]
    /// β, shape (O).
    public var beta: [Double]

    /// Takes parameters in.
    public init(gamma: [Double], beta: [Double]) {
        self.gamma = gamma
        self.beta = beta
    }

    /// What `forward` leaves for `backward`.
    public struct Normalized: Sendable, Hashable {
        /// x̂, shape (N, O).
        public var x: Matrix
        /// 1/√(σ² + ε), shape (O).
        public var inverseDeviations: [Double]
    }

    /// Gradients of the loss.
    public struct Gradients: Sendable, Hashable {
        /// ∂L/∂x, shape (N, O).
        public var x: Matrix
        /// ∂L/∂γ, shape (O).
        public var gamma: [Double]
        /// ∂L/∂β, shape (O).
        public var beta: [Double]
    }

    /// y, shape (N, O), over the minibatch, and what `backward` needs.
    public func forward(_ x: Matrix) -> (y: Matrix, normalized: Normalized) {
        let count = Double(x.rows)
        let means = x.columnSums.map { $0 / count }
        var centred = x
        for n in 0..<x.rows {
            for o in 0..<x.columns { centred[n, o] -= means[o] }
        }
        let inverse = centred.map { $0 * $0 }.columnSums.map { sum in
            1 / (sum / count + Self.epsilon).squareRoot()
        }
        for n in 0..<x.rows {
            for o in 0..<x.columns { centred[n, o] *= inverse[o] }
        }
        return (scaled(centred), Normalized(x: centred, inverseDeviations: inverse))
    }

    /// y, shape (N, O), by running statistics, both of shape (O).
    public func evaluate(_ x: Matrix, means: [Double], variances: [Double]) -> Matrix {
        var normalized = x
        for n in 0..<x.rows {
            for o in 0..<x.columns {
                normalized[n, o] =
                    (x[n, o] - means[o]) / (variances[o] + Self.epsilon).squareRoot()
            }
        }
        return scaled(normalized)
    }

    private func scaled(_ normalized: Matrix) -> Matrix {
        var y = normalized
        for n in 0..<y.rows {
            for o in 0..<y.columns { y[n, o] = gamma[o] * y[n, o] + beta[o] }
        }
        return y
    }

    /// The gradients, from ∂L/∂y, shape (N, O).
    public func backward(_ dy: Matrix, _ normalized: Normalized) -> Gradients {
        let dGamma = dy.combined(with: normalized.x) { $0 * $1 }.columnSums
        let dBeta = dy.columnSums
        var dx = dy
        for n in 0..<dy.rows {
            for o in 0..<dy.columns {
                let common = (dBeta[o] + normalized.x[n, o] * dGamma[o]) / Double(dy.rows)
                dx[n, o] = gamma[o] * normalized.inverseDeviations[o] * (dy[n, o] - common)
            }
        }
        return Gradients(x: dx, gamma: dGamma, beta: dBeta)
    }
}
