import HPMath

/// The hyperbolic tangent squashes a number into (−1, 1): a sigmoid that is centred on zero.
///
///     y = (e^x − e^(−x))/(e^x + e^(−x))        ∂L/∂x = ∂L/∂y·(1 − y²)
///
/// Shapes: x, y (N, O). Source: CS231n notes, "Neural Networks 1"; LeCun, Bottou, Orr and Müller
/// 1998, "Efficient BackProp", on why outputs should be centred.
///
/// Watch: it still saturates. With weights that begin too large all outputs are ±1 and no gradient
/// comes through; too small, the outputs shrink to 0 from layer to layer, and the gradients with
/// them. Initialize by ``Initialization/xavier``.
public struct Tanh: Sendable, Hashable {
    /// A tanh has no numbers of its own.
    public init() {}

    /// y, shape (N, O).
    public func forward(_ x: Matrix) -> Matrix {
        x.map { HPMath.tanh($0) }
    }

    /// ∂L/∂x, from ∂L/∂y and the y of `forward`, all of shape (N, O).
    public func backward(_ dy: Matrix, y: Matrix) -> Matrix {
        dy.combined(with: y) { $0 * (1 - $1 * $1) }
    }
}
