import HPCluster

/// Sees what happens, keeps its own ledger, and asks the checkers.
struct Observer {
    private(set) var ledger = Ledger()
    /// The fold of what is durable, by the product's own `apply`.
    private(set) var durable = ClusterState()
    /// Every durable record.
    private(set) var records: [JournalRecord] = []
    private(set) var violations: [Violation] = []
    /// Trials in the order in which their results became durable, by study.
    private(set) var arrivals: [[Int]] = []
    private var checkers: [any Checker]
    /// What was compared last, and after how many records.
    private var compared = ClusterState()
    private var comparedCount = -1

    init() {
        checkers = [
            TerminalChecker(), AcknowledgementChecker(), DurabilityChecker(),
            AssignmentChecker(), AttemptChecker(), PlanChecker(), ChargeChecker(),
            BarrierChecker(), ReplayChecker(), FencingChecker(), AuthorityChecker(),
            PatienceChecker(), WelcomeChecker(), SpoolChecker(), CalmChecker(),
            AccountChecker(), CheckpointChecker(), LivenessChecker(),
        ]
    }

    mutating func observe(_ observation: Observation) {
        for index in checkers.indices {
            let explanations = checkers[index].observe(observation, ledger)
            if explanations.isEmpty { continue }
            let name = type(of: checkers[index]).name
            violations += explanations.map { Violation(checker: name, explanation: $0) }
        }
    }

    /// A transaction is durable.
    mutating func observe(transaction: [JournalRecord]) {
        for record in transaction {
            observe(.record(record))
            ledger.apply(record)
            records.append(record)
            if case .trialFinished(let finished) = record { note(finished) }
            if let contradiction = durable.apply(record) {
                report(ReplayChecker.name, "the journal contradicts itself: \(contradiction)")
            }
        }
        observe(.transaction)
    }

    /// Compares the coordinator's state with what is durable.
    mutating func compare(_ live: ClusterState) {
        // A state that nobody touched shares its storage with the copy, and compares at once.
        if comparedCount == records.count, live == compared { return }
        observe(.state(live: live, durable: durable))
        compared = live
        comparedCount = records.count
    }

    mutating func report(_ checker: String, _ explanation: String) {
        violations.append(Violation(checker: checker, explanation: explanation))
    }

    private mutating func note(_ finished: FinishedTrial) {
        while arrivals.count < finished.study { arrivals.append([]) }
        arrivals[finished.study - 1].append(finished.trial)
    }
}
