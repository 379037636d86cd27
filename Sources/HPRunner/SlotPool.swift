import Foundation
import HPCluster
import Synchronization

/// As many threads as the worker has slots; each trains one bundle after another.
///
/// Training never runs on the cooperative pool: that is as wide as the cores, and must not block.
final class SlotPool: Sendable {
    private struct Shared {
        var orders: [WorkerSession.Order] = []
        var canceled: Set<Lease> = []
        var isClosed = false
    }

    private let shared = Mutex(Shared())
    private let ordered = DispatchSemaphore(value: 0)
    private let executor: BundleExecutor
    private let mailbox: Mailbox<WorkerSession.Event>
    private let slots: Int

    init(slots: Int, executor: BundleExecutor, mailbox: Mailbox<WorkerSession.Event>) {
        self.slots = slots
        self.executor = executor
        self.mailbox = mailbox
    }

    func open() {
        for slot in 0..<slots {
            let thread = Thread { [self] in work() }
            thread.name = "slot-\(slot)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Lets the threads end once their trials have noticed.
    func close() {
        shared.withLock { shared in
            shared.isClosed = true
            shared.orders = []
        }
        for _ in 0..<slots { ordered.signal() }
    }

    func start(_ order: WorkerSession.Order) {
        shared.withLock { $0.orders.append(order) }
        ordered.signal()
    }

    func cancel(_ leases: [Lease]) {
        shared.withLock { $0.canceled.formUnion(leases) }
    }

    private func work() {
        while true {
            ordered.wait()
            let (order, isClosed) = shared.withLock { shared in
                (shared.orders.isEmpty ? nil : shared.orders.removeFirst(), shared.isClosed)
            }
            if isClosed { return }
            guard let order else { continue }
            executor.execute(
                order, shouldStop: { [self] in isCanceled($0) },
                emit: { [self] in mailbox.post($0) })
            shared.withLock { $0.canceled.subtract(order.members.map(\.lease)) }
        }
    }

    private func isCanceled(_ lease: Lease) -> Bool {
        shared.withLock { $0.isClosed || $0.canceled.contains(lease) }
    }
}
