import Dispatch
import HPCluster
import Synchronization

/// The folder of checkpoints, on a thread of its own: a slow disk there holds nothing else up.
final class CheckpointArchive: Sendable {
    private struct Load {
        var byteCount = 0
        var isClosed = false
    }

    private let folder: Mutex<CheckpointFolder>
    private let load = Mutex(Load())
    private let queue = DispatchQueue(label: "checkpoints", qos: .utility)

    /// Bytes that wait for the disk at most; what comes beyond is dropped, and sent again.
    private static let byteCountMaximum = 64 << 20

    init(_ folder: CheckpointFolder) {
        self.folder = Mutex(folder)
    }

    /// Does what is ordered, later, in order.
    func perform(
        _ orders: [CheckpointOrder], report: @escaping @Sendable (CheckpointReport) -> Void
    ) {
        for order in orders where admit(order) {
            queue.async { [self] in
                defer { load.withLock { $0.byteCount -= order.byteCount } }
                guard !load.withLock(\.isClosed),
                    let answer = folder.withLock({ $0.perform(order) })
                else { return }
                report(answer)
            }
        }
    }

    /// Returns when nothing touches the folder any more.
    func close() {
        load.withLock { $0.isClosed = true }
        queue.sync {}
    }

    private func admit(_ order: CheckpointOrder) -> Bool {
        load.withLock { load in
            guard
                order.byteCount == 0
                    || load.byteCount + order.byteCount <= Self.byteCountMaximum
            else { return false }
            load.byteCount += order.byteCount
            return true
        }
    }
}

extension CheckpointOrder {
    /// What it holds of memory while it waits, or will when it is done.
    fileprivate var byteCount: Int {
        switch self {
        case .write(let part, _): part.bytes.count
        case .read(_, let byteCount, _): byteCount
        case .list, .discardUpload, .remove, .removeAll: 0
        }
    }
}
