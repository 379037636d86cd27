import HPMath

/// The sigmoid squashes a number into (0, 1).
///
///     y = 1/(1 + e^(−x))        ∂L/∂x = ∂L/∂y·y(1 − y)
///
/// Shapes: x, y (N, O). Source: CS231n notes, "Neural Networks 1", commonly used activation
/// functions.
///
/// Watch: it is here to be compared with. At both ends its slope vanishes, and with it the
/// gradient; its largest slope is 1/4, so that each layer takes at least three quarters of the
/// gradient away; and its outputs are all positive, which makes the next layer's updates zig-zag
/// (see ``Affine``). The lecture's advice is never to use it.
public struct Sigmoid: Sendable, Hashable {
    /// A sigmoid has no numbers of its own.
    public init() {}

    /// y, shape (N, O).
    public func forward(_ x: Matrix) -> Matrix {
        x.map { 1 / (1 + HPMath.exp(-$0)) }
    }

    /// ∂L/∂x, from ∂L/∂y and the y of `forward`, all of shape (N, O).
    public func backward(_ dy: Matrix, y: Matrix) -> Matrix {
        dy.combined(with: y) { $0 * $1 * (1 - $1) }
    }
}
