import CKernels
import HPMath

/// The leading eigenvalues and eigenvectors of a symmetric matrix without negative eigenvalues,
/// with the same bits everywhere.
///
/// Small matrices, and those of which most is asked for, are turned diagonal by Jacobi's rotations
/// (Golub and Van Loan, "Matrix Computations", section 8.5). Of large ones a subspace is found by
/// Chebyshev-filtered iteration (Zhou, Saad, Tiago and Chelikowsky 2006): a polynomial of the
/// matrix that is small on the unwanted part of its spectrum and grows fast above it.
struct SymmetricEigenvectors {
    /// Descending.
    private(set) var values: [Double] = []
    /// One after the other, each of the matrix' width and of length 1, the largest entry positive,
    /// the first of equals.
    private(set) var vectors: [[Double]] = []

    private static let jacobiMaximum = 320
    private static let extraVectors = 32
    private static let degreeMaximum = 12
    private static let iterationMaximum = 100
    /// Of a residual ‖A·v − λ·v‖, as a share of the largest eigenvalue.
    private static let tolerance = 1e-11

    /// - Parameter count: of the leading ones.
    /// - Precondition: the matrix has count rows at least.
    init(of matrix: [Double], width: Int, count: Int) {
        precondition(count >= 1 && count <= width, "a matrix has as many eigenvectors as rows")
        if width <= Self.jacobiMaximum || count + Self.extraVectors >= width {
            (values, vectors) = Self.jacobi(matrix, width)
        } else {
            (values, vectors) = Self.filtered(matrix, width, count)
        }
        values = Array(values.prefix(count))
        vectors = vectors.prefix(count).map(Self.oriented)
    }

    private static func oriented(_ vector: [Double]) -> [Double] {
        let largest = vector.max { $0.magnitude < $1.magnitude } ?? 0
        let first = vector.first { $0.magnitude == largest.magnitude } ?? 0
        return first < 0 ? vector.map { -$0 } : vector
    }

    // MARK: - Rotations

    /// All eigenvalues, descending, and their vectors.
    private static func jacobi(
        _ matrix: [Double], _ width: Int
    ) -> (values: [Double], vectors: [[Double]]) {
        var a = matrix
        /// Rows are vectors.
        var v = [Double](repeating: 0, count: width * width)
        for i in 0..<width { v[i * width + i] = 1 }
        for _ in 0..<60 where !isDiagonal(a, width) {
            for p in 0..<width {
                for q in p + 1..<max(p + 1, width) { rotate(&a, &v, width, p, q) }
            }
        }
        let order = (0..<width).sorted { left, right in
            let (x, y) = (a[left * width + left], a[right * width + right])
            return x != y ? x > y : left < right
        }
        return (
            order.map { a[$0 * width + $0] },
            order.map { Array(v[$0 * width..<($0 + 1) * width]) }
        )
    }

    private static func isDiagonal(_ a: [Double], _ width: Int) -> Bool {
        var (off, diagonal) = (0.0, 0.0)
        for i in 0..<width {
            diagonal += a[i * width + i] * a[i * width + i]
            for j in 0..<i { off += a[i * width + j] * a[i * width + j] }
        }
        return off <= 1e-30 * diagonal
    }

