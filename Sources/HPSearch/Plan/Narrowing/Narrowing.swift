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
    }

    /// One for each parameter, in the order of the spec.
    static func judgements(of study: Study, after stage: Stage) -> [Judgement] {
        let evidence = StageEvidence(of: stage, in: study)
        let parameters = study.spec.parameters
        let first = parameters.indices.map { index in
            judgement(
                parameters[index], at: index, domain: stage.domains[index],
                evidence.active(index))
        }
        let next = first.map { $0.move.action == .keep ? nil : $0.move.to }
        return parameters.indices.map { index in
            guard next[index] == nil,
                let clearer = evidence.active(index).inside(
                    next, names: parameters.map(\.name)), clearer.ranked.count >= trialsMinimum
            else { return first[index] }
            let second = judgement(
                parameters[index], at: index, domain: stage.domains[index], clearer)
            return second.move.action == .keep ? first[index] : second
        }
    }

    /// Fewer trials in the next ranges of the others say less than all trials do.
    private static let trialsMinimum = 20

    private static func judgement(
        _ parameter: ParameterSpec, at index: Int, domain: ParameterDomain,
        _ evidence: StageEvidence
    ) -> Judgement {
        switch domain {
        case .choice(let values):
            let rule = ChoiceRule(
                name: parameter.name, domain: domain, values: values, index: index,
                evidence: evidence)
            return Judgement(move: rule.move(), rule: nil)
        case .value:
            let move = Move(
                parameter: parameter.name, action: .keep, from: domain, to: domain,
                because: "the value is fixed", evidence: evidence.elite.map(\.number))
            return Judgement(move: move, rule: nil)
        case .logUniform, .uniform, .integer, .logInteger:
            guard let rule = RangeRule(parameter, at: index, domain: domain, evidence) else {
                preconditionFailure("\(domain.kind) has no scale")
            }
            return Judgement(move: rule.move(), rule: rule)
        }
    }
}
