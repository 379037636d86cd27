/// Counts and numbers of the wire as the core's integers, which hold no negative ones.
func integer(_ value: UInt64, _ name: String) throws(WireError) -> Int {
    guard let integer = Int(exactly: value) else { throw .field(name) }
    return integer
}

func integer(_ value: Int64, _ name: String) throws(WireError) -> Int {
    guard let integer = Int(exactly: value) else { throw .field(name) }
    return integer
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
