/// What is drawn of the inside of a trial's training.
enum DiagnosticsFigures {
    /// In the order in which to read them; empty where nobody looked inside.
    static func all(of recorded: RecordedTrial) -> [any Figure] {
        let figures: [(any Figure)?] = [
            LayersFigure(.activations, of: recorded), LayersFigure(.gradients, of: recorded),
            UpdatesFigure(of: recorded), SharesFigure(.saturated, of: recorded),
            SharesFigure(.dead, of: recorded), WeightsFigure(of: recorded),
        ]
        return figures.compactMap(\.self)
    }
}
