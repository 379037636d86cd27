import HPCluster
import HPReport
import HPSearch

/// The result of a study is a function of what was asked: an undisturbed run has the same.
enum PurityChecker {
    static let name = "purity"

    enum Verdict: Equatable {
        case same
        case different(String)
        /// Nothing to compare with, and why.
        case skipped(String)
    }

    /// Trials convicted of breaking, or of killing their workers; the last failure is the reason.
    private static func convictions(_ study: Study) -> [String] {
        study.trials.filter { trial in
            trial.state == .fail && ["poison", "crashed", "oom", "timeout"].contains(trial.reason)
        }.map { "\($0.number) \($0.reason)" }
    }

    static func compare(_ study: Study, with reference: Study) -> Verdict {
        // Crashes that came by chance may have convicted a trial.
        if convictions(study) != convictions(reference) { return .skipped("other convictions") }
        guard study.state == reference.state, study.reason == reference.reason else {
            return .different(
                "it is \(study.state.rawValue) \(study.reason), undisturbed "
                    + "\(reference.state.rawValue) \(reference.reason)")
        }
        if let difference = difference(study, reference) { return .different(difference) }
        return Fingerprint.digest(of: study) == Fingerprint.digest(of: reference)
            ? .same : .different("its fingerprint is not that of an undisturbed run")
    }

    private static func difference(_ study: Study, _ reference: Study) -> String? {
        guard study.trials.count == reference.trials.count else {
            return "it has \(study.trials.count) trials, undisturbed \(reference.trials.count)"
        }
        let pairs = zip(study.trials, reference.trials)
        let other = pairs.first { left, right in
            left.state != right.state || left.reason != right.reason
                || left.parameters != right.parameters
                || left.result?.objectiveCurve != right.result?.objectiveCurve
        }
        guard let (left, right) = other else { return nil }
        return "trial \(left.number) is \(left.state.rawValue) \(left.reason) "
            + "\(left.result?.value.map { "\($0)" } ?? ""), undisturbed "
            + "\(right.state.rawValue) \(right.reason) "
            + "\(right.result?.value.map { "\($0)" } ?? "")"
    }
}

extension Simulation {
    /// Compares each study that ended by its own rules with an undisturbed run of it.
    func compareWithReference(_ state: ClusterState) {
        for run in state.studies {
            let verdict = verdict(on: run.study)
            tell("reference", "study \(run.study.spec.name): \(verdict)")
            switch verdict {
            case .same: tally[.comparisons] += 1
            case .skipped: tally[.comparisonsSkipped] += 1
            case .different(let explanation):
                observer.report(
                    PurityChecker.name, "study \(run.study.spec.name): \(explanation)")
            }
        }
    }

    private func verdict(on study: Study) -> PurityChecker.Verdict {
        guard let simulated = studies.first(where: { $0.spec.name == study.spec.name }) else {
            return .different("nobody planned it")
        }
        if study.state == .canceled || study.reason == "stopped" {
            return .skipped("ended by an operator")
        }
        do {
            var reference = try Reference(
                simulated, dataDigest: study.dataDigest ?? "data",
                engineRevision: study.engineRevision ?? "engine/1")
            guard let undisturbed = try reference.run() else {
                return .different("it never ends when nothing disturbs it")
            }
            let arrivals =
                observer.arrivals.indices.contains(study.id - 1)
                ? observer.arrivals[study.id - 1] : []
            return PurityChecker.compare(
                saboteur.reported(study, arrivals: arrivals), with: undisturbed)
        } catch {
            return .different("an undisturbed run fails: \(error)")
        }
    }
}
