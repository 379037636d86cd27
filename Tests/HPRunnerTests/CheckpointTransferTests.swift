import Foundation
import HPCluster
import HPNet
import HPSearch
import Synchronization
import Testing

@testable import HPRunner

@Suite("Parts of checkpoints on a worker's disk")
struct CheckpointTransferTests {
    private let folder: SpoolFolder
    private let order: WorkerSession.Order
    private let training: TrialTraining

    init() throws {
        folder = try SpoolFolder()
        order = try HPRunnerTests.order(
            model: "{hidden: [8]}", train: "{optimizer: adam, learning_rate: 0.01, batch_size: 30}",
            epochs: 4, parameters: "reg: {uniform: [0, 1]}", values: [[.number(0.1)]])
        let data = try DataLoader(dataRoot: ".").load(
            order.spec, preprocessing: order.spec.data.preprocessing)
        training = TrialTraining(order: order, member: order.members[0], data: data)
    }

    private var lease: Lease { training.member.lease }

    /// A machine's store, and what it said it saved.
    private final class Machine {
        let store: CheckpointStore
        let transfers: CheckpointTransfers
        private let saved = SavedHeaders()

        init(_ path: String) {
            store = CheckpointStore(
                folder: path, notice: { Issue.record("\($0)") },
                saved: { [saved] header in saved.all.withLock { $0.append(header) } })
            transfers = CheckpointTransfers(store: store)
        }

        var latest: CheckpointHeader? { saved.all.withLock(\.last) }
    }

    private final class SavedHeaders: Sendable {
        let all = Mutex<[CheckpointHeader]>([])
    }

    private func machine(_ name: String) -> Machine {
        Machine(folder.path + "/" + name)
    }

    /// The checkpoints of the first epochs.
    private func checkpoints() -> [TrainingCheckpoint] {
        var all: [TrainingCheckpoint] = []
        let trainer = BundleTrainer(
            network: training.network, members: [training.configuration], data: training.data)
        trainer.train(
            onEpochEnd: { _ in all.append(trainer.checkpoint(of: 0)) }, onEnd: { _, _ in })
        return all
    }

    private func parts(of header: CheckpointHeader, by count: Int) -> [WantedPart] {
        stride(from: 0, to: header.byteCount, by: count).map { offset in
            WantedPart(
                header: header, offset: offset, byteCount: min(count, header.byteCount - offset))
        }
    }

    private func keep(_ part: CheckpointPart, on machine: Machine) -> [WorkerSession.Event] {
        var effects = WorkerSession.Effects()
        effects.keep.append((part, order.studyDigest))
        return machine.transfers.carryOut(effects)
    }

    /// As of which epoch a machine says that it has the trial.
    private func epoch(on machine: Machine) -> Int? {
        var effects = WorkerSession.Effects()
        effects.look.append((lease, order.studyDigest))
        guard
            case .checkpointLookedFor(lease, let epoch)? = machine.transfers.carryOut(effects).first
        else { return nil }
        return epoch
    }

    @Test func `what one machine saved another goes on from`() throws {
        let (first, second) = (machine("first"), machine("second"))
        let checkpoint = checkpoints()[1]
        #expect(first.store.begin(training) == nil)
        first.store.save(checkpoint, of: training)
        let header = try #require(first.latest)
        #expect(header.epoch == 2 && header.lease == lease)
        #expect(epoch(on: second) == 0)
        for wanted in parts(of: header, by: 1000) {
            let part = try #require(first.transfers.read(wanted))
            #expect(epoch(on: second) == 0)
            #expect(keep(part, on: second).isEmpty)
        }
        #expect(epoch(on: second) == 2)
        #expect(second.store.begin(training) == checkpoint)
    }

    @Test func `an upload goes to its end after its file was replaced`() throws {
        let machine = machine("first")
        let all = checkpoints()
        _ = machine.store.begin(training)
        machine.store.save(all[0], of: training)
        let header = try #require(machine.latest)
        let wanted = parts(of: header, by: 1000)
        var bytes = try #require(machine.transfers.read(wanted[0])).bytes
        machine.store.save(all[1], of: training)
        for part in wanted.dropFirst() {
            bytes += try #require(machine.transfers.read(part)).bytes
        }
        let sent = try TrainingCheckpoint(decoding: bytes, key: training.checkpointKey)
        #expect(sent.epoch == 1 && sent == all[0])
        // After its end it is gone for good.
        #expect(machine.transfers.read(wanted[0]) == nil)
    }

    @Test func `an upload that ended early holds no file open`() throws {
        let machine = machine("first")
        let all = checkpoints()
        _ = machine.store.begin(training)
        machine.store.save(all[0], of: training)
        let header = try #require(machine.latest)
        let wanted = parts(of: header, by: 1000)
        _ = try #require(machine.transfers.read(wanted[0]))
        machine.transfers.closeFile(except: header)
        machine.store.save(all[1], of: training)
        _ = try #require(machine.transfers.read(wanted[1]))
        machine.transfers.closeFile(except: nil)
        #expect(machine.transfers.read(wanted[2]) == nil)
    }

    @Test func `damage on the way, or half a file, begins anew and leaves nothing`() throws {
        let (first, second) = (machine("first"), machine("second"))
        _ = first.store.begin(training)
        first.store.save(checkpoints()[1], of: training)
        let header = try #require(first.latest)
        let wanted = parts(of: header, by: header.byteCount / 2 + 1)
        var half = try #require(first.transfers.read(wanted[0]))
        #expect(keep(half, on: second).isEmpty)
        #expect(second.store.begin(training) == nil)
        #expect(folder.names("second").flatMap { folder.names("second/" + $0) }.isEmpty)
        half.bytes[100] ^= 1
        _ = keep(half, on: second)
        _ = keep(try #require(first.transfers.read(wanted[1])), on: second)
        #expect(epoch(on: second) == 2)
        #expect(second.store.begin(training) == nil)
        #expect(epoch(on: second) == 0)
    }

    @Test func `a disk that takes no part says so`() throws {
        try folder.write(Data(), to: "second")
        let part = CheckpointPart(
            header: CheckpointHeader(lease: lease, epoch: 1, value: 0.5, byteCount: 9), offset: 0,
            bytes: [1])
        guard case .checkpointUnusable(lease)? = keep(part, on: machine("second")).first else {
            Issue.record("it was written to a file's inside")
            return
        }
    }
}
