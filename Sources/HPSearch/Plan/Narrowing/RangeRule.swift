/// Moves one range by what a stage's trials say.
///
/// On the range's own scale, and in this order:
///
/// 1. The elite (see `StageEvidence.elite`) draws the next range when the parameter is relevant:
///    from half way to the trial before the elite's window to half way to the one after it, at
///    least a tenth of the range on either side.
/// 2. An end at which every trial is clearly worse than all others is cut.
/// 3. An end on which the best trials lean is not cut but moved outwards: by the range's width, on
///    a log scale by 0.6 of it, at least 1.2 decades, so that an optimum one decade out is no
///    border again, and at most two. It stops before trials that diverged, where chance alone
///    would put these there in at most 1 of 20 cases.
/// 4. An end beyond which trials diverge is cut half way to them.
/// 5. Nothing leaves the hard limits, and a tenth of the range is left.
///
/// Each of 1, 2 and 4 moves something only where chance alone would do so in at most its part of
/// the promise: see `ChanceBudget`.
struct RangeRule {
    static let trialsMinimum = 5
    private static let marginMinimum = 0.1
    private static let widthMinimum = 0.1
    /// A narrowing that leaves this much says too little.
    private static let widthToKeep = 0.9
    private static let extensionShare = 1.0
    private static let logarithmicExtensionShare = 0.6
    private static let extensionDecades = 1.2...2.0
    /// Less is not worth the name: known edges of stability are that close.
    private static let extensionMinimum = 0.1

    let name: String
    let domain: ParameterDomain
    let scale: Scale
    let hardLimits: ClosedRange<Double>
    let evidence: StageEvidence
    /// Positions of the COMPLETE trials, the best first.
    let positions: [Double]
    let relevance: Relevance
    let badEnds: [RangeEnd: BadEnd]
    private let stops: [RangeEnd: BadEnd]
    private let hopelessEnds: [RangeEnd: BadEnd]

    /// - Parameters:
    ///   - evidence: of the trials in which the parameter is active.
    ///   - budget: of the parameter.
    init?(
        _ parameter: ParameterSpec, at index: Int, domain: ParameterDomain,
        _ evidence: StageEvidence, _ budget: ChanceBudget
    ) {
        guard let scale = Scale(domain) else { return nil }
        name = parameter.name
        self.domain = domain
        self.scale = scale
        self.evidence = evidence
        hardLimits = HardLimits.bounds(of: parameter)
        let complete = evidence.ranked.compactMap { $0.position(index, on: scale) }
        let diverged = evidence.diverged.compactMap { $0.position(index, on: scale) }
        positions = complete
        let hopeless = HopelessEnds(parameter: index, scale: scale, evidence)
        let divergence = Divergence(parameter: index, scale: scale, evidence)
        let relevance = Relevance(
            positions: complete, scores: evidence.ranked.map(\.score),
            window: EliteWindow(
                elite: Array(complete.prefix(evidence.elite.count)), all: complete + diverged),
            ends: [hopeless?.leastChance ?? 1, divergence.leastChance], budget: budget)
        self.relevance = relevance
        badEnds = Self.ends { divergence.cut($0, relevance.budget) }
        stops = Self.ends(divergence.stop)
        hopelessEnds = Self.ends { hopeless?.bad($0, relevance.budget) }
    }

    private static func ends(_ find: (RangeEnd) -> BadEnd?) -> [RangeEnd: BadEnd] {
        Dictionary(
            uniqueKeysWithValues: RangeEnd.allCases.compactMap { end in
                find(end).map { (end, $0) }
            })
    }

    // MARK: - What the trials allow to say

    private var hasEnoughTrials: Bool { positions.count >= Self.trialsMinimum }

    /// Whether the elite may draw the range.
    var isRelevant: Bool {
        hasEnoughTrials && relevance.isRelevant
    }

    /// What becomes of the end that the best trials lean on.
    enum Extension {
        /// It moves to this distance from where it is, outwards: below 0.
        case moves(to: Double)
        /// Trials diverge there.
        case edge(BadEnd)
        /// It lies at its hard limit.
        case limit
    }

    /// Nil when the best trials lean on neither end, or the parameter isn't relevant.
    var crowding: (end: RangeEnd, extension: Extension)? {
        guard isRelevant, let end = RangeEnd.crowded(positions) else { return nil }
        return (end, ending(at: end))
    }

    private func ending(at end: RangeEnd) -> Extension {
        var distance = -Self.extensionShare
        if let width = scale.decades, width > 0 {
            let decades = Self.extensionDecades.clamping(Self.logarithmicExtensionShare * width)
            distance = -decades / width
        }
        if let bad = stops[end] ?? badEnds[end] {
            distance = max(distance, end.distance(of: bad.lastGood))
            guard distance <= -Self.extensionMinimum else { return .edge(bad) }
        }
        let limit = end == .low ? hardLimits.lowerBound : hardLimits.upperBound
        distance = max(distance, end.distance(of: scale.position(of: limit)))
        return distance < 0 ? .moves(to: distance) : .limit
    }

