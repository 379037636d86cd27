/// The trials of a stage that a decision rests on.
struct StageElite {
    /// COMPLETE trials of the stage, the best first; equal values by number.
    let ranked: [Trial]
    /// DIVERGED trials of the stage.
    let diverged: [Trial]

    init(of stage: Stage, in study: Study) {
        let objective = study.spec.objective
        let trials = study.trials.filter { $0.stage == stage.index }
        ranked = trials.filter { $0.state == .complete && $0.result?.value != nil }
            .sorted { left, right in
                guard let first = left.result?.value, let second = right.result?.value,
                    first != second
                else { return left.number < right.number }
                return objective.isBetter(first, than: second)
            }
        diverged = trials.filter { $0.state == .diverged }
    }

    /// The best fifth, at least three.
    var best: ArraySlice<Trial> { ranked.prefix(max(3, (ranked.count + 4) / 5)) }

    /// Which end of a range the best trials lean on: the best one, or two of the best five, in
    /// its outer tenth.
    func crowdedSide(parameter: Int, scale: Scale) -> Side? {
        let positions = ranked.prefix(5).compactMap { trial in
            trial.parameters[parameter].asNumber.map(scale.position)
        }
        guard let first = positions.first else { return nil }
        for side in [Side.low, .high] {
            let count = positions.count { side.holds($0) }
            if side.holds(first) || count >= 2 { return side }
        }
        return nil
    }

    enum Side {
        case low
        case high

        /// Whether a position lies in the outer tenth on this side.
        func holds(_ position: Double) -> Bool {
            switch self {
            case .low: position < 0.1
            case .high: position > 0.9
            }
        }
    }
}
