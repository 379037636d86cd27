/// The affine map: every unit adds up all inputs, each times a weight, and a bias.
///
///     y = x·W + b        yₙₒ = Σᵢ xₙᵢ·Wᵢₒ + bₒ
///
/// The gradient goes the same ways back. An input reaches the loss through every unit, a weight
/// through every example, a bias through every example with factor 1:
///
///     ∂L/∂x = ∂L/∂y·Wᵀ      ∂L/∂W = xᵀ·∂L/∂y      ∂L/∂b = Σₙ ∂L/∂yₙ
///
/// Shapes: x (N, I), W (I, O), b (O), y (N, O). Source: CS231n notes, "Backpropagation,
/// Intuitions", on gradients of vectorized operations: the shapes leave but one way to multiply.
///
/// Watch: where all inputs are positive, as after a sigmoid, the gradients of all weights of one
/// unit have the sign of ∂L/∂yₒ, example by example, and updates zig-zag. Centre the data.
public struct Affine: Sendable, Hashable {
    /// W, shape (I, O).
    public var weights: Matrix
    /// b, shape (O); nil where batch normalization follows, whose β does the same.
    public var biases: [Double]?

    /// Takes parameters in.
    public init(weights: Matrix, biases: [Double]?) {
        self.weights = weights
        self.biases = biases
    }

    /// Gradients of the loss.
    public struct Gradients: Sendable, Hashable {
        /// ∂L/∂x, shape (N, I).
        public var x: Matrix
        /// ∂L/∂W, shape (I, O).
        public var weights: Matrix
        /// ∂L/∂b, shape (O).
        public var biases: [Double]
    }

    /// y, shape (N, O), of x, shape (N, I).
    public func forward(_ x: Matrix) -> Matrix {
        var y = Matrix(rows: x.rows, columns: weights.columns)
        for n in 0..<x.rows {
            for o in 0..<weights.columns {
                y[n, o] = biases?[o] ?? 0
                for i in 0..<x.columns { y[n, o] += x[n, i] * weights[i, o] }
            }
        }
        return y
    }

    /// The gradients, from ∂L/∂y, shape (N, O), and the x of `forward`.
    public func backward(_ dy: Matrix, x: Matrix) -> Gradients {
        var dx = Matrix(rows: x.rows, columns: x.columns)
        var dWeights = Matrix(rows: weights.rows, columns: weights.columns)
        for n in 0..<x.rows {
            for i in 0..<x.columns {
                for o in 0..<weights.columns {
                    dx[n, i] += dy[n, o] * weights[i, o]
                    dWeights[i, o] += x[n, i] * dy[n, o]
                }
            }
        }
        return Gradients(x: dx, weights: dWeights, biases: dy.columnSums)
    }
}
