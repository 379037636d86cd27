import Foundation
import HPCluster
import HPNet
import HPSearch
import Synchronization
import Testing

@testable import HPRunner

@Suite("A worker's checkpoints")
struct CheckpointStoreTests {
    private let folder: SpoolFolder

    init() throws {
        folder = try SpoolFolder()
    }

    private static let epochs = 5

    private func order(reg: [Double] = [0, 0.1]) throws -> WorkerSession.Order {
        try HPRunnerTests.order(
            model: "{hidden: [8], batch_norm: true, dropout: 0.1}",
            train: "{optimizer: adam, learning_rate: 0.01, batch_size: 30}",
            epochs: Double(Self.epochs), parameters: "reg: {uniform: [0, 1]}",
            values: reg.map { [.number($0)] })
    }

    private func store() -> CheckpointStore {
        CheckpointStore(folder: folder.path + "/checkpoints") { Issue.record("\($0)") }
    }

    /// What a worker process did before its end.
    private struct Life {
        var reports: [TrialReport] = []
        /// Of all members together.
        var evaluations = 0
    }

    /// Lives until the first member was evaluated so many times.
    ///
    /// - Parameter epochSeconds: what the worker's clock shows for an epoch.
    private func live(
        _ order: WorkerSession.Order, _ store: CheckpointStore?, epochs: Int = .max,
        epochSeconds: Double = 31
    ) -> Life {
        let seconds = Mutex(0.0)
        var life = Life()
        var ofFirst = 0
        let executor = BundleExecutor(
            loader: DataLoader(dataRoot: "."), checkpoints: store,
            clock: { Instant(nanoseconds: Int64(seconds.withLock { $0 } * 1e9)) })
        executor.execute(
            order, shouldStop: { _ in ofFirst >= epochs },
            onEvaluation: { _, member, _ in
                life.evaluations += 1
                guard member == 0 else { return }
                ofFirst += 1
                seconds.withLock { $0 += epochSeconds }
            }
        ) { event in
            if case .finished(let reports) = event { life.reports += reports }
        }
        return life
    }

    /// Reports without the time that they took.
    private func comparable(_ reports: [TrialReport]) -> [TrialReport] {
        reports.sorted { $0.lease.trial < $1.lease.trial }.map { report in
            var report = report
            if case .trained(let state, let reason, let detail, var result, let recordings) =
                report.outcome
            {
                result.seconds = 0
                report.outcome = .trained(
                    state: state, reason: reason, detail: detail, result: result,
                    recordings: recordings)
            }
            return report
        }
    }

    private var files: [String] {
        folder.names("checkpoints").flatMap { folder.names("checkpoints/" + $0) }
    }

    @Test(arguments: 1..<Self.epochs)
    func `a worker that dies after an epoch goes on from there with the same bits`(
        epoch: Int
    ) throws {
        let order = try order()
        let undisturbed = live(order, nil)
        #expect(undisturbed.reports.count == 2)
        #expect(undisturbed.evaluations == 2 * Self.epochs)
        #expect(live(order, store(), epochs: epoch).reports.isEmpty)
        #expect(files.count == 2)
        #expect(files.allSatisfy { $0.contains("_epoch-0\(epoch)_val-0.") }, "\(files)")
        let resumed = live(order, store())
        #expect(resumed.evaluations == 2 * (Self.epochs - epoch))
        #expect(comparable(resumed.reports) == comparable(undisturbed.reports))
    }

