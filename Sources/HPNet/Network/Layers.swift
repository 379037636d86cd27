import CKernels

// Dimension letters: N examples of a minibatch, I inputs and O outputs of a layer, C classes.
// Every pair of functions is a layer: forward, then the gradient of the same map.

/// A row-major matrix whose rows are `rowStride` floats apart.
struct MatrixView {
    var start: UnsafeMutablePointer<Float>
    var rowStride: Int
}

/// y = x·W + b
///
/// - Parameters:
///   - x: shape (N, I)
///   - weights: shape (I, O), in panels (see `hpk_panel_columns`).
///   - biases: shape (O)
///   - y: shape (N, O), rows O apart.
func affineForward(
    examples n: Int, inputs: Int, outputs: Int, x: MatrixView,
    weights: UnsafePointer<Float>, biases: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
) {
    hpk_product(
        n, outputs, inputs, x.start, x.rowStride, weights, y, outputs, scratch)
    hpk_add_bias(n, outputs, biases, y)
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

/// ∂L/∂b = Σₙ ∂L/∂y
///
/// - Parameters:
///   - dy: ∂L/∂y, shape (N, O), rows O apart.
///   - dBiases: shape (O)
func affineBackwardToBiases(
    examples n: Int, outputs: Int, dy: UnsafePointer<Float>, dBiases: UnsafeMutablePointer<Float>
) {
    hpk_sum_rows(n, outputs, dy, dBiases)
}

extension Activation {
    /// y = f(y), in place.
    func forward(_ y: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .relu: hpk_relu_forward(count, y, y)
        case .tanh: hpk_tanh_forward(count, y, y)
        }
    }

    /// dy = dy·f'(x), from the output y = f(x) alone: ReLU's slope is 1 where y > 0, tanh's is
    /// 1 − y².
    func backward(
        y: UnsafePointer<Float>, dy: UnsafeMutablePointer<Float>, count: Int
    ) {
        switch self {
        case .relu: hpk_relu_backward(count, y, dy)
        case .tanh: hpk_tanh_backward(count, y, dy)
        }
    }
}
