/// The parametric rectifier learns its slope below zero, one for each unit.
///
///     y = x where x > 0, else aₒ·x
///     ∂L/∂x = ∂L/∂y where x > 0, else aₒ·∂L/∂y        ∂L/∂aₒ = Σₙ ∂L/∂yₙₒ·xₙₒ where x ≤ 0
///
/// Shapes: x, y (N, O), a (O). Source: He, Zhang, Ren and Sun 2015, "Delving Deep into Rectifiers":
/// slopes begin at 0.25 and aren't regularized, which would pull them towards ReLU.
///
/// Watch: the gradient needs x, not y alone: a slope may become 0 or negative, and then y doesn't
/// tell on which side x was.
public struct PReLU: Sendable, Hashable {
    /// a, shape (O).
    public var slopes: [Double]

    /// Takes slopes in.
    public init(slopes: [Double]) {
        self.slopes = slopes
    }

    /// y, shape (N, O).
    public func forward(_ x: Matrix) -> Matrix {
        var y = x
        for n in 0..<x.rows {
            for o in 0..<x.columns where x[n, o] <= 0 { y[n, o] = slopes[o] * x[n, o] }
        }
        return y
    }

    /// ∂L/∂x, shape (N, O), and ∂L/∂a, shape (O), from ∂L/∂y and the x of `forward`.
    public func backward(_ dy: Matrix, x: Matrix) -> (x: Matrix, slopes: [Double]) {
        var dx = dy
        var dSlopes = [Double](repeating: 0, count: slopes.count)
        for n in 0..<x.rows {
            for o in 0..<x.columns where x[n, o] <= 0 {
                dSlopes[o] += dy[n, o] * x[n, o]
                dx[n, o] = slopes[o] * dy[n, o]
            }
        }
        return (dx, dSlopes)
    }
}
