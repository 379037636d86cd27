/// A stage that is about to begin, and its trials in number order.
package struct StagePlan: Sendable, Hashable {
    package var stage: Stage
    package var trials: [Trial]
}

/// Decides what the next stage of a study tries.
package enum StagePlanner {
    /// The stage that follows those that have begun.
    ///
    /// - Returns: nil when no trial so far is COMPLETE, so that nothing can be narrowed or taken.
    /// - Precondition: the spec has another stage, and every trial that exists is terminal.
    package static func nextStage(of study: Study) -> StagePlan? {
        let index = study.stages.count
        precondition(index < study.spec.stages.count, "the spec has no stage \(index)")
        precondition(
            study.trials.allSatisfy(\.state.isTerminal), "a stage begins when the last has ended")
        let spec = study.spec.stages[index]
        guard let previous = study.stages.last else {
            return sampled(spec, study, study.spec.parameters.map(\.domain), moves: [])
        }
        guard study.trials.contains(where: { $0.state == .complete }) else { return nil }
        if spec.source == .top { return refitted(spec, study, previous.domains) }
        let moves = moves(to: spec, of: study, from: previous)
        return sampled(spec, study, moves.map(\.to), moves: moves)
    }

    private static func moves(
        to spec: StageSpec, of study: Study, from previous: Stage
    ) -> [Move] {
        switch spec.narrowing {
        case .auto, .confirm:
            // Refitted trials are few, and the best: the last that were drawn say more.
            Narrowing.moves(
                of: study,
                after: study.stages.last { study.spec.stages[$0.index].source == .sampler }
                    ?? previous)
        case .off:
            zip(study.spec.parameters, previous.domains).map { parameter, domain in
                Move(
                    parameter: parameter.name, action: .keep, from: domain, to: domain,
                    because: "the spec says `narrow: off`", evidence: [])
            }
        case .explicit: explicitMoves(to: spec, of: study, from: previous)
        }
    }

    /// The moves that a stage with explicit ranges asks for, whatever the trials say.
    static func explicitMoves(
        to spec: StageSpec, of study: Study, from previous: Stage
    ) -> [Move] {
        let given =
            if case .explicit(let given) = spec.narrowing { given } else { [ParameterSpec]() }
        return zip(study.spec.parameters, previous.domains).map { parameter, domain in
            let next = given.first { $0.name == parameter.name }?.domain
            return Move(
                parameter: parameter.name,
                action: RangeRule.action(from: domain, to: next ?? domain),
                from: domain, to: next ?? domain,
                because: next == nil
                    ? "the spec gives no other range" : "the spec gives this range",
                evidence: [])
        }
    }

    private static func sampled(
        _ spec: StageSpec, _ study: Study, _ domains: [ParameterDomain], moves: [Move]
    ) -> StagePlan {
        var stage = stage(
            spec, study, domains, moves: moves, trialCount: spec.configurations)
        var sampler = DistinctSampler(
            Sampler(
                study.spec, stage: stage.index, domains: domains,
                configurationCount: spec.configurations))
        var trials: [Trial] = []
        for number in stage.trialNumbers {
            guard let parameters = sampler.next(trial: number) else { break }
            trials.append(
                Trial(
                    number: number, stage: stage.index, configuration: number, replicate: 0,
                    parameters: parameters))
        }
        stage.trialCount = trials.count
        return StagePlan(stage: stage, trials: trials)
    }

    /// The best configurations so far, each with seeds of its own.
    private static func refitted(
        _ spec: StageSpec, _ study: Study, _ domains: [ParameterDomain]
    ) -> StagePlan {
        let best = TopConfigurations.best(spec.configurations, of: study)
        let stage = stage(
            spec, study, domains, moves: [], trialCount: best.count * spec.replicates)
        var trials: [Trial] = []
        for origin in best {
            for replicate in 1...spec.replicates {
                trials.append(
                    Trial(
                        number: stage.firstTrial + trials.count, stage: stage.index,
                        configuration: origin.configuration, replicate: replicate,
                        parameters: origin.parameters))
            }
        }
        return StagePlan(stage: stage, trials: trials)
    }

    private static func stage(
        _ spec: StageSpec, _ study: Study, _ domains: [ParameterDomain], moves: [Move],
        trialCount: Int
    ) -> Stage {
        Stage(
            index: study.stages.count, name: spec.name, epochs: spec.epochs, domains: domains,
            moves: moves, firstTrial: study.trials.count + 1, trialCount: trialCount)
    }
}
