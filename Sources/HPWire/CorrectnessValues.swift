import Foundation
package import HPSearch

/// Which validation rows a trial got right.
extension Hpcoord_V1_Correctness {
    init(_ correctness: RowCorrectness, _ crossed: CrossedCorrectness?) {
        count = UInt64(correctness.count)
        right = .init(correctness.bytes)
        guard let crossed else { return }
        self.crossed.right = .init(crossed.rows.bytes)
        self.crossed.rightOutside = crossed.rightOutside.map(UInt64.init)
    }

    /// - Throws: `WireError` when the bits are not those of so many rows.
    func correctness() throws(WireError) -> RowCorrectness {
        try rows(Array(right))
    }

    /// - Throws: `WireError` when the bits or the counts are not those of so many rows.
    func crossedCorrectness() throws(WireError) -> CrossedCorrectness? {
        guard hasCrossed else { return nil }
        let outside = try converted(crossed.rightOutside) { count throws(WireError) in
            try integer(count, "rows outside of a fold")
        }
        guard
            let crossed = CrossedCorrectness(
                rows: try rows(Array(crossed.right)), rightOutside: outside)
        else { throw .field("rows outside of folds") }
        return crossed
    }

    private func rows(_ bits: [UInt8]) throws(WireError) -> RowCorrectness {
        guard count <= UInt64(RowCorrectness.countMaximum),
            let rows = RowCorrectness(count: Int(count), bytes: bits)
        else { throw .field("validation rows") }
        return rows
    }
}

/// Writes and reads what the journal's side table keeps of a trial's validation rows.
package enum CorrectnessCodec {
    /// - Precondition: counts are not negative.
    package static func encode(
        _ correctness: RowCorrectness, crossed: CrossedCorrectness?
    ) -> [UInt8] {
        WireCodec.bytes(of: Hpcoord_V1_Correctness(correctness, crossed))
    }

    /// - Throws: `WireError` when the bytes are no such rows.
    package static func decode(
        _ bytes: [UInt8]
    ) throws(WireError) -> (correctness: RowCorrectness, crossed: CrossedCorrectness?) {
        let wire = try WireCodec.parse(Hpcoord_V1_Correctness.self, bytes)
        return (try wire.correctness(), try wire.crossedCorrectness())
    }
}
