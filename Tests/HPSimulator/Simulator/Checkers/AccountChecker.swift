import HPCluster
import HPReport
import HPSearch

/// Every planned trial is accounted for, and the product's own audit agrees.
struct AccountChecker: Checker {
    static let name = "accounts"

    mutating func observe(_ observation: Observation, _ ledger: Ledger) -> [String] {
        guard case .ended(let ending) = observation else { return [] }
        return ending.live.studies.flatMap { run -> [String] in
            let study = run.study
            let accounting = Accounting(of: study)
            let planned =
                study.stages.map(\.trialCount).reduce(0, +)
                + study.spec.stages.dropFirst(study.stages.count).map(\.trialCount).reduce(0, +)
            var problems: [String] = []
            if accounting.planned != planned {
                problems.append(
                    "study \(study.id) planned \(planned) trials and accounts for "
                        + "\(accounting.planned)")
            }
            let audit = Audit(
                of: study, epoch: ending.live.epoch, records: ending.records)
            return problems + audit.violations.map { "study \(study.id): \($0)" }
        }
    }
}
