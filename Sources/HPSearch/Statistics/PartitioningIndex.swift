extension Array {
    /// The index of the first element from which on a condition holds; the count where it never
    /// does.
    ///
    /// - Precondition: once it holds, it holds for all that follow.
    /// - Complexity: O(log n)
    func partitioningIndex(where belongsToSecond: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if belongsToSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
