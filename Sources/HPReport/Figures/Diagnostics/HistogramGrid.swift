import HPSearch

/// Histograms beside each other, each in a cell with a name above it.
struct HistogramGrid {
    struct Cell {
        var name: String
        /// Nil for an empty cell: what is no number has no histogram.
        var histogram: Histogram?
        var limits: Axis.Limits
    }

    var title: String
    /// What the axes cover: beside the title, or below it where that is too narrow.
    var note: String
    var cells: [Cell]
    var classes: String

    func drawing(in layout: FigureLayout) -> Drawing {
        let gap = layout.fontSize * 0.8
        let nameWidth = cells.map { layout.width(of: $0.name) }.max() ?? 1
        let maximum = max(1, Int((layout.width + gap) / (nameWidth + gap)))
        let rowCount = max(1, (cells.count + maximum - 1) / maximum)
        let columnCount = max(1, (cells.count + rowCount - 1) / rowCount)
        // A few cells keep the width of many, so that they compare from figure to figure.
        let width = min(
            (layout.width + gap) / Double(columnCount) - gap, max(nameWidth, layout.width / 3.4))
        let height = layout.fontSize * 5
        let rowHeight = layout.lineHeight + height + layout.fontSize * 0.7
        var content = heading(in: layout)
        let top = layout.lineHeight * (0.4 + Double(content.count))
        for (index, cell) in cells.enumerated() {
            content.append(
                SVG.group(
                    x: Double(index % columnCount) * (width + gap),
                    y: top + Double(index / columnCount) * rowHeight,
                    drawing(of: cell, width: width, height: height, layout)))
        }
        return Drawing(content: content, height: top + Double(rowCount) * rowHeight)
    }

    private func heading(in layout: FigureLayout) -> [Markup] {
        let line = "\(title) (\(note))"
        let lines = layout.width(of: line) <= layout.width ? [line] : [title, note]
        return lines.enumerated().map { index, text in
            SVG.text(
                layout.fitting(text, width: layout.width), x: 0,
                y: layout.lineHeight * Double(index + 1), class: index == 0 ? "title" : "")
        }
    }

    private func drawing(
        of cell: Cell, width: Double, height: Double, _ layout: FigureLayout
    ) -> [Markup] {
        let top = layout.lineHeight
        let bottom = top + height
        let axis = Axis(cell.limits, from: 0, to: width, inset: 1)
        var content = [
            SVG.text(cell.name, x: width / 2, y: layout.fontSize, anchor: .middle)
        ]
        if axis.holds(0) {
            let zero = axis.position(of: 0)
            content.append(SVG.line(zero, top, zero, bottom, class: "grid"))
        }
        if let histogram = cell.histogram {
            content.append(
                SVG.polyline(
                    outline(of: histogram, axis, bottom: bottom, height: height), class: classes))
        }
        return content + [SVG.line(0, bottom, width, bottom, class: "tick")]
    }

    /// From the lower left corner to the lower right one, at least a pixel wide: what shrank to
    /// almost nothing is to be seen.
    private func outline(
        of histogram: Histogram, _ axis: Axis, bottom: Double, height: Double
    ) -> [(x: Double, y: Double)] {
        let highest = Double(histogram.counts.max() ?? 0)
        guard highest > 0 else { return [] }
        let low = axis.position(of: histogram.low)
        let width = max(1, axis.position(of: histogram.high) - low)
        var points: [(x: Double, y: Double)] = [(low, bottom)]
        for (bin, count) in histogram.counts.enumerated() {
            let y = bottom - height * (Double(count) / highest).squareRoot()
            let end = low + width * Double(bin + 1) / Double(Histogram.binCount)
            if points.count > 1, points[points.count - 1].y == y {
                points[points.count - 1].x = end
            } else {
                points.append((points[points.count - 1].x, y))
                points.append((end, y))
            }
        }
        return points + [(low + width, bottom)]
    }
}
