import HPSearch

/// `grid-coverage`: how few values of each range a grid tries.
enum GridVerdict {
    static func verdict(of study: Study) -> Verdict? {
        let sampled = study.stages.filter { study.spec.stages[$0.index].source == .sampler }
        guard let stage = sampled.last else { return nil }
        let note = study.spec.gridNote(
            stage: stage.name, domains: stage.domains, trialCount: stage.trialCount)
        return note.map { Verdict(code: "grid-coverage", message: $0) }
    }
}