    @Test func `a worker that dies in every epoch comes to the same end`() throws {
        let order = try order()
        let undisturbed = live(order, nil)
        for _ in 1..<Self.epochs { #expect(live(order, store(), epochs: 1).reports.isEmpty) }
        let last = live(order, store(), epochs: 2)
        #expect(last.evaluations == 2)
        #expect(comparable(last.reports) == comparable(undisturbed.reports))
    }

    @Test func `another attempt of the trial goes on too, alone or in another bundle`() throws {
        let order = try order()
        let undisturbed = live(order, nil)
        _ = live(order, store(), epochs: 2)
        var other = order
        other.members = [order.members[1]]
        other.members[0].lease = Lease(study: 1, trial: 2, attempt: 7)
        let ahead = live(other, store(), epochs: 1)
        #expect(ahead.reports.isEmpty && ahead.evaluations == 1)
        // One goes on from the second epoch, one from the third.
        let resumed = live(order, store())
        #expect(resumed.evaluations == 2 * Self.epochs - 5)
        #expect(comparable(resumed.reports) == comparable(undisturbed.reports))
    }

    @Test func `a file that its reader died of is read by no other`() throws {
        let order = try order()
        let undisturbed = live(order, nil)
        _ = live(order, store(), epochs: 2)
        // The process is gone before an epoch has ended.
        let data = try DataLoader(dataRoot: ".").load(
            order.spec, preprocessing: order.spec.data.preprocessing)
        let training = TrialTraining(order: order, member: order.members[0], data: data)
        #expect(store().begin(training)?.epoch == 2)
        let resumed = live(order, store())
        #expect(resumed.evaluations == Self.epochs + Self.epochs - 2)
        #expect(comparable(resumed.reports) == comparable(undisturbed.reports))
    }

    @Test func `one that an epoch was trained from, or whose process left, may be read again`()
        throws
    {
        let order = try order()
        _ = live(order, store(), epochs: 2)
        // Too short for another checkpoint.
        #expect(live(order, store(), epochs: 1, epochSeconds: 1).evaluations == 2)
        #expect(files.count == 2 && files.allSatisfy { $0.hasSuffix(".checkpoint") }, "\(files)")
        let data = try DataLoader(dataRoot: ".").load(
            order.spec, preprocessing: order.spec.data.preprocessing)
        let training = TrialTraining(order: order, member: order.members[0], data: data)
        let leaving = store()
        #expect(leaving.begin(training)?.epoch == 2)
        leaving.clear(leaving.leases)
        #expect(live(order, store()).evaluations == 2 * (Self.epochs - 2))
    }

    @Test func `an attempt that was canceled before it began holds no file`() throws {
        let (order, store) = (try order(), store())
        _ = live(order, store, epochs: 1)
        store.forget(order.members.map(\.lease))
        #expect(live(order, store, epochs: 0).evaluations == 0)
        #expect(store.leases.isEmpty)
    }

    @Test func `a checkpoint is let go of once the network has its numbers`() throws {
        let order = try order()
        _ = live(order, store(), epochs: 2)
        let data = try DataLoader(dataRoot: ".").load(
            order.spec, preprocessing: order.spec.data.preprocessing)
        var training = TrialTraining(order: order, member: order.members[0], data: data)
        training.resumption = store().begin(training).map(Resumption.init)
        #expect(training.resumption?.epoch == 2)
        let keeper = CheckpointKeeper(store: nil, worthSeconds: 30, clock: { RunnerClock.now })
        BundleTraining(trainings: [training], data: data, keeper: keeper).run(
            shouldStop: { _ in false }, onEvaluation: { _, _, _ in }, report: { _ in })
        #expect(training.resumption?.take() == nil)
    }

    @Test func `less than half a minute of work isn't written`() throws {
        _ = live(try order(), store(), epochs: 4, epochSeconds: 7)
        #expect(files.isEmpty)
        _ = live(try order(), store(), epochs: 4, epochSeconds: 15.5)
        #expect(files.count == 2 && files.allSatisfy { $0.contains("_epoch-04_") })
    }

    @Test func `trials that have ended leave nothing`() throws {
        let (order, store) = (try order(), store())
        let life = live(order, store)
        #expect(files.count == 2)
        store.forget([life.reports[0].lease])
        #expect(files.count == 1)
        store.forget(life.reports.map(\.lease))
        #expect(files.isEmpty)
    }

    @Test func `a trial canceled while it is written leaves nothing`() throws {
        let (order, store) = (try order(), store())
        let data = try DataLoader(dataRoot: ".").load(
            order.spec, preprocessing: order.spec.data.preprocessing)
        let training = TrialTraining(order: order, member: order.members[0], data: data)
        #expect(store.begin(training) == nil)
        var saved: TrainingCheckpoint?
        let trainer = BundleTrainer(
            network: training.network, members: [training.configuration], data: data)
        trainer.train(
            onEpochEnd: { _ in saved = trainer.checkpoint(of: 0) }, onEnd: { _, _ in })
        store.forget([training.member.lease])
        store.save(try #require(saved), of: training)
        #expect(files.isEmpty)
    }

    @Test func `damaged files and those of another training are ignored and removed`() throws {
        let order = try order()
        let undisturbed = live(order, nil)
        _ = live(order, store(), epochs: 3)
        let study = try #require(folder.names("checkpoints").first)
        let names = folder.names("checkpoints/" + study)
        let path = "checkpoints/\(study)/"
        var content = try #require(folder.contents(path + names[0]))
        content[content.count / 2] ^= 1
        try folder.write(content, to: path + names[0])
        // The second trial's place is taken by the first one's.
        let first = try #require(folder.contents(path + names[1]))
        try folder.write(first, to: path + "trial-0001_epoch-04_val-0.9999.checkpoint")
        let resumed = live(order, store())
        #expect(resumed.evaluations == Self.epochs + (Self.epochs - 3))
        #expect(comparable(resumed.reports) == comparable(undisturbed.reports))
    }

    @Test func `other parameters begin anew`() throws {
        _ = live(try order(), store(), epochs: 3)
        let other = try order(reg: [0.2, 0.1])
        let undisturbed = live(other, nil)
        let resumed = live(other, store())
        #expect(resumed.evaluations == Self.epochs + (Self.epochs - 3))
        #expect(comparable(resumed.reports) == comparable(undisturbed.reports))
    }

    @Test func `a folder that can't be written costs nothing but the checkpoint`() throws {
        try folder.write(Data(), to: "checkpoints")
        let notices = Mutex<[String]>([])
        let store = CheckpointStore(folder: folder.path + "/checkpoints") { notice in
            notices.withLock { $0.append(notice) }
        }
        #expect(live(try order(), store).reports.count == 2)
        let said = notices.withLock { $0 }
        #expect(said.count == 2 * (Self.epochs - 1))
        #expect(said.allSatisfy { $0.contains("goes on without a checkpoint") })
    }

    @Test func `files of trials that never come back are bounded, live ones stay`() throws {
        let count = CheckpointStore.fileMaximum
        let order = try order()
        _ = live(order, store(), epochs: 1)
        let study = try #require(folder.names("checkpoints").first)
        for trial in 0..<count + 3 {
            try folder.write(
                Data(), to: "checkpoints/\(study)/trial-\(2000 + trial)_epoch-01.checkpoint")
        }
        #expect(live(order, store(), epochs: 1).evaluations == 2)
        #expect(files.count == count + 2)
        #expect(files.count { $0.contains("_epoch-02_") } == 2)
    }
}
