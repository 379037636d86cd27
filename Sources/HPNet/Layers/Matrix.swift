/// Numbers in rows and columns, in double precision: what the definitions of the layers compute
/// with. Training uses single precision and kernels; see ``BundleTrainer``.
public struct Matrix: Sendable, Hashable {
    /// Examples, where it holds a minibatch.
    public let rows: Int
    /// Features or units.
    public let columns: Int
    /// Row by row, shape (rows, columns).
    public var numbers: [Double]

    /// - Precondition: there are rows·columns numbers.
    public init(rows: Int, columns: Int, _ numbers: [Double]) {
        precondition(numbers.count == rows * columns, "a matrix has rows times columns numbers")
        self.rows = rows
        self.columns = columns
        self.numbers = numbers
    }

    /// Zeros.
    public init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, [Double](repeating: 0, count: rows * columns))
    }

    /// The number in a row and a column, both from 0.
    public subscript(row: Int, column: Int) -> Double {
        get { numbers[row * columns + column] }
        set { numbers[row * columns + column] = newValue }
    }

    /// Each number by itself.
    func map(_ transform: (Double) -> Double) -> Matrix {
        Matrix(rows: rows, columns: columns, numbers.map(transform))
    }

    /// Each pair of numbers by itself.
    func combined(with other: Matrix, _ transform: (Double, Double) -> Double) -> Matrix {
        Matrix(rows: rows, columns: columns, zip(numbers, other.numbers).map(transform))
    }

    /// Σ over the rows, shape (columns).
    var columnSums: [Double] {
        var sums = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            for column in 0..<columns { sums[column] += self[row, column] }
        }
        return sums
    }
}
