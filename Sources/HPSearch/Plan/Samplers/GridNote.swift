extension StudySpec {
    /// What the grid of the first stage gives up, in a sentence; nil for other studies.
    package var gridNote: String? {
        guard let stage = stages.first else { return nil }
        return gridNote(
            stage: stage.name, domains: parameters.map(\.domain), trialCount: stage.configurations)
    }

    /// How many values of each range a stage's grid tries, beside what random search would try.
    ///
    /// - Returns: nil for another sampler, and for a grid of fewer than two ranges, which gives
    ///   nothing up.
    package func gridNote(
        stage: String, domains: [ParameterDomain], trialCount: Int
    ) -> String? {
        let ranges = domains.indices.filter { domains[$0].bounds != nil }
        guard sampler == .grid, ranges.count >= 2 else { return nil }
        let grid = GridSampler(domains, trialCount: trialCount)
        let counts = ranges.map { "\(grid.levels[$0]) of \(parameters[$0].name)" }
        var text = "the \(trialCount) trials of the grid of stage \(stage) try only "
        text += counts.dropLast().joined(separator: ", ") + " and \(counts.last ?? "")"
        text += " in different values; random search tries \(trialCount) of each "
        return text + "(Bergstra and Bengio 2012)"
    }
}
