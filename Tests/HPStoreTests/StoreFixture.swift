import Foundation
import GRDB
import HPCluster
import HPSearch
import HPStore

/// A folder of its own for each test, gone when the test is.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let name = "hpstore-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var data: String { path + "/data" }
    var database: String { data + "/hpcoord.sqlite" }
    var log: String { database + "-wal" }

    /// Bytes of a file; nil when there is none.
    func contents(_ file: String) -> Data? { FileManager.default.contents(atPath: file) }

    /// The one text that a query over a plain connection gives.
    func text(_ query: String) throws -> String {
        let queue = try DatabaseQueue(path: database)
        defer { try? queue.close() }
        return try queue.read { try String.fetchOne($0, sql: query) ?? "" }
    }

    /// Runs SQL on the database over a plain connection, as an operator with a shell might.
    func run(_ sql: String) throws {
        let queue = try DatabaseQueue(path: database)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }
}

/// Records for a journal that checks what may follow what.
enum Sample {
    /// A record that needs no other.
    static func start(_ epoch: Int) -> JournalRecord { .coordinatorStarted(epoch: epoch) }

    static func submit(_ study: StudyID = 1) -> JournalRecord {
        .studySubmitted(study: study, content: "study: a")
    }

    static func create(_ trial: Int, study: StudyID = 1) -> JournalRecord {
        .trialCreated(
            study: study,
            trial: CreatedTrial(
                number: trial, stage: 0, configuration: trial, replicate: 0,
                parameters: [.number(1e-3)]))
    }

    static func end(_ trial: Int, attempt: Int = 1, study: StudyID = 1) -> JournalRecord {
        .attemptEnded(
            lease: Lease(study: study, trial: trial, attempt: attempt), outcome: .lost,
            detail: "the worker fell silent")
    }

    static func lease(_ trial: Int, attempt: Int = 1, study: StudyID = 1) -> JournalRecord {
        .attemptLeased(
            lease: Lease(study: study, trial: trial, attempt: attempt),
            worker: WorkerIdentity(
                id: String(repeating: "a", count: 32), incarnation: 7, name: "host/slot-0"),
            alone: false)
    }

    static func finish(_ trial: Int, attempt: Int = 1, study: StudyID = 1) -> JournalRecord {
        .trialFinished(
            FinishedTrial(
                study: study, trial: trial, attempt: attempt, state: .fail, reason: "poison",
                detail: "three attempts were lost", result: nil, worker: "host/slot-0"))
    }

    /// Trials of a batch, each from its creation to its result; the first one's with the study.
    static func batch(_ trials: Range<Int>, study: StudyID = 1) -> [JournalRecord] {
        (trials.lowerBound == 1 ? [submit(study)] : [])
            + trials.map { create($0, study: study) } + trials.map { lease($0, study: study) }
            + trials.map { finish($0, study: study) }
    }

    static func recordings(_ trial: Int, attempt: Int = 1, epochs: Int = 5) -> RecordingsRecord {
        let points = (1...epochs).map { index -> EpochMetrics in
            let epoch = Double(index)
            return EpochMetrics(
                epoch: epoch, learningRate: 1e-3, validationAccuracy: 1 - 0.9 / epoch,
                validationLoss: 2.3 / epoch, trainingAccuracy: 1 - 0.8 / epoch,
                trainingLoss: 2.2 / epoch)
        }
        let looks = points.map { point in
            EpochDiagnostics(
                epoch: point.epoch, dataLoss: point.trainingLoss, regularizationLoss: 0.25)
        }
        return RecordingsRecord(
            study: 1, trial: trial, attempt: attempt,
            recordings: TrialRecordings(
                curve: points, diagnostics: TrialDiagnostics(epochs: looks),
                correctness: rows(trial), crossedCorrectness: crossed(trial)))
    }

    /// 75 rows: which are right is another thing for each trial.
    static func rows(_ trial: Int) -> RowCorrectness {
        RowCorrectness((0..<75).map { ($0 * $0 + trial) % 5 < 3 })
    }

    /// Nil for every third trial.
    static func crossed(_ trial: Int) -> CrossedCorrectness? {
        trial % 3 == 0 ? nil : CrossedCorrectness(atOneEpoch: rows(trial + 1))
    }
}
