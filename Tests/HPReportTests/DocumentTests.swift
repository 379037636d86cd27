import HPCluster
import HPReport
import HPSearch
import SchemaTesting
import Testing

@Suite struct DocumentTests {
    private let progress = StudyProgress(
        study: "demo", state: .running, reason: "", detail: "", planned: 13, done: 7, running: 1,
        complete: 5, stage: "fine",
        best: Leader(
            value: 0.527, trial: 6, configuration: 6, completeCount: 1, replicateCount: 1),
        busyWorkers: 1,
        connectedWorkers: 2,
        obstacles: ["worker host/slot-2: the file table.csv is missing: pass --data-root"])

    private let empty = StudyProgress(
        study: "later", state: .failed, reason: "no-trial-succeeded",
        detail: "no trial is COMPLETE",
        planned: 4, done: 4, running: 0, complete: 0, stage: "", best: nil,
        busyWorkers: 0, connectedWorkers: 2, obstacles: [])

    private let workers = [
        WorkerStatus(
            id: String(repeating: "0f", count: 16), name: "host/slot-0", state: .busy, slots: 1,
            leases: (1...6).map { Lease(study: 2, trial: $0, attempt: 1) },
            engineRevision: "hpnet/1", silentSeconds: 0.53, declined: []),
        WorkerStatus(
            id: String(repeating: "a5", count: 16), name: "host/slot-2", state: .idle, slots: 2,
            leases: [], engineRevision: "hpnet/1", silentSeconds: 1.9,
            declined: ["demo: the file table.csv is missing: pass --data-root"]),
    ]

    private let audit = Audit(
        study: "demo", state: .running, planned: 13, created: 9, finished: 1,
        coordinatorStarts: 2,
        attempts: [
            .init(
                lease: Lease(study: 1, trial: 1, attempt: 1), worker: "host/slot-0",
                outcome: .ok, detail: ""),
            .init(
                lease: Lease(study: 1, trial: 2, attempt: 1), worker: "host/slot-1",
                outcome: .lost, detail: "no heartbeat for 8 s"),
            .init(
                lease: Lease(study: 1, trial: 2, attempt: 2), worker: "host/slot-0",
                outcome: nil, detail: ""),
        ],
        violations: [])

    private let curve = [
        EpochMetrics(
            epoch: 0.5, learningRate: 5.340517e-4, validationAccuracy: 0.45, validationLoss: 1.6,
            trainingAccuracy: 0.5, trainingLoss: 1.5),
        EpochMetrics(
            epoch: 1, learningRate: 5.0734911e-4, validationAccuracy: 0.527, validationLoss: 1.3,
            trainingAccuracy: 0.61, trainingLoss: .infinity),
    ]

    private let verification = Verification(
        study: "demo", state: .complete,
        checks: [
            .init(
                name: "replay", isFulfilled: true,
                detail: "60 records give the live state, 18 ended trials"),
            .init(
                name: "rerun", isFulfilled: false,
                detail: "trial 4 trained here: its objective has other bits now"),
        ])

    private var examination: Examination {
        Examination(
            versions: [.init("hpcoord", "0.1.0"), .init("libzmq", "4.3.4")],
            endpoint: "tcp://127.0.0.1:5231",
            security: "no encryption: only processes of this machine can connect",
            securityProblem: nil,
            journal: .init(
                path: "/data/hpcoord.sqlite", byteCount: 57_600, freeByteCount: 80_000_000_000,
                epoch: 3, degradation: nil),
            workers: workers,
            studies: [
                .init(
                    study: "demo", state: .queued, waiting: 12, running: 0,
                    obstacle: "all slots are busy with other studies"),
                .init(study: "later", state: .running, waiting: 2, running: 4, obstacle: nil),
            ], refusedFrames: 0, contradictions: [])
    }

    private static let rows = RowCorrectness((0..<12).map { $0 % 3 != 1 })

    private func render(_ name: String, _ format: DocumentFormat) -> String {
        var study = Fixtures.runningStudy
        if name == "trial" { study.trials[5].result?.flags = [.plateau, .overfit] }
        return switch name {
        case "studies": StudyListDocument.render([progress, empty], format: format)
        case "status":
            StatusDocument.render(
                progress, of: study, obstacle: nil, elapsedSeconds: 41.3, format: format)
        case "trial":
            TrialDocument.render(
                trial: 6, of: study,
                recordings: TrialRecordings(
                    curve: curve, diagnostics: Fixtures.diagnostics(epochs: 2, dead: 0.25),
                    correctness: Self.rows,
                    crossedCorrectness: CrossedCorrectness(
                        rows: Self.rows, rightOutside: Array(repeating: 6, count: 10))),
                format: format) ?? ""
        case "workers":
            WorkersDocument.render(workers, studyNames: ["demo", "other"], format: format)
        case "audit": AuditDocument.render(audit, format: format)
        case "verify": VerifyDocument.render(verification, rerun: [7, 4], format: format)
        case "doctor": DoctorDocument.render(examination, format: format)
        case "report": Report.render(ReportInput(study: study), format: .json)
        default: ""
        }
    }

