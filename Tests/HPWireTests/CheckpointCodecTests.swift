import HPCluster
import HPWire
import Testing

@Suite("Codec of checkpoints")
struct CheckpointCodecTests {
    private static let sound = CheckpointPart(
        header: CheckpointHeader(
            lease: Lease(study: 1, trial: 2, attempt: 3), epoch: 5, value: 0.5, byteCount: 10),
        offset: 8, bytes: [1, 2])

    private static func changed(_ change: (inout CheckpointPart) -> Void) -> CheckpointPart {
        var part = sound
        change(&part)
        return part
    }

    private static let unsound: [CheckpointPart] = [
        changed { $0.bytes = [] },
        changed { $0.bytes = [1, 2, 3] },
        changed { $0.offset = 9 },
        changed { $0.offset = 1 << 53 },
        changed { $0.header.epoch = 0 },
        changed { $0.header.byteCount = 0 },
        changed { $0.header.value = .nan },
        changed { $0.header.value = -.infinity },
        changed {
            $0.header.byteCount = 1 << 30
            $0.bytes = [UInt8](repeating: 0, count: CheckpointPart.byteCountMaximum + 1)
        },
    ]

    @Test(arguments: unsound)
    func `a part that can't be one is refused in both directions`(part: CheckpointPart) throws {
        #expect(throws: WireError.self) {
            try WireCodec.decodePeerMessage(WireCodec.encode(PeerMessage.checkpointPart(part)))
        }
        #expect(throws: WireError.self) {
            try WireCodec.decodeCoordinatorMessage(
                WireCodec.encode(CoordinatorMessage.checkpointPart(part)))
        }
    }

    @Test func `a welcome of an older release takes no checkpoints`() throws {
        // Version 1; Welcome, of two bytes: epoch 7.
        let bytes: [UInt8] = [8, 1, 0x12, 2, 8, 7]
        #expect(
            try WireCodec.decodeCoordinatorMessage(bytes)
                == .welcome(epoch: 7, heartbeatSeconds: 0, checkpointByteCountMaximum: 0))
    }
}