    // MARK: - The move

    func move() -> Move {
        var bounds = eliteBounds()
        for end in RangeEnd.allCases { cutHopeless(end, &bounds) }
        if let crowding, case .moves(let distance) = crowding.extension {
            bounds[crowding.end] = crowding.end.position(at: distance)
        }
        for end in RangeEnd.allCases { cutInfeasible(end, &bounds) }
        keepWidth(&bounds)
        let next = next(bounds)
        let action = Self.action(from: domain, to: next)
        let text = RangeSentence(rule: self, bounds: bounds, action: action)
        return Move(
            parameter: name, action: action, from: domain, to: next, because: text.text,
            evidence: text.evidence)
    }

    /// Positions between which the next range lies, and what put either there.
    struct Bounds {
        var low = 0.0
        var high = 1.0
        var isDrawnByElite = false
        var hopeless: [BadEnd] = []
        var infeasible: [BadEnd] = []
        /// Ends cut half way to a bad trial, which stays outside.
        var cut: [RangeEnd] = []

        subscript(end: RangeEnd) -> Double {
            get { end == .low ? low : high }
            set { if end == .low { low = newValue } else { high = newValue } }
        }
    }

    private func eliteBounds() -> Bounds {
        var bounds = Bounds()
        guard isRelevant, let window = relevance.window else { return bounds }
        let marginBelow = window.below.map { (window.low - $0) / 2 } ?? window.low
        let marginAbove = window.above.map { ($0 - window.high) / 2 } ?? (1 - window.high)
        let low = max(0, window.low - max(Self.marginMinimum, marginBelow))
        let high = min(1, window.high + max(Self.marginMinimum, marginAbove))
        let crowded = crowding?.end
        bounds.low = crowded == .low ? 0 : low
        bounds.high = crowded == .high ? 1 : high
        guard bounds.high - bounds.low < Self.widthToKeep else { return Bounds() }
        bounds.isDrawnByElite = true
        return bounds
    }

    private func cutHopeless(_ end: RangeEnd, _ bounds: inout Bounds) {
        guard hasEnoughTrials, let bad = hopelessEnds[end], bad.divergedCount < bad.count,
            end.distance(of: bad.bound) > end.distance(of: bounds[end])
        else { return }
        bounds[end] = bad.bound
        bounds.cut.append(end)
        bounds.hopeless.append(bad)
    }

    private func cutInfeasible(_ end: RangeEnd, _ bounds: inout Bounds) {
        guard let bad = badEnds[end], end.distance(of: bad.firstBad) >= 0 else { return }
        bounds.infeasible.append(bad)
        if end.distance(of: bad.bound) > end.distance(of: bounds[end]) {
            bounds[end] = bad.bound
            if !bounds.cut.contains(end) { bounds.cut.append(end) }
        }
    }

    private func keepWidth(_ bounds: inout Bounds) {
        let missing = Self.widthMinimum - (bounds.high - bounds.low)
        guard missing > 0 else { return }
        let lowest = min(0, bounds.low)
        let highest = max(1, bounds.high)
        bounds.low = max(lowest, bounds.low - missing / 2)
        bounds.high = min(highest, bounds.low + Self.widthMinimum)
        bounds.low = max(lowest, bounds.high - Self.widthMinimum)
    }

    /// The range between the bounds, inside the hard limits; never empty.
    private func next(_ bounds: Bounds) -> ParameterDomain {
        guard bounds.low != 0 || bounds.high != 1 else { return domain }
        let part = scale.part(
            of: domain, from: bounds.low, to: bounds.high,
            inwards: (low: bounds.cut.contains(.low), high: bounds.cut.contains(.high)))
        guard let ends = part.bounds else { return domain }
        let low = max(ends.low, hardLimits.lowerBound)
        let high = min(ends.high, hardLimits.upperBound)
        // A single value would be the last: from it no range could be told to go on.
        guard low < high else { return domain }
        return part.with(low: low, high: high)
    }

    static func action(from: ParameterDomain, to: ParameterDomain) -> Move.Action {
        guard from != to else { return .keep }
        guard let old = from.bounds, let new = to.bounds else { return .narrow }
        if new.low >= old.low, new.high <= old.high { return .narrow }
        if new.low <= old.low, new.high >= old.high { return .widen }
        return .shift
    }
}

extension ParameterDomain {
    /// The range of this kind with other bounds; anything else as it is.
    func with(low: Double, high: Double) -> ParameterDomain {
        switch self {
        case .logUniform: .logUniform(low: low, high: high)
        case .uniform: .uniform(low: low, high: high)
        case .integer: .integer(low: Int(low), high: Int(high))
        case .logInteger: .logInteger(low: Int(low), high: Int(high))
        case .choice, .value: self
        }
    }
}

extension ClosedRange<Double> {
    /// The nearest value inside.
    fileprivate func clamping(_ value: Double) -> Double {
        Swift.min(Swift.max(value, lowerBound), upperBound)
    }
}