    private static let names = [
        "studies", "status", "trial", "workers", "audit", "verify", "doctor",
    ]

    @Test(arguments: names)
    func `a document reads as it should`(name: String) throws {
        for (format, suffix) in [(DocumentFormat.table, "txt"), (.json, "json")] {
            let text = render(name, format)
            #expect(try text == Golden.text("\(name).\(suffix)", updatedBy: text))
        }
    }

    @Test(arguments: names + ["report"])
    func `a document fits its schema`(name: String) throws {
        let checker = try SchemaChecker(shipped: name, of: "HPReport")
        #expect(try checker.problems(in: render(name, .json)) == [])
    }

    @Test(arguments: names + ["report"])
    func `a schema refuses what is missing and what is unknown`(name: String) throws {
        let checker = try SchemaChecker(shipped: name, of: "HPReport")
        let document = render(name, .json)
        let renamed = document.replacing("\"state\": ", with: "\"condition\": ")
        let problems = try checker.problems(in: renamed)
        #expect(problems.contains { $0.hasSuffix("lacks state") })
        #expect(problems.contains { $0.hasSuffix("condition is unknown") })
        let other = document.replacing("hpcoord.\(name)/1", with: "hpcoord.\(name)/2")
        #expect(try checker.problems(in: other) == ["$.schema: is not hpcoord.\(name)/1"])
    }

    @Test func `empty lists say what to do`() throws {
        #expect(StudyListDocument.render([], format: .table).contains("hpcoord submit"))
        #expect(WorkersDocument.render([], studyNames: [], format: .table).contains("hpworker"))
        let studies = StudyListDocument.render([], format: .json)
        #expect(try SchemaChecker(shipped: "studies", of: "HPReport").problems(in: studies) == [])
    }

    @Test func `a trial that is not there has no document`() {
        let study = Fixtures.runningStudy
        #expect(
            TrialDocument.render(trial: 10, of: study, recordings: TrialRecordings(), format: .json)
                == nil)
        #expect(
            TrialDocument.render(trial: 0, of: study, recordings: TrialRecordings(), format: .table)
                == nil)
    }

    @Test func `every trial of a study fits the schema`() throws {
        let study = Fixtures.runningStudy
        let checker = try SchemaChecker(shipped: "trial", of: "HPReport")
        for trial in study.trials {
            let text = try #require(
                TrialDocument.render(
                    trial: trial.number, of: study, recordings: TrialRecordings(), format: .json))
            #expect(try checker.problems(in: text) == [])
        }
    }

    @Test func `a doctor finds a full disk, silence, and whatever keeps a study still`() {
        var examination = examination
        #expect(examination.problems.count == 1)
        examination.journal.degradation = "the disk is full"
        examination.workers[0].state = .suspect
        examination.securityProblem = "the self-test failed"
        examination.contradictions = ["a worker has two sessions"]
        let text = DoctorDocument.render(examination, format: .table)
        for sentence in [
            "PROBLEM: nothing is accepted at present: the disk is full",
            "PROBLEM: the self-test failed",
            "PROBLEM: report this as a defect: a worker has two sessions",
            "PROBLEM: worker host/slot-0 has been silent for 0.5s",
        ] {
            #expect(text.contains(sentence))
        }
        // A study that stands still for want of room has no other reason.
        #expect(!text.contains("stands still"))
        examination.journal.degradation = nil
        #expect(
            examination.problems.contains(
                "study demo stands still: all slots are busy with other studies"))
        // What somebody wants to stand still is no problem.
        examination.studies[0].state = .paused
        examination.studies[0].obstacle = "the next ranges wait for consent"
        #expect(!examination.problems.contains { $0.contains("stands still") })
        #expect(
            DoctorDocument.render(examination, format: .table)
                .contains("study demo waits: the next ranges wait for consent"))
        examination.studies = []
        examination.journal.freeByteCount = 1 << 20
        #expect(examination.problems.contains { $0.contains("1.0 MiB left") })
    }

    @Test func `a violation is said first`() {
        var audit = audit
        audit.violations = ["trial 3 has two results"]
        let text = AuditDocument.render(audit, format: .table)
        #expect(text.contains("VIOLATION: trial 3 has two results\n"))
        #expect(!text.contains("in order"))
    }
}
