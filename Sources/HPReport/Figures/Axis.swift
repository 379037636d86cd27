import HPSearch

/// Where the values of a quantity lie between two edges of a panel, on a linear or a log scale.
struct Axis {
    /// The values that are to be seen, from the lowest to the highest.
    struct Limits {
        var low: Double
        var high: Double
        var isLogarithmic: Bool
        /// Whether there is nothing between two whole numbers.
        var isWhole = false

        /// What covers all these values, wider than a point; nil without a finite value.
        init?(_ values: [Double], isLogarithmic: Bool = false, isWhole: Bool = false) {
            let finite = values.filter(\.isFinite)
            guard var low = finite.min(), var high = finite.max() else { return nil }
            self.isLogarithmic = isLogarithmic && low > 0
            self.isWhole = isWhole
            if low == high, self.isLogarithmic {
                low /= 2
                high *= 2
            } else if low == high {
                let margin = isWhole ? 1 : low.isZero ? 1 : low.magnitude * 0.1
                low -= margin
                high += margin
            }
            self.low = low
            self.high = high
        }
    }

    struct Tick {
        var position: Double
        /// Nil for a mark between two labels.
        var label: String?
    }

    let limits: Limits
    /// The edges: `end` may lie before `start`.
    let start: Double
    let end: Double
    /// Between the edges and the outermost values.
    private let startInset: Double
    private let endInset: Double
    private let scale: Scale?

    /// - Parameters:
    ///   - inset: what stays free between an edge and the outermost value.
    ///   - room: what stays free beside `start` in addition.
    init(
        _ limits: Limits, from start: Double, to end: Double, inset: Double = 0, room: Double = 0
    ) {
        self.limits = limits
        self.start = start
        self.end = end
        let direction = start < end ? 1.0 : -1
        startInset = direction * (inset + room)
        endInset = direction * inset
        scale = Scale(
            limits.isLogarithmic
                ? .logUniform(low: limits.low, high: limits.high)
                : .uniform(low: limits.low, high: limits.high))
    }

    /// Where a value lies; on the edge where it is beyond.
    func position(of value: Double) -> Double {
        min(max(unlimited(value), min(start, end)), max(start, end))
    }

    /// Whether a value lies between the edges.
    func holds(_ value: Double) -> Bool {
        guard value.isFinite, !limits.isLogarithmic || value > 0 else { return false }
        let position = unlimited(value)
        return position >= min(start, end) - 0.01 && position <= max(start, end) + 0.01
    }

    private func unlimited(_ value: Double) -> Double {
        let fraction = scale?.position(of: value) ?? 0
        return start + startInset + fraction * (end - start - startInset - endInset)
    }

    // MARK: - Ticks

    /// Marks at round values, labelled as far as labels of this extent along the axis fit beside
    /// each other.
    func ticks(extent: (String) -> Double) -> [Tick] {
        guard limits.isLogarithmic else { return linearTicks(extent) }
        let decades = Decades(between: limits, of: self)
        if decades.exponents.count >= 3 {
            return decades.ticks(extent: extent)
        }
        let labelled = fitting(
            [1, 2, 5, 3, 7].flatMap { decades.values(times: $0) }
                .map { Tick(position: position(of: $0), label: NumberFormat.short($0)) },
            extent)
        return labelled.count >= 2 ? labelled + decades.minorTicks : linearTicks(extent)
    }

    private func linearTicks(_ extent: (String) -> Double) -> [Tick] {
        let exponent = DecimalDigits(limits.high - limits.low).pointPosition - 1
        for power in (exponent - 1)...(exponent + 1) {
            for digit in [1, 2, 5] where !limits.isWhole || power >= 0 {
                guard let step = Double("\(digit)e\(power)") else { continue }
                let ticks = linearTicks(step: step, power: power)
                if (2...11).contains(ticks.count), fits(ticks, extent) { return ticks }
            }
        }
        return []
    }

    private func linearTicks(step: Double, power: Int) -> [Tick] {
        let first = (limits.low / step).rounded(.down) - 1
        let last = (limits.high / step).rounded(.up) + 1
        guard last - first < 64 else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }.filter(holds).map {
            Tick(position: position(of: $0), label: Self.label($0, power: power))
        }
    }

    private static func label(_ value: Double, power: Int) -> String {
        (-5...4).contains(power)
            ? NumberFormat.fixed(value, decimals: max(0, -power)) : NumberFormat.short(value)
    }

    /// Whether no two labels touch.
    func fits(_ ticks: [Tick], _ extent: (String) -> Double) -> Bool {
        fitting(ticks, extent).count == ticks.count
    }

    /// The ticks whose labels don't touch one that came before.
    private func fitting(_ ticks: [Tick], _ extent: (String) -> Double) -> [Tick] {
        var kept: [Tick] = []
        for tick in ticks {
            let half = extent(tick.label ?? "") / 2
            let isFree = kept.allSatisfy { other in
                (other.position - tick.position).magnitude >= half + extent(other.label ?? "") / 2
            }
            if isFree { kept.append(tick) }
        }
        return kept
    }
}

/// The powers of ten between the edges of an axis.
private struct Decades {
    let axis: Axis
    let exponents: [Int]

    init(between limits: Axis.Limits, of axis: Axis) {
        self.axis = axis
        exponents = (-320...308).filter { exponent in
            Self.value(1, exponent).map(axis.holds) ?? false
        }
    }

    private static func value(_ digit: Int, _ exponent: Int) -> Double? {
        Double("\(digit)e\(exponent)")
    }

    /// The multiples of all powers that lie between the edges.
    func values(times digit: Int) -> [Double] {
        let first = DecimalDigits(axis.limits.low).pointPosition - 2
        let last = DecimalDigits(axis.limits.high).pointPosition + 1
        return (first...last).compactMap { Self.value(digit, $0) }.filter(axis.holds)
    }

    /// Every decade, or every second, third, ..., so that labels fit.
    func ticks(extent: (String) -> Double) -> [Axis.Tick] {
        let isLong = exponents.contains { $0.magnitude >= 4 }
        for stride in 1...max(1, exponents.count) {
            let ticks = exponents.filter { $0 % stride == 0 }.compactMap { exponent in
                Self.value(1, exponent).map {
                    Axis.Tick(
                        position: axis.position(of: $0),
                        label: isLong ? Self.power(exponent) : NumberFormat.short($0))
                }
            }
            if axis.fits(ticks, extent) {
                return ticks + (stride == 1 && exponents.count <= 7 ? minorTicks : unlabelled)
            }
        }
        return []
    }

    private var unlabelled: [Axis.Tick] {
        exponents.compactMap { Self.value(1, $0) }.map {
            Axis.Tick(position: axis.position(of: $0), label: nil)
        }
    }

    var minorTicks: [Axis.Tick] {
        (2...9).flatMap(values).map { Axis.Tick(position: axis.position(of: $0), label: nil) }
    }

    /// `10⁻⁴`.
    private static func power(_ exponent: Int) -> String {
        let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
        let text = String(exponent.magnitude).compactMap(\.wholeNumberValue).map { digits[$0] }
        return "10" + (exponent < 0 ? "⁻" : "") + String(text)
    }
}
