import HPMath

/// The exponential linear unit: a rectifier that bends smoothly to −1 below zero.
///
///     y = x where x > 0, else e^x − 1        ∂L/∂x = ∂L/∂y where x > 0, else ∂L/∂y·(y + 1)
///
/// Shapes: x, y (N, O). Source: Clevert, Unterthiner and Hochreiter 2016, "Fast and Accurate Deep
/// Network Learning by Exponential Linear Units", with α = 1.
///
/// Watch: outputs have a mean nearer to zero than a rectifier's, and the saturation below makes
/// units deaf to noise; it costs an exponential. The slope is continuous at 0, its derivative not.
public struct ELU: Sendable, Hashable {
    /// An ELU has no numbers of its own.
    public init() {}

    /// y, shape (N, O).
    public func forward(_ x: Matrix) -> Matrix {
        x.map { $0 > 0 ? $0 : HPMath.exp($0) - 1 }
    }

    /// ∂L/∂x, from ∂L/∂y and the y of `forward`, all of shape (N, O).
    public func backward(_ dy: Matrix, y: Matrix) -> Matrix {
        dy.combined(with: y) { $1 > 0 ? $0 : $0 * ($1 + 1) }
    }
}
