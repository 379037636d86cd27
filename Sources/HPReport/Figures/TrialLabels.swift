import HPSearch

/// What trials are called beside each other: by their number, and by what tells them apart.
struct TrialLabels {
    /// More differences make a legend that nobody reads.
    private static let differenceMaximum = 3

    private let study: Study
    private let trials: [Int]
    private let shown: [Trial]
    /// Positions of the parameters that are not the same in all trials.
    private let differing: [Int]

    /// - Parameter trials: numbers of those that are shown together.
    init(_ study: Study, _ trials: [Int]) {
        self.study = study
        self.trials = trials
        let shown = study.trials.filter { trials.contains($0.number) }
        self.shown = shown
        let differing = study.spec.parameters.indices.filter { index in
            shown.contains { $0.parameters[index] != shown[0].parameters[index] }
        }
        self.differing = differing.count > Self.differenceMaximum ? [] : differing
    }

    /// Curves in the order of the trials, each in its color.
    var entries: [Legend.Entry] {
        trials.enumerated().map { index, trial in
            LineSeries.entry(label(trial), "curve \(Palette.series(index))")
        }
    }

    /// `trial 2: leaky_relu, dropout 0.5`.
    func label(_ trial: Int) -> String {
        guard !differing.isEmpty, let known = shown.first(where: { $0.number == trial }) else {
            return "trial \(trial)"
        }
        let values = differing.map { index in
            Self.text(known.parameters[index], study.spec.parameters[index].name)
        }
        return "trial \(trial): \(values.joined(separator: ", "))"
    }

    /// Words say themselves what they are of.
    private static func text(_ value: ParameterValue, _ parameter: String) -> String {
        switch value {
        case .text, .list: value.text
        case .inactive: "no \(parameter)"
        case .number(let number): "\(parameter) \(NumberFormat.short(number))"
        case .boolean, .integer: "\(parameter) \(value.text)"
        }
    }
}
