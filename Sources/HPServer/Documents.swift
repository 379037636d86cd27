import HPCluster
import HPReport
import HPSearch
import HPStore

/// The state of the coordinator at one moment: documents are made of it off the driver's thread.
struct Snapshot: Sendable {
    var core: Coordinator
    var degradation: String?
    var refusedFrames: Int
    var endpoint: String
    var security: SecurityCondition
    var takenAt: Instant
    var workers: [WorkerStatus]
    var elapsed: [StudyElapsed]

    func elapsedSeconds(of id: StudyID) -> Double? {
        elapsed.first { $0.study == id }?.seconds
    }
}

/// Answers queries.
struct Documents {
    let snapshot: Snapshot
    let store: JournalStore

    /// A part of a document well below the limit of a frame.
    private static let chunkByteCount = 256 * 1024

    func answer(_ query: ClientRequest.Query) -> [ClientReply.Body] {
        do {
            if query.kind == .evidence { return [.evidence(try evidence(query, of: run(query)))] }
            let (document, progress) = try document(query)
            return chunks(of: document, progress)
        } catch let refusal as Refusal {
            return [.error(exitCode: refusal.exitCode, message: refusal.message)]
        } catch let error as StoreError {
            return [.error(exitCode: Int(error.exitCode), message: "\(error)")]
        } catch {
            return [.error(exitCode: 1, message: "\(error)")]
        }
    }

    private struct Refusal: Error {
        var exitCode: Int
        var message: String
    }

    private func document(
        _ query: ClientRequest.Query
    ) throws -> (String, StudyProgress?) {
        switch query.kind {
        case .list:
            let studies = snapshot.core.state.studies.map(snapshot.core.progress)
            return (StudyListDocument.render(studies, format: try format(query)), nil)
        case .workers:
            let names = snapshot.core.state.studies.map(\.study.spec.name)
            let text = WorkersDocument.render(
                snapshot.workers, studyNames: names, format: try format(query))
            return (text, nil)
        case .doctor:
            return (
                DoctorDocument.render(
                    try Self.examine(snapshot, store), format: try format(query)), nil
            )
        case .status, .report, .trial, .fingerprint, .audit, .narrow, .verify, .evidence:
            let run = try run(query)
            return (try document(query, of: run), snapshot.core.progress(of: run))
        }
    }

    private func document(
        _ query: ClientRequest.Query, of run: StudyRun
    ) throws -> String {
        switch query.kind {
        case .list, .workers, .doctor, .evidence: ""
        case .verify: try verify(query, of: run)
        case .narrow:
            NarrowDocument.render(
                run.study, stages: [NarrowDocument.currentStage(of: run.study)].compactMap(\.self),
                format: try format(query))
        case .status:
            StatusDocument.render(
                snapshot.core.progress(of: run), of: run.study,
                obstacle: snapshot.core.obstacle(of: run, at: snapshot.takenAt),
                elapsedSeconds: snapshot.elapsedSeconds(of: run.study.id),
                format: try format(query))
        case .report: try report(query, of: run)
        case .trial: try trial(query, of: run)
        case .fingerprint: try fingerprint(of: run)
        case .audit:
            AuditDocument.render(
                Audit(
                    of: run.study, epoch: snapshot.core.state.epoch,
                    records: try store.records(of: run.study.id)),
                format: try format(query))
        }
    }

    private func verify(_ query: ClientRequest.Query, of run: StudyRun) throws -> String {
        let format = try format(query)
        var verification = Verification(
            of: run, epoch: snapshot.core.state.epoch, records: try store.records())
        verification.checks.append(
            try Verification.recordings(of: run.study) { trial in
                try store.recordings(study: run.study.id, trial: trial)?.recordings
            })
        return VerifyDocument.render(
            verification, rerun: Verification.trialsToRerun(of: run.study, count: query.top),
            format: format)
    }

    private func report(_ query: ClientRequest.Query, of run: StudyRun) throws -> String {
        guard let format = ReportFormat(rawValue: query.format) else {
            throw unknownFormat(query, ReportFormat.allCases.map(\.rawValue))
        }
        return Report.render(try reportInput(of: run, format), format: format, top: query.top)
    }

