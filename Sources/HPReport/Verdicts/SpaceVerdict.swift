import HPSearch

/// `fewer-configurations`: a stage has fewer trials than its spec asks for, because there are no
/// more configurations.
enum SpaceVerdict {
    static func verdicts(of study: Study) -> [Verdict] {
        study.stages.compactMap { stage in
            let spec = study.spec.stages[stage.index]
            let count = stage.trialCount / spec.replicates
            guard count < spec.configurations, count >= available(to: stage, of: study) else {
                return nil
            }
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

    /// Different configurations that a stage could have. A table of trials may have fewer for
    /// other reasons.
    private static func available(to stage: Stage, of study: Study) -> Int {
        switch study.spec.stages[stage.index].source {
        case .sampler: return study.spec.configurations(of: stage.domains)?.count ?? .max
        case .top:
            let complete = study.trials.filter {
                $0.stage < stage.index && $0.state == .complete
            }
            return Set(complete.map(\.parameters)).count
        }
    }
}
