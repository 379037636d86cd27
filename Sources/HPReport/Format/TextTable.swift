/// A table in columns two spaces apart; a column without content is left out.
struct TextTable {
    enum Alignment {
        case left
        case right
    }

    struct Column {
        var title: String
        var alignment: Alignment
        var cells: [String]

        init(_ title: String, _ alignment: Alignment, _ cells: [String]) {
            self.title = title
            self.alignment = alignment
            self.cells = cells.map(TextLayout.printable)
        }

        var isEmpty: Bool { cells.allSatisfy(\.isEmpty) }
        var width: Int { max(title.count, cells.lazy.map(\.count).max() ?? 0) }
    }

    var columns: [Column]

    /// The title line and one line per row, without trailing spaces.
    ///
    /// - Precondition: every column has the same number of cells.
    func lines() -> [String] {
        let shown = columns.filter { !$0.isEmpty }
        guard let rowCount = shown.first?.cells.count else { return [] }
        precondition(shown.allSatisfy { $0.cells.count == rowCount }, "columns differ in length")
        let widths = shown.map(\.width)
        let titles = zip(shown, widths).map { column, width in
            TextLayout.pad(column.title, to: width, column.alignment)
        }
        let rows = (0..<rowCount).map { row in
            zip(shown, widths).map { column, width in
                TextLayout.pad(column.cells[row], to: width, column.alignment)
            }
        }
        return ([titles] + rows).map { TextLayout.trimmingEnd($0.joined(separator: "  ")) }
    }
}
