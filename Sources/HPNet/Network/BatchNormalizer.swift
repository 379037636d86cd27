import CKernels

/// Batch normalization of one layer of all members: every column by itself, so that members don't
/// meet. See `BatchNormalization` for what it computes.
final class BatchNormalizer {
    static let epsilon = 1e-5
    /// What is kept of the running statistics at each minibatch.
    static let runningShare: Float = 0.9

    /// Columns of all members.
    private let columns: Int
    /// Shape (N, columns) in the layer's order: the normalized inputs of the last forward pass.
    let normalized: UnsafeMutableBufferPointer<Float>
    let runningMean: UnsafeMutableBufferPointer<Float>
    let runningVariance: UnsafeMutableBufferPointer<Float>
    private let mean: UnsafeMutableBufferPointer<Float>
    private let scale: UnsafeMutableBufferPointer<Float>
    private let batchMean: UnsafeMutableBufferPointer<Double>
    private let batchVariance: UnsafeMutableBufferPointer<Double>

    init(columns: Int, batchMaximum: Int) {
        self.columns = columns
        normalized = .zeros(columns * batchMaximum)
        runningMean = .zeros(columns)
        runningVariance = .zeros(columns)
        runningVariance.update(repeating: 1)
        mean = .zeros(columns)
        scale = .zeros(columns)
        batchMean = .allocate(capacity: columns)
        batchMean.initialize(repeating: 0)
        batchVariance = .allocate(capacity: columns)
        batchVariance.initialize(repeating: 0)
    }

    deinit {
        for buffer in [normalized, runningMean, runningVariance, mean, scale] {
            buffer.deallocate()
        }
        batchMean.deallocate()
        batchVariance.deallocate()
    }

    /// Some neighbouring columns and their numbers in `normalized`, rows `columns.count` apart.
    struct Part {
        var columns: Range<Int>
        /// Offset in `normalized`.
        var start: Int
        var examples: Int
    }

    /// Normalizes a part over the minibatch, and lets its running statistics follow.
    ///
    /// - Parameter followed: minibatches before this one: the first is where running statistics
    ///   begin; nil to leave them as they are.
    func forwardOverMinibatch(_ part: Part, followed: Int?) {
        guard let x = normalized.baseAddress, let mean = batchMean.baseAddress,
            let variance = batchVariance.baseAddress
        else { return }
        let first = part.columns.lowerBound
        hpk_column_moments(
            part.examples, part.columns.count, x + part.start, mean + first, variance + first)
        for column in part.columns {
            let (newMean, newVariance) = (Float(mean[column]), Float(variance[column]))
            if let followed {
                let kept = followed == 0 ? 0 : Self.runningShare
                runningMean[column] = kept * runningMean[column] + (1 - kept) * newMean
                runningVariance[column] =
                    kept * runningVariance[column] + (1 - kept) * newVariance
            }
            self.mean[column] = newMean
            scale[column] = Float(1 / (variance[column] + Self.epsilon).squareRoot())
        }
        normalize(part)
    }

    /// Normalizes a part by the running statistics.
    func forwardByRunningStatistics(_ part: Part) {
        for column in part.columns {
            mean[column] = runningMean[column]
            scale[column] = Float(
                1 / (Double(runningVariance[column]) + Self.epsilon).squareRoot())
        }
        normalize(part)
    }

    private func normalize(_ part: Part) {
        guard let x = normalized.baseAddress, let mean = mean.baseAddress,
            let scale = scale.baseAddress
        else { return }
        let first = part.columns.lowerBound
        hpk_normalize(
            part.examples, part.columns.count, mean + first, scale + first, x + part.start)
    }

    /// The gradient of `forwardOverMinibatch` and of γ·x̂ + β after it.
    ///
    /// - Parameters:
    ///   - gamma: of the part's columns.
    ///   - dy: ∂L/∂(γ·x̂ + β), shape (N, columns), becomes ∂L/∂x.
    ///   - dGamma, dBeta: become the gradients of γ and β, shape (columns).
    func backward(
        _ part: Part, gamma: UnsafePointer<Float>, dy: UnsafeMutablePointer<Float>,
        dGamma: UnsafeMutablePointer<Float>, dBeta: UnsafeMutablePointer<Float>
    ) {
        guard let x = normalized.baseAddress, let scale = scale.baseAddress else { return }
        let (first, count) = (part.columns.lowerBound, part.columns.count)
        hpk_sum_row_products(part.examples, count, dy, x + part.start, dGamma)
        hpk_sum_rows(part.examples, count, dy, dBeta)
        for column in 0..<count { scale[first + column] *= gamma[column] }
        hpk_normalize_backward(
            part.examples, count, x + part.start, scale + first, dGamma, dBeta, dy)
    }
}
