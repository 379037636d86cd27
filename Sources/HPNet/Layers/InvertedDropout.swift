/// Dropout silences units at random while a network is trained, so that no unit can rely on
/// another.
///
///     y = x·m        ∂L/∂x = ∂L/∂y·m        m = 1/(1 − p) with probability 1 − p, else 0
///
/// Shapes: x, m, y (N, O). Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov
/// 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting"; CS231n notes, "Neural
/// Networks 2", for the inverted form: what is kept is scaled up in training, so that evaluation
/// does nothing at all.
///
/// Watch: a gradient check needs the same mask in every evaluation of the loss.
public struct InvertedDropout: Sendable, Hashable {
    /// m, shape (N, O).
    public var mask: Matrix

    /// Takes the mask in.
    public init(mask: Matrix) {
        self.mask = mask
    }

    /// y, shape (N, O).
    public func forward(_ x: Matrix) -> Matrix {
        x.combined(with: mask) { $0 * $1 }
    }

    /// ∂L/∂x, from ∂L/∂y, both of shape (N, O).
    public func backward(_ dy: Matrix) -> Matrix {
        dy.combined(with: mask) { $0 * $1 }
    }
}
