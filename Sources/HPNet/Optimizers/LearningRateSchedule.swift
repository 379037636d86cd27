/// How the learning rate falls from epoch to epoch. One factor f, the learning-rate decay, says how
/// far: after the first decay the rate is f times the first, and 1 keeps it.
///
/// e counts epochs from 0; the rate changes between epochs. A high rate travels far and shivers
/// about the minimum by the noise of minibatches; a low one settles. Source: CS231n notes, "Neural
/// Networks 3", annealing the learning rate; its advice is to err on the slow side.
///
/// Watch: a loss that stands still while weights move by more than 1e-3 (`plateau`) asks for more
/// decay; one that is still high while they hardly move (`update-low`) had too much.
public enum LearningRateSchedule: Sendable, Hashable {
    /// By the same factor after each epoch.
    ///
    ///     rateₑ = rate·fᵉ
    ///
    /// All rates add up to less than rate/(1 − f): what is farther away is never reached.
    case exponential
    /// By the factor after every so many epochs, at least 1.
    ///
    ///     rateₑ = rate·f^⌊e/epochs⌋
    ///
    /// The lecture prefers it: its numbers mean something, half every five epochs for one.
    case step(epochs: Int)
    /// 1/t decay: fast at first, then ever more slowly.
    ///
    ///     rateₑ = rate/(1 + (1/f − 1)·e)
    ///
    /// The rates add up to infinity and their squares don't: what Robbins and Monro 1951, "A
    /// Stochastic Approximation Method", ask of noisy descent that is to arrive.
    case inverse
}
