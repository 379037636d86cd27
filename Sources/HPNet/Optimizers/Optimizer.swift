/// How the parameters w follow the gradient g of the loss, regularization included.
///
/// Shapes: w, g and what is remembered of each parameter (v, s, m) are alike; every number is
/// updated by itself, and what is remembered begins at 0. The rate is that of the epoch, see
/// ``LearningRateSchedule``.
///
/// Sources: CS231n notes, "Neural Networks 3", parameter updates; and the papers named below.
/// ``ReferenceOptimizer`` has them as code.
///
/// Watch: the size of the update beside the weights, which should be around 1e-3 (`update-high`,
/// `update-low`). The same rate means other lengths of steps: where gradients agree, momentum's are
/// 1/(1 − μ) times those of gradient descent, RMSProp's and Adam's are about the rate itself.
public enum Optimizer: String, Sendable, CaseIterable {
    /// Stochastic gradient descent: downhill, as far as the slope is steep (Robbins and Monro
    /// 1951).
    ///
    ///     w −= rate·g
    ///
    /// In a bowl of curvature c it diverges where the rate is above 2/c.
    case sgd
    /// A ball that rolls: the velocity v gathers what gradients agree on and forgets what they
    /// don't (Polyak 1964). μ is usually 0.5, 0.9, 0.95 or 0.99.
    ///
    ///     v = μ·v − rate·g        w += v
    ///
    /// Of gradients that stay the same v becomes rate·g/(1 − μ): another μ is another speed.
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
    ///
    /// The first step is rate/√(1 − d) long whatever g is, with d = 0.99 ten times the rate.
    case rmsprop
    /// RMSProp with momentum, corrected for both averages' beginning at 0 (Kingma and Ba 2015).
    /// After t steps:
    ///
    ///     m = β₁·m + (1 − β₁)·g        s = β₂·s + (1 − β₂)·g²
    ///     w −= rate·(m/(1 − β₁ᵗ))/(√(s/(1 − β₂ᵗ)) + ε)
    ///
    /// Of gradients that stay the same m/(1 − β₁ᵗ) is g at every t: each step is as long as the
    /// rate, the first one too.
    case adam
}
