import HPMath

/// The loss of a classifier: the softmax turns scores into probabilities, the cross-entropy asks
/// how surprised they are by the right class.
///
///     pₙ_c = e^(sₙ_c)/Σⱼ e^(sₙⱼ)        L = 1/N·Σₙ −ln pₙ_(label n)
///     ∂L/∂sₙ_c = (pₙ_c − [c is the label])/N
///
/// Shapes: s, p (N, C), labels (N). Source: CS231n notes, "Linear Classification", softmax
/// classifier. The largest score is subtracted first: it changes nothing but that no exponential
/// overflows.
///
/// Watch: before training, with small weights, all classes are alike and L is −ln(1/C), 2.302 for
/// ten classes. Another number is a sign that something is wrong.
public struct SoftmaxCrossEntropy: Sendable, Hashable {
    /// The class of each example, shape (N).
    public var labels: [Int]

    /// Takes labels in.
    public init(labels: [Int]) {
        self.labels = labels
    }

    /// L in nats, and p, shape (N, C), of scores of that shape.
    public func forward(_ scores: Matrix) -> (loss: Double, probabilities: Matrix) {
        var probabilities = scores
        var loss = 0.0
        for n in 0..<scores.rows {
            let row = (0..<scores.columns).map { scores[n, $0] }
            let largest = row.max() ?? 0
            let exponentials = row.map { HPMath.exp($0 - largest) }
            let sum = exponentials.reduce(0, +)
            for c in 0..<scores.columns { probabilities[n, c] = exponentials[c] / sum }
            loss += HPMath.log(sum) - (row[labels[n]] - largest)
        }
        return (loss / Double(scores.rows), probabilities)
    }

    /// ∂L/∂s, from the p of `forward`, both of shape (N, C).
    public func backward(_ probabilities: Matrix) -> Matrix {
        var dScores = probabilities
        for n in 0..<dScores.rows { dScores[n, labels[n]] -= 1 }
        return dScores.map { $0 / Double(probabilities.rows) }
    }
}