    /// All that a report is made of.
    func reportInput(of run: StudyRun, _ format: ReportFormat) throws -> ReportInput {
        let progress = snapshot.core.progress(of: run)
        return ReportInput(
            study: run.study, busyWorkers: progress.busyWorkers,
            connectedWorkers: progress.connectedWorkers,
            elapsedSeconds: snapshot.elapsedSeconds(of: run.study.id),
            recorded: format.hasFigures ? try recorded(of: run.study) : [],
            rows: try rows(of: run.study))
    }

    /// The validation rows that the best trials got right.
    private func rows(of study: Study) throws -> [TrialRows] {
        var rows: [TrialRows] = []
        try store.forEachCorrectness(
            study: study.id, trials: Report.comparedTrials(of: study)
        ) { trial, correctness, crossed in
            rows.append(TrialRows(trial: trial, correctness: correctness, crossed: crossed))
        }
        return rows
    }

    /// What the page draws; nothing else needs recordings.
    private func recorded(of study: Study) throws -> [RecordedTrial] {
        try Report.recordedTrials(of: study).compactMap { trial in
            try store.recordings(study: study.id, trial: trial).map {
                RecordedTrial(trial: trial, recordings: $0.recordings)
            }
        }
    }

    private func trial(_ query: ClientRequest.Query, of run: StudyRun) throws -> String {
        let record = try store.recordings(study: run.study.id, trial: query.trial)
        let recordings = record?.recordings ?? TrialRecordings()
        let page = TrialPage(trial: query.trial, of: run.study, recordings: recordings)
        let document =
            switch query.format {
            case "html": page?.text
            case "figures": page?.figuresText
            default:
                TrialDocument.render(
                    trial: query.trial, of: run.study, recordings: recordings,
                    rows: try rows(of: run.study), format: try format(query))
            }
        guard let document else {
            throw Refusal(
                exitCode: 66,
                message: """
                    study "\(query.study)" has no trial \(query.trial): its trials are numbered \
                    from 1 to \(run.study.trials.count) so far
                    """)
        }
        return document
    }

    private func evidence(
        _ query: ClientRequest.Query, of run: StudyRun
    ) throws -> TrialEvidence {
        let record = try store.recordings(study: run.study.id, trial: query.trial)
        let evidence = run.evidence(
            of: query.trial, recordings: record?.recordings ?? TrialRecordings())
        if let evidence { return evidence }
        throw Refusal(
            exitCode: 66,
            message: "trial \(query.trial) of study \"\(query.study)\" has no result to repeat")
    }

    private func fingerprint(of run: StudyRun) throws -> String {
        if let digest = Fingerprint.digest(of: run.study) { return digest + "\n" }
        let state = run.study.state.rawValue
        let ending = run.study.reason.isEmpty ? state : "\(state) (\(run.study.reason))"
        throw Refusal(
            exitCode: 1,
            message: """
                study "\(run.study.spec.name)" is \(ending): only one that is COMPLETE by its own \
                rules has a fingerprint
                """)
    }

    private func run(_ query: ClientRequest.Query) throws -> StudyRun {
        if let run = snapshot.core.state.study(named: query.study) { return run }
        throw Refusal(
            exitCode: 66,
            message: "there is no study \"\(query.study)\" here: `hpcoord ls` lists them")
    }

    private func format(_ query: ClientRequest.Query) throws -> DocumentFormat {
        if let format = DocumentFormat(rawValue: query.format) { return format }
        throw unknownFormat(query, DocumentFormat.allCases.map(\.rawValue))
    }

    private func unknownFormat(_ query: ClientRequest.Query, _ known: [String]) -> Refusal {
        Refusal(
            exitCode: 2,
            message: "there is no format \(query.format): \(known.joined(separator: ", "))")
    }

    private func chunks(of document: String, _ progress: StudyProgress?) -> [ClientReply.Body] {
        let bytes = Array(document.utf8)
        let count = max(1, (bytes.count + Self.chunkByteCount - 1) / Self.chunkByteCount)
        return (0..<count).map { index in
            let start = index * Self.chunkByteCount
            let part = bytes[start..<min(start + Self.chunkByteCount, bytes.count)]
            return .document(bytes: Array(part), index: index, count: count, progress: progress)
        }
    }
}
