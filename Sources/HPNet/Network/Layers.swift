import CKernels

// Dimension letters: N examples of a minibatch, I inputs and O outputs of a layer, C classes.
// Every pair of functions is a layer: forward, then the gradient of the same map.

/// y = x·W + b
///
/// - Parameters:
///   - x: shape (N, I)
///   - weights: shape (I, O)
///   - biases: shape (O)
///   - y: shape (N, O)
func affineForward(
    examples n: Int, inputs: Int, outputs: Int, x: UnsafePointer<Float>,
    weights: UnsafePointer<Float>, biases: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
) {
    hpk_product_nn(n, outputs, inputs, x, inputs, weights, outputs, y, outputs, false, scratch)
    hpk_add_bias(n, outputs, biases, y)
}

/// ∂L/∂W = xᵀ·∂L/∂y and ∂L/∂b = Σₙ ∂L/∂y; with `dx`, also ∂L/∂x = ∂L/∂y·Wᵀ.
///
/// - Parameters:
///   - dy: ∂L/∂y, shape (N, O)
///   - dWeights: shape (I, O)
///   - dBiases: shape (O)
///   - dx: shape (N, I); nil where nothing lies below.
func affineBackward(
    examples n: Int, inputs: Int, outputs: Int, x: UnsafePointer<Float>,
    weights: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dWeights: UnsafeMutablePointer<Float>, dBiases: UnsafeMutablePointer<Float>,
    dx: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
) {
    hpk_product_tn(
        inputs, outputs, n, x, inputs, dy, outputs, dWeights, outputs, false, scratch)
    hpk_sum_rows(n, outputs, dy, dBiases)
    if let dx {
        hpk_product_nt(
            n, inputs, outputs, dy, outputs, weights, outputs, dx, inputs, false, scratch)
    }
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
