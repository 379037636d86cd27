/// The largest count or number that a peer may name: beyond it sums in the core could overflow,
/// and no count of trials comes near.
private let countMaximum: UInt64 = 1 << 53

/// Counts and numbers of the wire as the core's integers, which hold no negative ones.
func integer(_ value: UInt64, _ name: String) throws(WireError) -> Int {
    guard value <= countMaximum else { throw .field(name) }
    return Int(value)
}

/// Whole values of parameters, of any sign and size.
func integer(_ value: Int64, _ name: String) throws(WireError) -> Int {
    guard let integer = Int(exactly: value) else { throw .field(name) }
    return integer
}

/// Epochs and seconds: amounts that loops and timers run on.
func amount(_ value: Double, _ name: String) throws(WireError) -> Double {
    guard value.isFinite, value >= 0 else { throw .field(name) }
    return value
}

/// `map` that throws what the wire throws.
func converted<Element, Result>(
    _ elements: [Element], _ convert: (Element) throws(WireError) -> Result
) throws(WireError) -> [Result] {
    var results: [Result] = []
    results.reserveCapacity(elements.count)
    for element in elements { results.append(try convert(element)) }
    return results
}
