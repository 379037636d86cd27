/// Moves every range to where the good trials are, by a rule that can be done by hand.
///
/// A range follows `RangeRule`, a choice `ChoiceRule`; a conditional parameter is judged by the
/// trials in which it was active. A parameter that shows nothing among all trials is looked at
/// once more among those that lie in the next ranges of the others: what another parameter spoils
/// hides what this one does.
package enum Narrowing {
    /// One move for each parameter, in the order of the spec.
    package static func moves(of study: Study, after stage: Stage) -> [Move] {
        judgements(of: study, after: stage).map(\.move)
    }

    /// What the rule makes of one parameter.
    struct Judgement {
        let move: Move
        /// How the move was found; nil for a choice or a fixed value.
        let rule: RangeRule?
        /// Values at which it makes trials diverge, and how sure that is.
        let explanations: [(explanation: StageEvidence.Explanation, chance: Double)]
    }

    /// One for each parameter, in the order of the spec.
    static func judgements(of study: Study, after stage: Stage) -> [Judgement] {
        let evidence = StageEvidence(of: stage, in: study)
        let parameters = study.spec.parameters
        let budget = ChanceBudget.first(of: study.spec, domains: stage.domains)
        let first = judgements(parameters, stage.domains, evidence, budget)
        let next = first.map { $0.move.action == .keep ? nil : $0.move.to }
        let movedCount = next.count { $0 != nil }
        guard movedCount > 0 else { return first }
        let second = ChanceBudget.second(
            of: study.spec, domains: stage.domains, movedCount: movedCount)
        return parameters.indices.map { index in
            guard next[index] == nil,
                let clearer = evidence.active(index).inside(
                    next, names: parameters.map(\.name)), clearer.ranked.count >= trialsMinimum
            else { return first[index] }
            let again = judgement(
                parameters[index], at: index, domain: stage.domains[index], clearer, second)
            return again.move.action == .keep ? first[index] : again
        }
    }

    /// By all trials of the stage: each parameter by itself, then, where another one explains
    /// divergence better, by the trials that this one leaves unexplained.
    private static func judgements(
        _ parameters: [ParameterSpec], _ domains: [ParameterDomain], _ evidence: StageEvidence,
        _ budget: ChanceBudget
    ) -> [Judgement] {
        let alone = parameters.indices.map { index in
            judgement(
                parameters[index], at: index, domain: domains[index], evidence.active(index),
                budget)
        }
        return parameters.indices.map { index in
            let own = alone[index].explanations.map(\.chance).min() ?? 1
            let better = alone.flatMap(\.explanations).filter {
                $0.explanation.parameter != index && $0.chance < own
            }
            guard !better.isEmpty, alone[index].rule != nil else { return alone[index] }
            return judgement(
                parameters[index], at: index, domain: domains[index],
                evidence.active(index).explained(by: better.map(\.explanation)), budget)
        }
    }

    /// Fewer trials in the next ranges of the others say less than all trials do.
    private static let trialsMinimum = 20

    private static func judgement(
        _ parameter: ParameterSpec, at index: Int, domain: ParameterDomain,
        _ evidence: StageEvidence, _ budget: ChanceBudget
    ) -> Judgement {
        switch domain {
        case .choice(let values):
            let rule = ChoiceRule(
                name: parameter.name, domain: domain, values: values, index: index,
                evidence: evidence, budget: budget)
            return Judgement(move: rule.move(), rule: nil, explanations: rule.explanations)
        case .value:
            let move = Move(
                parameter: parameter.name, action: .keep, from: domain, to: domain,
                because: "the value is fixed", evidence: evidence.elite.map(\.number))
            return Judgement(move: move, rule: nil, explanations: [])
        case .logUniform, .uniform, .integer, .logInteger:
            guard let rule = RangeRule(parameter, at: index, domain: domain, evidence, budget)
            else { preconditionFailure("\(domain.kind) has no scale") }
            return Judgement(move: rule.move(), rule: rule, explanations: rule.explanations(index))
        }
    }
}

extension RangeRule {
    /// The ends beyond which this parameter makes trials diverge.
    fileprivate func explanations(
        _ index: Int
    ) -> [(explanation: StageEvidence.Explanation, chance: Double)] {
        RangeEnd.allCases.compactMap { badEnds[$0] }.map { bad in
            let explanation = StageEvidence.Explanation(parameter: index) { [scale] value in
                value.asNumber.map { bad.holds(scale.position(of: $0)) } ?? false
            }
            return (explanation, bad.chance)
        }
    }
}
