import Foundation
import HPCluster
import HPSearch

/// A folder of its own for each test, gone when the test is.
final class SpoolFolder: Sendable {
    let path: String

    init() throws {
        let name = "hpspool-\(UUID().uuidString)"
        path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Names in the folder, or in one below it; none when that doesn't exist.
    func names(_ below: String = "") -> [String] {
        let entries = try? FileManager.default.contentsOfDirectory(atPath: path + "/" + below)
        return (entries ?? []).sorted()
    }

    func contents(_ file: String) -> Data? {
        FileManager.default.contents(atPath: path + "/" + file)
    }

    func write(_ data: Data, to file: String) throws {
        try data.write(to: URL(fileURLWithPath: path + "/" + file))
    }
}

/// What came of a trial that trained for `epochs` epochs.
func sampleReport(_ trial: Int, attempt: Int = 1, epochs: Int = 5) -> TrialReport {
    let curve = (1...epochs).map { index -> EpochMetrics in
        let epoch = Double(index)
        return EpochMetrics(
            epoch: epoch, learningRate: 1e-3, validationAccuracy: 1 - 0.9 / epoch,
            validationLoss: 2.3 / epoch, trainingAccuracy: 1 - 0.8 / epoch,
            trainingLoss: 2.2 / epoch)
    }
    let result = TrialResult(
        objectiveCurve: curve.map(\.validationAccuracy), value: 0.5, standardError: 0.01,
        bestEpoch: Double(epochs), epochs: Double(epochs), metrics: TrialMetrics(), seconds: 3)
    return TrialReport(
        lease: Lease(study: 1, trial: trial, attempt: attempt), studyDigest: "s", dataDigest: "d",
        engineRevision: "hpnet/1",
        outcome: .trained(
            state: .complete, reason: "", detail: "", result: result,
            recordings: TrialRecordings(curve: curve)))
}