    /// Makes a[p][q] zero.
    private static func rotate(
        _ a: inout [Double], _ v: inout [Double], _ width: Int, _ p: Int, _ q: Int
    ) {
        let apq = a[p * width + q]
        guard apq != 0 else { return }
        let theta = (a[q * width + q] - a[p * width + p]) / (2 * apq)
        let t = (theta < 0 ? -1 : 1) / (theta.magnitude + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        a.withUnsafeMutableBufferPointer { a in
            for k in 0..<width {
                let (x, y) = (a[k * width + p], a[k * width + q])
                a[k * width + p] = c * x - s * y
                a[k * width + q] = s * x + c * y
            }
            turnRows(a, width, p, q, c, s)
        }
        v.withUnsafeMutableBufferPointer { turnRows($0, width, p, q, c, s) }
    }

    private static func turnRows(
        _ a: UnsafeMutableBufferPointer<Double>, _ width: Int, _ p: Int, _ q: Int, _ c: Double,
        _ s: Double
    ) {
        for k in 0..<width {
            let (x, y) = (a[p * width + k], a[q * width + k])
            a[p * width + k] = c * x - s * y
            a[q * width + k] = s * x + c * y
        }
    }

    // MARK: - Filtered subspace

    /// Leading vectors are set aside as they converge, and taken out of the matrix: what is left
    /// has a narrower spectrum, which a polynomial of higher degree may filter.
    private static func filtered(
        _ matrix: [Double], _ width: Int, _ count: Int
    ) -> (values: [Double], vectors: [[Double]]) {
        var stream = RandomStream(seed: 231, purpose: .initialization, a: UInt32(width))
        var active = (0..<count + extraVectors).map { _ in
            (0..<width).map { _ in stream.nextNormal() }
        }
        var found: (values: [Double], vectors: [[Double]]) = ([], [])
        var rest = matrix
        var largest = 0.0
        for _ in 0..<iterationMaximum {
            orthonormalize(&active, against: found.vectors)
            let image = product(rest, active, width)
            let (values, vectors, images) = ritz(active, image, width)
            largest = max(largest, values[0])
            let converged = values.indices.prefix { index in
                let residual = zip(images[index], vectors[index]).reduce(0) { sum, pair in
                    let difference = pair.0 - values[index] * pair.1
                    return sum + difference * difference
                }
                return residual.squareRoot() <= tolerance * largest
            }.count
            for index in 0..<converged { deflate(&rest, values[index], vectors[index]) }
            found.values += values.prefix(converged)
            found.vectors += vectors.prefix(converged)
            let missing = count - found.values.count
            if missing <= 0 { return found }
            active = filter(
                rest, Array(vectors.dropFirst(converged)), width,
                values: Array(values.dropFirst(converged)), wanted: missing)
        }
        preconditionFailure("a symmetric matrix has eigenvectors, and a filter finds them")
    }

    /// Takes an eigenvector out: its value becomes 0.
    private static func deflate(_ matrix: inout [Double], _ value: Double, _ vector: [Double]) {
        let width = vector.count
        matrix.withUnsafeMutableBufferPointer { matrix in
            vector.withUnsafeBufferPointer { vector in
                for row in 0..<width {
                    let factor = value * vector[row]
                    for column in 0..<width {
                        matrix[row * width + column] -= factor * vector[column]
                    }
                }
            }
        }
    }

    /// Tₘ of the matrix, mapped so that what lies below the values of the subspace is between −1
    /// and 1.
    ///
    /// - Parameters:
    ///   - values: of the subspace, descending.
    ///   - wanted: how many of them are.
    private static func filter(
        _ matrix: [Double], _ subspace: [[Double]], _ width: Int, values: [Double], wanted: Int
    ) -> [[Double]] {
        let half = max(values[values.count - 1] / 2, values[0] * 1e-12)
        func mapped(_ vectors: [[Double]]) -> [[Double]] {
            zip(product(matrix, vectors, width), vectors).map { image, vector in
                zip(image, vector).map { ($0 - half * $1) / half }
            }
        }
        let degree = degree(
            first: values[0] / half - 1, last: values[min(wanted, values.count) - 1] / half - 1)
        var (before, now) = (subspace, mapped(subspace))
        for _ in 1..<max(1, degree) {
            let next = zip(mapped(now), before).map { image, old in
                zip(image, old).map { 2 * $0 - $1 }
            }
            (before, now) = (now, next)
        }
        return now
    }

    /// The degree at which the polynomial is a million times larger at the first of the wanted
    /// values than at the last: beyond, rounding would drown the last.
    private static func degree(first: Double, last: Double) -> Int {
        var (firsts, lasts) = ((1.0, first), (1.0, last))
        for degree in 1..<degreeMaximum {
            firsts = (firsts.1, 2 * first * firsts.1 - firsts.0)
            lasts = (lasts.1, 2 * last * lasts.1 - lasts.0)
            if firsts.1 > 1e6 * max(1, lasts.1) { return degree }
        }
        return degreeMaximum
    }

    /// The best approximations within an orthonormal subspace (Rayleigh and Ritz), and their
    /// images.
    private static func ritz(
        _ subspace: [[Double]], _ image: [[Double]], _ width: Int
    ) -> (values: [Double], vectors: [[Double]], images: [[Double]]) {
        let columns = subspace.count
        var projected = [Double](repeating: 0, count: columns * columns)
        for i in 0..<columns {
            for j in i..<columns {
                let entry = dot(subspace[i], image[j])
                projected[i * columns + j] = entry
                projected[j * columns + i] = entry
            }
        }
        let (values, turns) = jacobi(projected, columns)
        let flatTurns = turns.flatMap(\.self)
        func turned(_ vectors: [[Double]]) -> [[Double]] {
            var flat = [Double](repeating: 0, count: columns * width)
            hpk_product_f64(
                columns, width, columns, flatTurns, vectors.flatMap(\.self), &flat)
            return (0..<columns).map { Array(flat[$0 * width..<($0 + 1) * width]) }
        }
        return (values, turned(subspace), turned(image))
    }

    /// A·v of each vector, A symmetric.
    private static func product(
        _ matrix: [Double], _ vectors: [[Double]], _ width: Int
    ) -> [[Double]] {
        let columns = vectors.count
        var flat = [Double](repeating: 0, count: width * columns)
        var result = flat
        for (column, vector) in vectors.enumerated() {
            for row in 0..<width { flat[row * columns + column] = vector[row] }
        }
        hpk_product_f64(width, columns, width, matrix, flat, &result)
        return (0..<columns).map { column in
            (0..<width).map { result[$0 * columns + column] }
        }
    }

    /// Gram and Schmidt, modified, and once more for what rounding left.
    private static func orthonormalize(_ vectors: inout [[Double]], against found: [[Double]]) {
        for _ in 0..<2 {
            for i in vectors.indices {
                var vector = vectors[i]
                for other in found { subtract(other, from: &vector) }
                for j in 0..<i { subtract(vectors[j], from: &vector) }
                let length = dot(vector, vector).squareRoot()
                if length > 0 {
                    for k in vector.indices { vector[k] /= length }
                }
                vectors[i] = vector
            }
        }
    }

    private static func subtract(_ other: [Double], from vector: inout [Double]) {
        let overlap = dot(other, vector)
        vector.withUnsafeMutableBufferPointer { vector in
            other.withUnsafeBufferPointer { other in
                for k in 0..<vector.count { vector[k] -= overlap * other[k] }
            }
        }
    }

    /// Eight chains, added in order.
    private static func dot(_ left: [Double], _ right: [Double]) -> Double {
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                var chains = SIMD8<Double>()
                let whole = left.count / 8 * 8
                for start in stride(from: 0, to: whole, by: 8) {
                    for lane in 0..<8 {
                        chains[lane] += left[start + lane] * right[start + lane]
                    }
                }
                for index in whole..<left.count {
                    chains[index - whole] += left[index] * right[index]
                }
                return (0..<8).reduce(0) { $0 + chains[$1] }
            }
        }
    }
}
