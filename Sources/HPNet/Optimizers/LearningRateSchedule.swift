/// How the learning rate falls from epoch to epoch. One factor f, the learning-rate decay, says how
/// far: after the first decay the rate is f times the first, and 1 keeps it.
public enum LearningRateSchedule: Sendable, Hashable {
    /// rate·fᵉ in epoch e, from 0
    case exponential
    /// f times the rate after every so many epochs: rate·f^⌊e/epochs⌋
    case step(epochs: Int)
    /// 1/t decay: rate/(1 + (1/f − 1)·e)
    case inverse
}
