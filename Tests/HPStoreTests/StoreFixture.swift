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

    /// Runs SQL on the database over a plain connection, as an operator with a shell might.
    func run(_ sql: String) throws {
        let queue = try DatabaseQueue(path: database)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }
}

/// Records that don't contradict each other, whatever their number.
enum Sample {
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

    /// Leases and ends of the trials of a batch.
    static func batch(_ trials: Range<Int>, study: StudyID = 1) -> [JournalRecord] {
        trials.map { lease($0, study: study) } + trials.map { finish($0, study: study) }
    }

    static func curve(_ trial: Int, attempt: Int = 1, epochs: Int = 5) -> CurveRecord {
        let points = (1...epochs).map { index -> EpochMetrics in
            let epoch = Double(index)
            return EpochMetrics(
                epoch: epoch, learningRate: 1e-3, validationAccuracy: 1 - 0.9 / epoch,
                validationLoss: 2.3 / epoch, trainingAccuracy: 1 - 0.8 / epoch,
                trainingLoss: 2.2 / epoch)
        }
        return CurveRecord(study: 1, trial: trial, attempt: attempt, points: points)
    }
}
