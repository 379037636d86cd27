/// Returns the number of insertions, deletions and substitutions that lead from one word to
/// another (Levenshtein 1966).
package func editDistance(_ source: [Character], _ target: [Character]) -> Int {
    var row = Array(0...target.count)
    for (i, from) in source.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, to) in target.enumerated() {
            let substituted = diagonal + (from == to ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[target.count]
}
