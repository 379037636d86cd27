import HPSearch

/// The document `hpcoord.report/1`.
enum ReportJSON {
    static func document(of findings: Findings, rows: ArraySlice<Ranking.Row>) -> JSONValue {
        let study = findings.study
        return .object([
            "schema": .text("hpcoord.report/1"),
            "study": header(of: study),
            "best": findings.bestJSON,
            "accounting": Accounting(of: study).json,
            "stages": .array(StageOverview.all(of: study).map { stage(of: study, $0) }),
            "verdicts": .array(findings.verdicts.map(verdict)),
            "importance": findings.importanceJSON,
            "infeasible": findings.infeasibleJSON,
            "budget_correlation": findings.budgetJSON,
            "trials": .array(rows.map { TrialJSON.row(of: study, $0) }),
        ])
    }

    private static func header(of study: Study) -> JSONValue {
        .object([
            "name": .text(study.spec.name),
            "state": .text(study.state.rawValue),
            "reason": .text(study.reason),
            "seed": .unsigned(study.spec.seed),
            "objective": .object([
                "metric": .text(study.spec.objective.metric.rawValue),
                "goal": .text(study.spec.objective.goal.rawValue),
            ]),
            "spec_sha256": .text(study.specDigest),
            "data": .optional(study.dataSummary),
            "data_sha256": .optional(study.dataDigest),
            "fingerprint": .optional(Fingerprint.digest(of: study)),
        ])
    }

    private static func stage(of study: Study, _ stage: StageOverview) -> JSONValue {
        .object([
            "name": .text(stage.name),
            "index": .integer(stage.index),
            "epochs": .number(stage.epochs),
            "state": .text(stage.state.rawValue),
            "trials": .integer(stage.trialCount),
            "ranges": ranges(of: study, stage.begun?.domains ?? []),
            "moves": .array((stage.begun?.moves ?? []).map(move)),
        ])
    }

    static func ranges(of study: Study, _ domains: [ParameterDomain]) -> JSONValue {
        .members(
            zip(study.spec.parameters, domains).map { JSONValue.Member($0.name, range($1)) })
    }

    private static func range(_ domain: ParameterDomain) -> JSONValue {
        let kind = JSONValue.text(domain.kind)
        return switch domain {
        case .logUniform(let low, let high), .uniform(let low, let high):
            .object(["kind": kind, "low": .number(low), "high": .number(high)])
        case .integer(let low, let high), .logInteger(let low, let high):
            .object(["kind": kind, "low": .integer(low), "high": .integer(high)])
        case .choice(let values):
            .object(["kind": kind, "values": .array(values.map(JSONValue.init))])
        case .value(let value):
            .object(["kind": kind, "value": JSONValue(value)])
        }
    }

    static func move(_ move: Move) -> JSONValue {
        .object([
            "parameter": .text(move.parameter),
            "action": .text(move.action.rawValue),
            "from": .array(ends(of: move.from)),
            "to": .array(ends(of: move.to)),
            "because": .text(move.because),
            "evidence": .array(move.evidence.map(JSONValue.integer)),
        ])
    }

    /// The two bounds of a range, or all the values there are.
    private static func ends(of domain: ParameterDomain) -> [JSONValue] {
        switch domain {
        case .logUniform(let low, let high), .uniform(let low, let high):
            [.number(low), .number(high)]
        case .integer(let low, let high), .logInteger(let low, let high):
            [.integer(low), .integer(high)]
        case .choice(let values): values.map(JSONValue.init)
        case .value(let value): [JSONValue(value)]
        }
    }

    static func verdict(_ verdict: Verdict) -> JSONValue {
        .object([
            "code": .text(verdict.code),
            "parameter": .optional(verdict.parameter),
            "message": .text(verdict.message),
        ])
    }
}

extension JSONValue {
    init(_ value: ParameterValue) {
        self =
            switch value {
            case .boolean(let boolean): .boolean(boolean)
            case .integer(let integer): .integer(integer)
            case .number(let number): .number(number)
            case .text(let text): .text(text)
            case .list(let values): .array(values.map(JSONValue.init))
            case .inactive: .null
            }
    }
}
