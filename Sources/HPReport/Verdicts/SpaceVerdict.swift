import HPSearch

/// `fewer-configurations`: a stage has fewer trials than its spec asks for, because there are no
/// more configurations.
enum SpaceVerdict {
    static func verdicts(of study: Study) -> [Verdict] {
        study.stages.compactMap { stage in
            let spec = study.spec.stages[stage.index]
            let count = stage.trialCount / spec.replicates
            guard count < spec.configurations else { return nil }
            let why =
                spec.source == .top
                ? "no more different configurations are COMPLETE"
                : "its space has no more different configurations"
            return Verdict(
                code: "fewer-configurations",
                message: "stage \(stage.name) asks for "
                    + "\(TextLayout.count(spec.configurations, "configuration")) and has "
                    + "\(count): \(why), and none is trained twice")
        }
    }
}
