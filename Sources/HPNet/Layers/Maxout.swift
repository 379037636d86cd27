/// A maxout unit has k affine maps and gives the largest: it neither saturates nor dies, and learns
/// the shape of its own activation. ReLU and leaky ReLU are special cases.
///
///     yₙₒ = maxₚ zₙₚₒ        ∂L/∂zₙₚₒ = ∂L/∂yₙₒ for the piece p that was the largest, else 0
///
/// Shapes: z (N, k·O), piece p of unit o in column p·O + o; y (N, O). Source: Goodfellow,
/// Warde-Farley, Mirza, Courville and Bengio 2013, "Maxout Networks".
///
/// Watch: k times the weights. Where two pieces are equal there is a kink; the gradient goes to the
/// lower one.
public struct Maxout: Sendable, Hashable {
    /// k.
    public var pieces: Int

    /// - Precondition: there is a piece.
    public init(pieces: Int) {
        precondition(pieces >= 1, "a maxout unit has at least one piece")
        self.pieces = pieces
    }

    /// y, shape (N, O).
    public func forward(_ z: Matrix) -> Matrix {
        let units = z.columns / pieces
        var y = Matrix(rows: z.rows, columns: units)
        for n in 0..<z.rows {
            for o in 0..<units { y[n, o] = z[n, winner(z, n, o) * units + o] }
        }
        return y
    }

    /// ∂L/∂z, shape (N, k·O), from ∂L/∂y, shape (N, O), and the z of `forward`.
    public func backward(_ dy: Matrix, z: Matrix) -> Matrix {
        var dz = Matrix(rows: z.rows, columns: z.columns)
        for n in 0..<z.rows {
            for o in 0..<dy.columns {
                dz[n, winner(z, n, o) * dy.columns + o] = dy[n, o]
            }
        }
        return dz
    }

    /// The piece that is the largest, the lowest of equals.
    func winner(_ z: Matrix, _ n: Int, _ o: Int) -> Int {
        let units = z.columns / pieces
        return (0..<pieces).reduce(0) { best, piece in
            z[n, piece * units + o] > z[n, best * units + o] ? piece : best
        }
    }
}
