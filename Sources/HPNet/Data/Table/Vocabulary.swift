/// The words of a column, numbered as they occur and, at the end, in their order.
struct Vocabulary {
    /// In the order of their first rows.
    private(set) var words: [String] = []
    private var positions: [[UInt8]: Int32] = [:]
    /// By text, for which the encoding of an accent makes no difference.
    private var texts: [String: Int32] = [:]

    /// The number of a cell that was seen before.
    func position(of cell: [UInt8]) -> Int32? { positions[cell] }

    /// Numbers a new cell.
    ///
    /// - Returns: nil when it is not UTF-8.
    mutating func add(_ cell: [UInt8]) -> Int32? {
        guard let text = String(validating: cell, as: UTF8.self) else { return nil }
        let known = texts[text]
        let position = known ?? Int32(words.count)
        // The scanner's cell has room for the longest so far: a copy of its own has none.
        positions[cell.map(\.self)] = position
        if known == nil {
            texts[text] = position
            words.append(text)
        }
        return position
    }

    /// Numbers words by value when all are numbers, equal numbers as one; else by UTF-8 bytes.
    ///
    /// - Parameter used: positions that are to have a number; words of others are left out.
    func ranked(_ format: TableFormat, used: [Bool]) -> Ranking {
        let positions = words.indices.filter { used[$0] }
        let kept = positions.map { words[$0] }
        let values = Self.numbers(kept, format)
        let order =
            values.map { denseRanks($0, by: <) }
            ?? denseRanks(kept) { left, right in
                left.utf8.lexicographicallyPrecedes(right.utf8)
            }
        let count = (order.max() ?? -1) + 1
        var ranking = Ranking(
            ranks: .init(repeating: 0, count: words.count),
            names: .init(repeating: "", count: count),
            values: values.map { _ in .init(repeating: 0, count: count) })
        for (index, position) in positions.enumerated().reversed() {
            ranking.ranks[position] = Int32(order[index])
            ranking.names[order[index]] = words[position]
            if let values { ranking.values?[order[index]] = values[index] }
        }
        return ranking
    }

    struct Ranking {
        /// The number of each position.
        var ranks: [Int32]
        /// In the order of their numbers, each as its first row has it.
        var names: [String]
        /// The names as numbers; nil where one is none.
        var values: [Double]?
    }

    private static func numbers(_ words: [String], _ format: TableFormat) -> [Double]? {
        var values: [Double] = []
        for word in words {
            let comma =
                format.allowsDecimalComma
                ? TableFormat.numberWithComma(Array(word.utf8))?.double : nil
            guard let value = Double(word) ?? comma, value.isFinite else { return nil }
            values.append(value)
        }
        return values
    }
}

/// The position of each element among the distinct ones in ascending order.
private func denseRanks<Element>(
    _ elements: [Element], by precedes: (Element, Element) -> Bool
) -> [Int] {
    let order = elements.indices.sorted { precedes(elements[$0], elements[$1]) }
    var ranks = [Int](repeating: 0, count: elements.count)
    for (before, after) in zip(order, order.dropFirst()) {
        ranks[after] = ranks[before] + (precedes(elements[before], elements[after]) ? 1 : 0)
    }
    return ranks
}
