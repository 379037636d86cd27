import HPCluster
import HPReport
import HPSearch
import HPServer
import HPWire

/// A study on an undisturbed cluster of one worker, through the same coordinator.
struct Reference {
    private let study: SimulatedStudy
    private let dataDigest: String
    private let engineRevision: String
    private var driver: CoordinatorDriver<SimulatedJournal>
    private var now = Instant(nanoseconds: 0)
    private var incarnation: UInt64 = 0
    private var inbox: [[UInt8]] = []
    private let worker = Sender(session: SessionID([1]), authority: .local)
    private let client = Sender(session: SessionID([2]), authority: .local)

    /// - Parameters:
    ///   - dataDigest: of the worker's data.
    ///   - engineRevision: of the worker.
    init(
        _ study: SimulatedStudy, dataDigest: String, engineRevision: String
    ) throws {
        self.study = study
        self.dataDigest = dataDigest
        self.engineRevision = engineRevision
        let journal = try SimulatedJournal(
            storage: MemoryStorage(seed: 0), saboteur: Saboteur(bug: nil))
        driver = try CoordinatorDriver(journal: journal, at: now)
    }

    /// Runs the study to its end; nil when it doesn't end.
    mutating func run() throws -> Study? {
        try ask(.submit(content: study.content))
        try introduce()
        // Each round ends an attempt at least.
        let trials = study.spec.stages.map(\.trialCount).reduce(0, +)
        for _ in 0..<(trials * study.spec.limits.attempts * 2 + 100) {
            guard let run = driver.core.state.studies.first else { return nil }
            if run.study.state.isTerminal { return run.study }
            if run.study.awaitsConfirmation {
                try ask(.acceptNarrowing(study: study.spec.name))
            }
            try work()
        }
        return nil
    }

    private mutating func ask(_ command: ClientRequest.Command) throws {
        try turn(.request(ClientRequest(id: 1, command: command)), from: client)
    }

    private mutating func introduce() throws {
        incarnation += 1
        inbox = []
        try turn(
            .hello(
                Hello(
                    protocolVersion: ClusterLimits.protocolVersion, introduction: 1,
                    worker: WorkerIdentity(
                        id: "reference", incarnation: incarnation, name: "reference"),
                    slots: 1, engineRevision: engineRevision, held: [])), from: worker)
    }

    /// Trains what was assigned; a trial that kills the worker makes it come anew.
    private mutating func work() throws {
        guard !inbox.isEmpty else {
            // A worker that hears nothing introduces itself, as the real one does.
            now = now.advanced(bySeconds: 2)
            return try introduce()
        }
        let message = try WireCodec.decodeCoordinatorMessage(inbox.removeFirst())
        guard case .assign(let assignment) = message else { return }
        var reports: [TrialReport] = []
        for member in assignment.members {
            let fate = study.fate(
                of: member.parameters, replicate: member.replicate, dataDigest: dataDigest)
            guard let outcome = outcome(of: fate) else { return try introduce() }
            reports.append(
                TrialReport(
                    lease: member.lease, studyDigest: study.contentDigest,
                    dataDigest: dataDigest, engineRevision: engineRevision, outcome: outcome))
        }
        try turn(.results(reports), from: worker)
    }

    private func outcome(of fate: SimulatedStudy.Fate) -> TrialReport.Outcome? {
        switch fate {
        case .kills: nil
        case .fails: .failed(reason: "error", detail: "the trial can't be trained")
        case .breaks(let outcome): .broke(outcome: outcome, detail: "it always does")
        case .trains(let state, let reason, let result, let recordings):
            .trained(
                state: state, reason: reason, detail: "", result: result,
                recordings: recordings)
        }
    }

    private mutating func turn(_ message: PeerMessage, from sender: Sender) throws {
        now = now.advanced(bySeconds: 0.1)
        let turn = try driver.turn(
            [IncomingFrame(sender: sender, body: WireCodec.encode(message))], at: now)
        inbox += turn.frames.filter { $0.session == worker.session }.map(\.body)
    }
}
