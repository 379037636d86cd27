/// The rectified linear unit passes what is positive and nothing else.
///
///     y = max(x, 0)        ∂L/∂x = ∂L/∂y where x > 0, else 0
///
/// Shapes: x, y (N, O). Source: Krizhevsky, Sutskever and Hinton 2012, "ImageNet Classification
/// with Deep Convolutional Neural Networks", which found it to converge six times as fast as tanh.
///
/// Watch: the default, and it can die. A large step may move a unit's weights so that x is below 0
/// for every example; no gradient reaches it any more, and it stays so. Be careful with the
/// learning rate, and look at the share of dead units. At x = 0 there is a kink: the slope there is
/// taken to be 0.
public struct ReLU: Sendable, Hashable {
    /// A rectifier has no numbers of its own.
    public init() {}

    /// y, shape (N, O).
    public func forward(_ x: Matrix) -> Matrix {
        x.map { max($0, 0) }
    }

    /// ∂L/∂x, from ∂L/∂y and the y of `forward`, all of shape (N, O).
    public func backward(_ dy: Matrix, y: Matrix) -> Matrix {
        dy.combined(with: y) { $1 > 0 ? $0 : 0 }
    }
}
