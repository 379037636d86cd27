import Foundation
import HPCluster
import HPNet
import HPReport
import HPSearch
import HPStore
import HPWire
import Testing

@testable import HPRunner
@testable import HPServer

/// A study that the engine trains, its journal on disk, and what a report of it is made of.
@Suite struct `What a report is made of` {
    private let start = Instant(nanoseconds: 0)

    private func frame(_ message: PeerMessage, from session: UInt8) -> IncomingFrame {
        IncomingFrame(
            sender: Sender(session: SessionID([session]), authority: .local),
            body: WireCodec.encode(message))
    }

    private func spec(_ objective: String) throws -> StudySpec {
        try StudySpec.read(
            text: """
                study: rows
                seed: 3
                objective: \(objective)
                data: {dataset: digits, split: {train: 200, validation: 90}}
                model: {hidden: [8]}
                train: {batch_size: 20}
                parameters: {learning_rate: {log_uniform: [1.0e-3, 1.0e+6]}}
                stages:
                  - {name: first, trials: 8, epochs: 3}
                  - {name: final, trials: 2, epochs: 4, from: top, seeds: 2}
                """, file: "test.yaml")
    }

    /// The answers of a worker to what it is handed.
    private func results(_ turn: Turn, _ spec: StudySpec) throws -> [TrialReport] {
        var reports: [TrialReport] = []
        for frame in turn.frames {
            guard
                case .assign(let assignment) = try WireCodec.decodeCoordinatorMessage(frame.body)
            else { continue }
            let order = WorkerSession.Order(
                study: assignment.study, studyDigest: spec.contentDigest, spec: spec,
                epochs: assignment.epochs, dataDigest: assignment.dataDigest,
                members: assignment.members)
            BundleExecutor(loader: DataLoader(dataRoot: ".")).execute(
                order, shouldStop: { _ in false }
            ) { event in
                if case .finished(let finished) = event { reports += finished }
            }
        }
        return reports
    }

    /// Runs the study to its end; what a report of it is made of then.
    private func input(_ spec: StudySpec) throws -> ReportInput {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("hpserver-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try JournalStore(directory: folder)
        defer { store.close() }
        var driver = try CoordinatorDriver(journal: store, at: start)
        let hello = Hello(
            protocolVersion: ClusterLimits.protocolVersion, introduction: 1,
            worker: WorkerIdentity(id: "w", incarnation: 1, name: "w"), slots: 1,
            engineRevision: Engine.revision, held: [])
        let submission = ClientRequest(id: 1, command: .submit(content: spec.content))
        var turn = try driver.turn(
            [frame(.request(submission), from: 9), frame(.hello(hello), from: 1)], at: start)
        while true {
            let reports = try results(turn, spec)
            if reports.isEmpty { break }
            turn = try driver.turn([frame(.results(reports), from: 1)], at: start)
        }
        let snapshot = Snapshot(
            core: driver.core, degradation: nil, refusedFrames: 0, endpoint: "",
            security: SecurityCondition(nil, nil), takenAt: start, workers: [], elapsed: [])
        let run = try #require(driver.core.state.study(named: "rows"))
        return try Documents(snapshot: snapshot, store: store).reportInput(of: run, .json)
    }

    @Test(arguments: ["best", "last"])
    func `has the validation rows of every COMPLETE trial`(at: String) throws {
        let input = try input(try spec("{metric: val_accuracy, goal: maximize, at: \(at)}"))
        let complete = input.study.trials.filter { $0.state == .complete }
        #expect(input.study.state == .complete && input.study.trials.count == 12)
        #expect(complete.count >= 6 && complete.count < 12, "some trials diverge, not all")
        #expect(input.rows.map(\.trial) == complete.map(\.number))
        for (rows, trial) in zip(input.rows, complete) {
            #expect(rows.correctness.count == 90)
            #expect(Double(rows.correctness.rightCount) / 90 == trial.result?.value)
            #expect(rows.crossed?.rows.count == 90)
        }
    }

    @Test func `has no rows where the objective is a loss`() throws {
        let input = try input(try spec("{metric: val_loss, goal: minimize}"))
        #expect(input.study.state == .complete)
        #expect(input.rows == [])
    }
}
