extension Activation {
    /// Outputs outside of these bounds lie where the slope is below a twentieth of its largest:
    /// of tanh 1 − y² < 0.05, of sigmoid y(1 − y) < 0.05/4, of ELU y + 1 < 0.05. Nil for
    /// activations that don't saturate.
    var saturationBounds: (below: Float, above: Float)? {
        switch self {
        case .tanh: (-0.9746794, 0.9746794)
        case .sigmoid: (0.012660292, 0.98733974)
        case .elu: (-0.95, .infinity)
        case .relu, .leakyReLU, .prelu, .maxout: nil
        }
    }
}
