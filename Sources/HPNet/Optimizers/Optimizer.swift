/// How the parameters w follow the gradient g of the loss, regularization included.
///
/// Sources: CS231n notes, "Neural Networks 3", parameter updates; and the papers named below.
/// `ReferenceOptimizer` has them as code.
public enum Optimizer: String, Sendable, CaseIterable {
    /// Stochastic gradient descent: downhill, as far as the slope is steep.
    ///
    ///     w −= rate·g
    case sgd
    /// A ball that rolls: the velocity v gathers what gradients agree on and forgets what they
    /// don't. μ is usually 0.5, 0.9, 0.95 or 0.99.
    ///
    ///     v = μ·v − rate·g        w += v
    case momentum
    /// Nesterov's accelerated gradient: the gradient is taken where the velocity leads, and w is
    /// that place, so that nothing but the update differs from momentum (Sutskever, Martens, Dahl
    /// and Hinton 2013; in the form of the lecture).
    ///
    ///     u = v        v = μ·v − rate·g        w += (1 + μ)·v − μ·u
    case nesterov
    /// Each parameter's step is divided by the size of its recent gradients (Tieleman and Hinton
    /// 2012). d is usually 0.9, 0.99 or 0.999.
    ///
    ///     s = d·s + (1 − d)·g²        w −= rate·g/(√s + ε)
    case rmsprop
    /// RMSProp with momentum, corrected for both averages' beginning at 0 (Kingma and Ba 2015).
    /// After t steps:
    ///
    ///     m = β₁·m + (1 − β₁)·g        s = β₂·s + (1 − β₂)·g²
    ///     w −= rate·(m/(1 − β₁ᵗ))/(√(s/(1 − β₂ᵗ)) + ε)
    case adam
}
