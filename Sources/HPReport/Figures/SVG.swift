/// Shapes and texts of a figure, in CSS pixels of its view box.
enum SVG {
    enum Anchor: String {
        case start
        case middle
        case end
    }

    /// A length with at most one decimal.
    static func length(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let magnitude = tenths.magnitude
        return magnitude % 10 == 0
            ? "\(sign)\(magnitude / 10)" : "\(sign)\(magnitude / 10).\(magnitude % 10)"
    }

    static func text(
        _ text: String, x: Double, y: Double, anchor: Anchor = .start, class name: String = ""
    ) -> Markup {
        .element(
            "text",
            [
                "x": length(x), "y": length(y), "text-anchor": anchor.rawValue, "class": name,
            ], [.text(text)])
    }

    static func line(
        _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, class name: String
    ) -> Markup {
        .element(
            "line",
            [
                "x1": length(x1), "y1": length(y1), "x2": length(x2), "y2": length(y2),
                "class": name,
            ])
    }

    static func rectangle(
        _ x: Double, _ y: Double, width: Double, height: Double, class name: String
    ) -> Markup {
        .element(
            "rect",
            [
                "x": length(x), "y": length(y), "width": length(max(0, width)),
                "height": length(max(0, height)), "class": name,
            ])
    }

    /// A circle; what `title` says is shown when a pointer rests on it.
    static func circle(
        _ x: Double, _ y: Double, radius: Double, class name: String, title: String? = nil
    ) -> Markup {
        .element(
            "circle",
            ["cx": length(x), "cy": length(y), "r": length(radius), "class": name],
            titles(title))
    }

    /// An oblique cross.
    static func cross(
        _ x: Double, _ y: Double, radius: Double, class name: String, title: String? = nil
    ) -> Markup {
        let left = length(x - radius)
        let right = length(x + radius)
        let top = length(y - radius)
        let bottom = length(y + radius)
        return .element(
            "path",
            [
                "d": "M\(left) \(top)L\(right) \(bottom)M\(left) \(bottom)L\(right) \(top)",
                "class": name,
            ],
            titles(title))
    }

    /// Straight lines from point to point.
    static func polyline(_ points: [(x: Double, y: Double)], class name: String) -> Markup {
        let steps = points.enumerated().map { index, point in
            "\(index == 0 ? "M" : "L")\(length(point.x)) \(length(point.y))"
        }
        return .element("path", ["d": steps.joined(), "class": name])
    }

    /// An image without smoothing, from the upper left corner on.
    static func image(_ address: String, width: Double, height: Double) -> Markup {
        .element(
            "image",
            [
                "x": "0", "y": "0", "width": length(width), "height": length(height),
                "class": "pixels", "href": address,
            ])
    }

    static func group(x: Double, y: Double, _ content: [Markup]) -> Markup {
        .element("g", ["transform": "translate(\(length(x)) \(length(y)))"], content)
    }

    private static func titles(_ title: String?) -> [Markup] {
        title.map { [.element("title", [:], [.text($0)])] } ?? []
    }
}
