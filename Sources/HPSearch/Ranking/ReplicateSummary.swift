/// The values of one configuration's replicates, added up one by one.
package struct ReplicateSummary: Sendable, Hashable {
    package private(set) var count = 0
    private var sum = 0.0
    /// Sum of the squared deviations from the mean so far: Welford's recurrence, in which equal
    /// values have a spread of exactly 0.
    private var deviations = 0.0

    package init() {}

    package mutating func add(_ value: Double) {
        let previous = count == 0 ? value : mean
        count += 1
        sum += value
        deviations += (value - previous) * (value - mean)
    }

    /// Not a number without a value.
    package var mean: Double { sum / Double(count) }

    /// The variance of the values, from their spread; nil for a single one.
    package var variance: Double? {
        count > 1 ? max(0, deviations) / Double(count - 1) : nil
    }
}
