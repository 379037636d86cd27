package import HPCluster
import HPSearch

/// What a coordinator says of its health.
package struct Examination: Sendable {
    /// A program or library and its version.
    package struct Version: Sendable, Hashable {
        package var name: String
        package var version: String

        package init(_ name: String, _ version: String) {
            self.name = name
            self.version = version
        }
    }

    package var versions: [Version]
    package var endpoint: String
    /// A sentence on encryption and its self-test.
    package var security: String
    /// What is wrong with the security; nil when all is well.
    package var securityProblem: String?
    package var journal: JournalCondition
    package var workers: [WorkerStatus]
    package var studies: [StudyDiagnosis]
    /// Frames that were no messages of the protocol, since the start.
    package var refusedFrames: Int
    /// What would be a defect of the coordinator.
    package var contradictions: [String]

    /// The journal's disk.
    package struct JournalCondition: Sendable, Hashable {
        package var path: String
        package var byteCount: Int
        package var freeByteCount: Int
        /// Coordinator processes that served it.
        package var epoch: Int
        /// Why nothing is accepted at present.
        package var degradation: String?

        package init(
            path: String, byteCount: Int, freeByteCount: Int, epoch: Int, degradation: String?
        ) {
            self.path = path
            self.byteCount = byteCount
            self.freeByteCount = freeByteCount
            self.epoch = epoch
            self.degradation = degradation
        }
    }

    package init(
        versions: [Version], endpoint: String, security: String, securityProblem: String?,
        journal: JournalCondition, workers: [WorkerStatus], studies: [StudyDiagnosis],
        refusedFrames: Int, contradictions: [String]
    ) {
        self.versions = versions
        self.endpoint = endpoint
        self.security = security
        self.securityProblem = securityProblem
        self.journal = journal
        self.workers = workers
        self.studies = studies
        self.refusedFrames = refusedFrames
        self.contradictions = contradictions
    }

    /// Bytes below which the journal's disk is said to run full.
    private static let freeByteCountMinimum = 256 << 20

    /// What a person should look at, one sentence each.
    package var problems: [String] {
        var problems: [String] = []
        if let degradation = journal.degradation {
            problems.append("nothing is accepted at present: \(degradation)")
        } else if journal.freeByteCount < Self.freeByteCountMinimum {
            let left = NumberFormat.bytes(journal.freeByteCount)
            problems.append(
                "the disk of \(journal.path) has \(left) left: make room before it is full")
        }
        problems += contradictions.map { "report this as a defect: \($0)" }
        if let securityProblem { problems.append(securityProblem) }
        // What stands still for want of room says nothing else.
        problems += (journal.degradation == nil ? studies : []).compactMap { study in
            study.isMeant
                ? nil : study.obstacle.map { "study \(study.study) stands still: \($0)" }
        }
        problems += workers.filter { $0.state == .suspect }.map {
            "worker \($0.name) has been silent for "
                + NumberFormat.duration(seconds: $0.silentSeconds)
        }
        return problems
    }
}

/// What `hpcoord doctor` prints, `hpcoord.doctor/1`.
package enum DoctorDocument {
    package static func render(_ examination: Examination, format: DocumentFormat) -> String {
        switch format {
        case .table: table(examination).asText
        case .json: document(examination).documentText()
        }
    }

    private static func table(_ examination: Examination) -> [String] {
        let journal = examination.journal
        var lines = examination.problems.flatMap { TextLayout.wrap($0, after: "PROBLEM: ") }
        if lines.isEmpty { lines.append("nothing is wrong that a coordinator can see") }
        let facts = [
            (
                "versions",
                examination.versions.map { "\($0.name) \($0.version)" }.joined(separator: ", ")
            ),
            ("endpoint", examination.endpoint), ("security", examination.security),
            (
                "journal",
                "\(journal.path), \(NumberFormat.bytes(journal.byteCount)), "
                    + "\(NumberFormat.bytes(journal.freeByteCount)) free, "
                    + "coordinator start \(journal.epoch)"
            ),
            ("workers", workers(examination.workers)),
            ("refused", "\(examination.refusedFrames) frames that were no messages"),
        ]
        lines += facts.flatMap { name, text in
            TextLayout.wrap(text, after: TextLayout.pad(name, to: 8) + "  ")
        }
        for study in examination.studies where study.isMeant {
            lines += TextLayout.wrap(study.obstacle ?? "", after: "study \(study.study) waits: ")
        }
        return lines + studies(examination.studies)
    }

    private static func workers(_ workers: [WorkerStatus]) -> String {
        let counts = WorkerStatus.State.allCases.compactMap { state in
            let count = workers.count { $0.state == state }
            return count > 0 ? "\(count) \(state.rawValue)" : nil
        }
        return counts.isEmpty ? "none" : counts.joined(separator: ", ")
    }

    private static func studies(_ studies: [StudyDiagnosis]) -> [String] {
        if studies.isEmpty { return ["no study is under way"] }
        return TextTable(columns: [
            TextTable.Column("study", .left, studies.map(\.study)),
            TextTable.Column("state", .left, studies.map(\.state.rawValue)),
            TextTable.Column("waiting", .right, studies.map { "\($0.waiting)" }),
            TextTable.Column("running", .right, studies.map { "\($0.running)" }),
        ]).lines()
    }

    private static func document(_ examination: Examination) -> JSONValue {
        let journal = examination.journal
        return .object([
            "schema": .text("hpcoord.doctor/1"),
            "healthy": .boolean(examination.problems.isEmpty),
            "problems": .texts(examination.problems),
            "versions": .members(
                examination.versions.map { JSONValue.Member($0.name, .text($0.version)) }),
            "endpoint": .text(examination.endpoint),
            "security": .text(examination.security),
            "journal": .object([
                "path": .text(journal.path), "bytes": .integer(journal.byteCount),
                "free_bytes": .integer(journal.freeByteCount),
                "coordinator_starts": .integer(journal.epoch),
                "degradation": .optional(journal.degradation),
            ]),
            "workers": .members(
                WorkerStatus.State.allCases.map { state in
                    JSONValue.Member(
                        state.rawValue,
                        .integer(examination.workers.count { $0.state == state }))
                }),
            "refused_frames": .integer(examination.refusedFrames),
            "studies": .array(
                examination.studies.map { study in
                    .object([
                        "name": .text(study.study), "state": .text(study.state.rawValue),
                        "waiting": .integer(study.waiting), "running": .integer(study.running),
                        "obstacle": .optional(study.obstacle),
                    ])
                }),
        ])
    }
}
