import HPDigest
package import HPSearch

/// One digest for all of a study's result: equal fingerprints, equal results.
package enum Fingerprint {
    /// The SHA-256 of `hpcoord.fingerprint/1`; nil until the study is COMPLETE by its own rules.
    ///
    /// Integers are absorbed as 64 bits, little-endian, numbers as their bits (one NaN for all),
    /// texts as UTF-8 after their length. The sequence:
    ///
    /// 1. `hpcoord.fingerprint/1`, spec digest, data digest, engine revision;
    /// 2. the number of operator commands that changed what runs, and each: `accept` and the
    ///    number of the first trial of the stage whose ranges were accepted;
    /// 3. the number of trials, and for each in number order: stage, configuration, replicate;
    ///    the number of parameters and each value; state, reason code; the number of objective
    ///    values and each; rank;
    /// 4. the number of stages, and for each: the number of moves, and for each: parameter,
    ///    action, the domain before, the domain after.
    ///
    /// A value is its tag and content: 0 boolean (0 or 1), 1 integer, 2 number, 3 text, 4 list
    /// (its length and its values), 5 inactive. A domain is its kind and its bounds, or the number
    /// of its values and each.
    package static func digest(of study: Study) -> String? {
        guard study.state == .complete, study.reason.isEmpty || study.reason == "target",
            let dataDigest = study.dataDigest, let engineRevision = study.engineRevision
        else { return nil }
        var hash = SHA256()
        hash.update("hpcoord.fingerprint/1")
        hash.update(study.specDigest)
        hash.update(dataDigest)
        hash.update(engineRevision)
        absorbCommands(on: study, into: &hash)
        absorbTrials(of: study, into: &hash)
        absorbMoves(of: study, into: &hash)
        return hash.finish()
    }

    private static func absorbCommands(on study: Study, into hash: inout SHA256) {
        let accepted = study.stages.filter { study.spec.stages[$0.index].narrowing == .confirm }
        hash.update(accepted.count)
        for stage in accepted {
            hash.update("accept")
            hash.update(stage.firstTrial)
        }
    }

    private static func absorbTrials(of study: Study, into hash: inout SHA256) {
        let ranks = Ranking(of: study).ranks
        hash.update(study.trials.count)
        for (trial, rank) in zip(study.trials, ranks) {
            hash.update(trial.stage)
            hash.update(trial.configuration)
            hash.update(trial.replicate)
            hash.update(trial.parameters.count)
            for value in trial.parameters { absorb(value, into: &hash) }
            hash.update(trial.state.rawValue)
            hash.update(trial.reason)
            let curve = trial.result?.objectiveCurve ?? []
            hash.update(curve.count)
            for value in curve { hash.update(value) }
            hash.update(rank)
        }
    }

    private static func absorbMoves(of study: Study, into hash: inout SHA256) {
        hash.update(study.stages.count)
        for stage in study.stages {
            hash.update(stage.moves.count)
            for move in stage.moves {
                hash.update(move.parameter)
                hash.update(move.action.rawValue)
                absorb(move.from, into: &hash)
                absorb(move.to, into: &hash)
            }
        }
    }

    private static func absorb(_ domain: ParameterDomain, into hash: inout SHA256) {
        hash.update(domain.kind)
        switch domain {
        case .logUniform(let low, let high), .uniform(let low, let high):
            hash.update(low)
            hash.update(high)
        case .integer(let low, let high), .logInteger(let low, let high):
            hash.update(low)
            hash.update(high)
        case .choice(let values): absorb(.list(values), into: &hash)
        case .value(let value): absorb(value, into: &hash)
        }
    }

    private static func absorb(_ value: ParameterValue, into hash: inout SHA256) {
        switch value {
        case .boolean(let boolean):
            hash.update(0)
            hash.update(boolean ? 1 : 0)
        case .integer(let integer):
            hash.update(1)
            hash.update(integer)
        case .number(let number):
            hash.update(2)
            hash.update(number)
        case .text(let text):
            hash.update(3)
            hash.update(text)
        case .list(let values):
            hash.update(4)
            hash.update(values.count)
            for value in values { absorb(value, into: &hash) }
        case .inactive: hash.update(5)
        }
    }
}
