/// The leaky rectifier lets a little through below zero, so that no unit dies.
///
///     y = x where x > 0, else a·x        ∂L/∂x = ∂L/∂y where x > 0, else a·∂L/∂y
///
/// Shapes: x, y (N, O). The slope a is fixed, 0.01 unless set. Source: Maas, Hannun and Ng 2013,
/// "Rectifier Nonlinearities Improve Neural Network Acoustic Models".
///
/// Watch: a kink at 0, where the slope is taken to be a.
public struct LeakyReLU: Sendable, Hashable {
    /// a, from 0 to below 1.
    public var slope: Double

    /// Takes the slope in.
    public init(slope: Double = 0.01) {
        self.slope = slope
    }

    /// y, shape (N, O).
    public func forward(_ x: Matrix) -> Matrix {
        x.map { $0 > 0 ? $0 : slope * $0 }
    }

    /// ∂L/∂x, from ∂L/∂y and the y of `forward`, all of shape (N, O): y has the sign of x.
    public func backward(_ dy: Matrix, y: Matrix) -> Matrix {
        dy.combined(with: y) { $1 > 0 ? $0 : slope * $0 }
    }
}
