/// A rectangle with two axes.
struct Panel {
    let layout: FigureLayout
    let x: Axis
    let y: Axis
    private let xTitle: String
    private let yTitle: String
    private let xTicks: [Axis.Tick]
    private let yTicks: [Axis.Tick]
    private let floor: Double

    /// - Parameters:
    ///   - headroom: for what stands between the vertical axis' title and the panel.
    ///   - floor: for what lies inside of the panel below all values.
    init(
        in layout: FigureLayout, x xLimits: Axis.Limits, _ xTitle: String,
        y yLimits: Axis.Limits, _ yTitle: String, headroom: Double = 0, floor: Double = 0
    ) {
        self.layout = layout
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.floor = floor
        let top = layout.lineHeight * 1.4 + headroom
        let inset = layout.fontSize
        y = Axis(yLimits, from: top + layout.panelHeight, to: top, inset: inset, room: floor)
        // Below the values there is no scale.
        yTicks = y.ticks { _ in layout.lineHeight }.filter { [y] in $0.position <= y.start - floor }
        let labelWidth = yTicks.compactMap(\.label).map(layout.width).max() ?? 0
        x = Axis(
            xLimits, from: labelWidth + 12, to: layout.width - 1.5 * layout.fontSize, inset: inset)
        xTicks = x.ticks { layout.width(of: $0) + layout.fontSize }
    }

    var left: Double { x.start }
    var right: Double { x.end }
    var top: Double { y.end }
    var bottom: Double { y.start }

    /// Where the next thing below the axis' title begins.
    var end: Double { bottom + layout.lineHeight * 2.4 }

    /// The grid, the frame, ticks and titles.
    var backdrop: [Markup] {
        let grid =
            xTicks.filter { $0.label != nil }.map {
                SVG.line($0.position, top, $0.position, bottom, class: "grid")
            }
            + yTicks.filter { $0.label != nil }.map {
                SVG.line(left, $0.position, right, $0.position, class: "grid")
            }
        let frame = SVG.rectangle(
            left, top, width: right - left, height: bottom - top, class: "frame")
        let edge =
            floor > 0
            ? [SVG.line(left, bottom - floor, right, bottom - floor, class: "boundary")] : []
        return grid + edge + [frame] + xTicks.flatMap(xTick) + yTicks.flatMap(yTick) + titles
    }

    private func xTick(_ tick: Axis.Tick) -> [Markup] {
        let length = tick.label == nil ? 3.0 : 6.0
        let line = SVG.line(tick.position, bottom, tick.position, bottom + length, class: "tick")
        guard let label = tick.label else { return [line] }
        let y = bottom + 6 + layout.fontSize
        return [line, SVG.text(label, x: tick.position, y: y, anchor: .middle)]
    }

    private func yTick(_ tick: Axis.Tick) -> [Markup] {
        let length = tick.label == nil ? 3.0 : 6.0
        let line = SVG.line(left - length, tick.position, left, tick.position, class: "tick")
        guard let label = tick.label else { return [line] }
        let y = tick.position + layout.fontSize * 0.35
        return [line, SVG.text(label, x: left - 9, y: y, anchor: .end)]
    }

    private var titles: [Markup] {
        [
            SVG.text(
                layout.fitting(yTitle, width: layout.width), x: 0, y: layout.fontSize,
                class: "title"),
            SVG.text(
                layout.fitting(xTitle, width: layout.width), x: (left + right) / 2,
                y: bottom + layout.lineHeight * 2, anchor: .middle, class: "title"),
        ]
    }
}
