import Foundation
import HPCluster

/// Messages that carry checkpoints, in both directions.
extension Hpcoord_V1_CheckpointPart {
    init(_ part: CheckpointPart) {
        lease = .init(part.header.lease)
        epoch = UInt64(part.header.epoch)
        value = part.header.value
        byteCount = UInt64(part.header.byteCount)
        offset = UInt64(part.offset)
        bytes = Data(part.bytes)
    }
}

extension CheckpointPart {
    init(wire: Hpcoord_V1_CheckpointPart) throws(WireError) {
        guard wire.value.isFinite else { throw .field("value") }
        let header = CheckpointHeader(
            lease: try Lease(wire: wire.lease), epoch: try positive(wire.epoch, "epoch"),
            value: wire.value, byteCount: try positive(wire.byteCount, "checkpoint size"))
        let offset = try integer(wire.offset, "offset")
        guard (1...Self.byteCountMaximum).contains(wire.bytes.count),
            offset + wire.bytes.count <= header.byteCount
        else { throw .field("part of a checkpoint") }
        self.init(header: header, offset: offset, bytes: [UInt8](wire.bytes))
    }
}

extension Hpcoord_V1_CheckpointRequest {
    init(_ request: CheckpointRequest) {
        lease = .init(request.lease)
        offset = UInt64(request.offset)
    }
}

extension CheckpointRequest {
    init(wire: Hpcoord_V1_CheckpointRequest) throws(WireError) {
        self.init(
            lease: try Lease(wire: wire.lease), offset: try integer(wire.offset, "offset"))
    }
}

extension Hpcoord_V1_CheckpointReceipt {
    init(_ receipt: CheckpointReceipt) {
        lease = .init(receipt.lease)
        epoch = UInt64(receipt.epoch)
        byteCount = UInt64(receipt.byteCount)
    }
}

extension CheckpointReceipt {
    init(wire: Hpcoord_V1_CheckpointReceipt) throws(WireError) {
        self.init(
            lease: try Lease(wire: wire.lease), epoch: try positive(wire.epoch, "epoch"),
            byteCount: try integer(wire.byteCount, "byte count"))
    }
}

extension Hpcoord_V1_Assignment.CheckpointOffer {
    init(_ offer: CheckpointOffer) {
        epoch = UInt64(offer.epoch)
        byteCount = UInt64(offer.byteCount)
    }
}

extension CheckpointOffer {
    init(wire: Hpcoord_V1_Assignment.CheckpointOffer) throws(WireError) {
        self.init(
            epoch: try positive(wire.epoch, "epoch"),
            byteCount: try positive(wire.byteCount, "checkpoint size"))
    }
}

private func positive(_ value: UInt64, _ name: String) throws(WireError) -> Int {
    guard value > 0 else { throw .field(name) }
    return try integer(value, name)
}
