/// How the weights follow the gradient g of the loss, regularization included.
public enum Optimizer: String, Sendable, CaseIterable {
    /// w −= rate·g
    case sgd
    /// v = μ·v − rate·g, w += v
    case momentum
    /// Nesterov's accelerated gradient, as the lecture rewrites it for weights that look ahead:
    /// u = v, v = μ·v − rate·g, w += (1 + μ)·v − μ·u
    case nesterov
    /// s = d·s + (1 − d)·g², w −= rate·g/(√s + ε) (Tieleman and Hinton 2012)
    case rmsprop
    /// m = β₁·m + (1 − β₁)·g, s = β₂·s + (1 − β₂)·g², and after t steps
    /// w −= rate·m/(1 − β₁ᵗ)/(√(s/(1 − β₂ᵗ)) + ε) (Kingma and Ba 2015)
    case adam
}
