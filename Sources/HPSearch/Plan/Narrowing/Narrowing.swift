/// Moves every range to where the good trials are, by a rule that can be done by hand.
///
/// A range follows `RangeRule`, a choice `ChoiceRule`; a conditional parameter is judged by the
/// trials in which it was active.
package enum Narrowing {
    /// One move for each parameter, in the order of the spec.
    package static func moves(of study: Study, after stage: Stage) -> [Move] {
        let evidence = StageEvidence(of: stage, in: study)
        return study.spec.parameters.indices.map { index in
            move(
                study.spec.parameters[index], at: index, domain: stage.domains[index],
                study.spec.parameters[index].conditions.isEmpty ? evidence : evidence.active(index))
        }
    }

    private static func move(
        _ parameter: ParameterSpec, at index: Int, domain: ParameterDomain,
        _ evidence: StageEvidence
    ) -> Move {
        switch domain {
        case .choice(let values):
            return ChoiceRule(
                name: parameter.name, domain: domain, values: values, index: index,
                evidence: evidence
            ).move()
        case .value:
            return Move(
                parameter: parameter.name, action: .keep, from: domain, to: domain,
                because: "the value is fixed", evidence: evidence.elite.map(\.number))
        case .logUniform, .uniform, .integer, .logInteger:
            guard let rule = RangeRule(parameter, at: index, domain: domain, evidence) else {
                preconditionFailure("\(domain.kind) has no scale")
            }
            return rule.move()
        }
    }
}
