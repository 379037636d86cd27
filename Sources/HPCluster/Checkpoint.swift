/// A checkpoint of a running trial: the attempt that made it, where it stands, and its size.
package struct CheckpointHeader: Sendable, Hashable {
    package var lease: Lease
    /// Whole epochs trained, from 1.
    package var epoch: Int
    /// Of the objective there, for the name of its file.
    package var value: Double
    /// Of the whole file.
    package var byteCount: Int

    package init(lease: Lease, epoch: Int, value: Double, byteCount: Int) {
        self.lease = lease
        self.epoch = epoch
        self.value = value
        self.byteCount = byteCount
    }

    /// What its file is called, here as there: made of numbers alone.
    package var fileName: String {
        CheckpointName.file(trial: lease.trial, epoch: epoch, value: value)
    }
}

/// Some bytes of a checkpoint.
package struct CheckpointPart: Sendable, Hashable {
    /// The most bytes that a part may have, well below the limit of a frame.
    package static let byteCountMaximum = 1 << 20

    package var header: CheckpointHeader
    /// Where in the file they belong.
    package var offset: Int
    package var bytes: [UInt8]

    package init(header: CheckpointHeader, offset: Int, bytes: [UInt8]) {
        self.header = header
        self.offset = offset
        self.bytes = bytes
    }

    package var end: Int { offset + bytes.count }
    package var isLast: Bool { end == header.byteCount }
}

/// How much of a checkpoint the coordinator has.
package struct CheckpointReceipt: Sendable, Hashable {
    package var lease: Lease
    package var epoch: Int
    /// From the beginning: the next part starts there. All of them, and the checkpoint is whole.
    package var byteCount: Int

    package init(lease: Lease, epoch: Int, byteCount: Int) {
        self.lease = lease
        self.epoch = epoch
        self.byteCount = byteCount
    }
}

/// A worker that was handed a trial asks for the checkpoint that came with it.
package struct CheckpointRequest: Sendable, Hashable {
    package var lease: Lease
    package var offset: Int

    package init(lease: Lease, offset: Int) {
        self.lease = lease
        self.offset = offset
    }
}

/// What the coordinator has of a trial that it hands out: a worker that has nothing as late on its
/// own disk may ask for it.
package struct CheckpointOffer: Sendable, Hashable {
    package var epoch: Int
    package var byteCount: Int

    package init(epoch: Int, byteCount: Int) {
        self.epoch = epoch
        self.byteCount = byteCount
    }
}
