import CKernels

// The layers of a bundle in single precision, by kernels: what they compute is defined, and
// explained, in `Layers`.
// Dimension letters: N examples of a minibatch, I inputs and O outputs of a layer, C classes.

/// A row-major matrix whose rows are `rowStride` floats apart.
struct MatrixView {
    var start: UnsafeMutablePointer<Float>
    var rowStride: Int
}

/// y = x·W
///
/// - Parameters:
///   - x: shape (N, I)
///   - weights: shape (I, O), in panels (see `hpk_panel_columns`).
///   - y: shape (N, O), rows O apart.
func affineForward(
    examples n: Int, inputs: Int, outputs: Int, x: MatrixView,
    weights: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
) {
    hpk_product(
        n, outputs, inputs, x.start, x.rowStride, weights, y, outputs, scratch)
}

/// ∂L/∂x = ∂L/∂y·Wᵀ
///
/// - Parameters:
///   - dy: ∂L/∂y, shape (N, O), rows O apart.
///   - weights: shape (I, O), in panels, before their update.
///   - dx: shape (N, I)
func affineBackwardToInput(
    examples n: Int, inputs: Int, outputs: Int, dy: UnsafePointer<Float>,
    weights: UnsafePointer<Float>, dx: MatrixView, scratch: UnsafeMutablePointer<Float>
) {
    hpk_product_transposed(
        n, inputs, outputs, dy, outputs, weights, dx.start, dx.rowStride, scratch)
}

/// ∂L/∂W = xᵀ·∂L/∂y, which `update` applies to W at once, before it is ever in memory.
///
/// - Parameters:
///   - x: shape (N, I)
///   - dy: ∂L/∂y, shape (N, O), rows O apart.
func affineBackwardToWeights(
    examples n: Int, inputs: Int, outputs: Int, x: MatrixView, dy: UnsafePointer<Float>,
    update: hpk_update, scratch: UnsafeMutablePointer<Float>
) {
    withUnsafePointer(to: update) { update in
        hpk_product_update(
            inputs, outputs, n, x.start, x.rowStride, dy, outputs, update, scratch)
    }
}

extension Activation {
    /// Whether the gradient follows from the outputs alone; else the inputs must be kept.
    var needsInputs: Bool {
        switch self {
        case .sigmoid, .tanh, .relu, .leakyReLU, .elu: false
        case .prelu, .maxout: true
        }
    }

    /// y = f(x) of an activation that works number by number; y may be x.
    func forwardElementwise(
        _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int
    ) {
        switch self {
        case .sigmoid: hpk_sigmoid_forward(count, x, y)
        case .tanh: hpk_tanh_forward(count, x, y)
        case .relu: hpk_relu_forward(count, x, y)
        case .leakyReLU(let slope): hpk_leaky_relu_forward(count, Float(slope), x, y)
        case .elu: hpk_elu_forward(count, x, y)
        case .prelu, .maxout: preconditionFailure("they need more than a number")
        }
    }

    /// dy = dy·f′(x), from the output y = f(x) alone.
    func backwardElementwise(
        y: UnsafePointer<Float>, dy: UnsafeMutablePointer<Float>, count: Int
    ) {
        switch self {
        case .sigmoid: hpk_sigmoid_backward(count, y, dy)
        case .tanh: hpk_tanh_backward(count, y, dy)
        case .relu: hpk_relu_backward(count, y, dy)
        case .leakyReLU(let slope): hpk_leaky_relu_backward(count, Float(slope), y, dy)
        case .elu: hpk_elu_backward(count, y, dy)
        case .prelu, .maxout: preconditionFailure("they need more than a number")
        }
    }
}
