package import HPCluster
import SwiftProtobuf

/// Bytes to messages and back. Decoding is total: any bytes give a message or a `WireError`.
package enum WireCodec {
    static let version = ClusterLimits.protocolVersion

    package static func encode(_ message: PeerMessage) -> [UInt8] {
        var envelope = Hpcoord_V1_PeerEnvelope()
        envelope.version = UInt32(version)
        envelope.body = message.wire
        return bytes(of: envelope)
    }

    package static func encode(_ message: CoordinatorMessage) -> [UInt8] {
        var envelope = Hpcoord_V1_CoordinatorEnvelope()
        envelope.version = UInt32(version)
        envelope.body = message.wire
        return bytes(of: envelope)
    }

    package static func decodePeerMessage(_ bytes: [UInt8]) throws(WireError) -> PeerMessage {
        let envelope = try parse(Hpcoord_V1_PeerEnvelope.self, bytes)
        try requireVersion(envelope.version)
        guard let body = envelope.body else { throw .field("body") }
        return try PeerMessage(wire: body)
    }

    package static func decodeCoordinatorMessage(
        _ bytes: [UInt8]
    ) throws(WireError) -> CoordinatorMessage {
        let envelope = try parse(Hpcoord_V1_CoordinatorEnvelope.self, bytes)
        try requireVersion(envelope.version)
        guard let body = envelope.body else { throw .field("body") }
        return try CoordinatorMessage(wire: body)
    }

    private static func requireVersion(_ version: UInt32) throws(WireError) {
        guard version == UInt32(Self.version) else { throw .version(Int(version)) }
    }

    /// - Precondition: the message's texts are Swift strings, which serialize always.
    static func bytes(of message: some Message) -> [UInt8] {
        do {
            return try message.serializedBytes()
        } catch {
            preconditionFailure("a message can't be serialized: \(error)")
        }
    }

    static func parse<Parsed: Message>(
        _ type: Parsed.Type, _ bytes: [UInt8]
    ) throws(WireError) -> Parsed {
        var options = BinaryDecodingOptions()
        // Lists of parameter values are the only nesting: a few levels are ample.
        options.messageDepthLimit = 32
        options.discardUnknownFields = true
        do {
            return try Parsed(serializedBytes: bytes, options: options)
        } catch {
            throw .malformed
        }
    }
}

/// The content of a result on a worker's disk.
package enum SpoolCodec {
    package static func encode(_ report: TrialReport) -> [UInt8] {
        WireCodec.bytes(of: Hpcoord_V1_TrialReport(report))
    }

    package static func decode(_ bytes: [UInt8]) throws(WireError) -> TrialReport {
        try TrialReport(wire: try WireCodec.parse(Hpcoord_V1_TrialReport.self, bytes))
    }
}
