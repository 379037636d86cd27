package import HPCluster
import SwiftProtobuf

/// Bytes to messages and back. Decoding is total: any bytes give a message or a `WireError`.
package enum WireCodec {
    static let version = ClusterLimits.protocolVersion

    /// - Precondition: counts and numbers of the message are not negative.
    package static func encode(_ message: PeerMessage) -> [UInt8] {
        var envelope = Hpcoord_V1_PeerEnvelope()
        envelope.version = UInt32(version)
        envelope.body = message.wire
        return bytes(of: envelope)
    }

    /// - Precondition: counts and numbers of the message are not negative.
    package static func encode(_ message: CoordinatorMessage) -> [UInt8] {
        var envelope = Hpcoord_V1_CoordinatorEnvelope()
        envelope.version = UInt32(version)
        envelope.body = message.wire
        return bytes(of: envelope)
    }

    /// - Throws: `WireError.version` for an envelope of another version, whatever is in it.
    package static func decodePeerMessage(_ bytes: [UInt8]) throws(WireError) -> PeerMessage {
        let envelope = try parseEnvelope(Hpcoord_V1_PeerEnvelope.self, bytes)
        try requireVersion(envelope.version)
        guard let body = envelope.body else { throw .field("body") }
        return try PeerMessage(wire: body)
    }

    /// - Throws: `WireError.version` for an envelope of another version, whatever is in it.
    package static func decodeCoordinatorMessage(
        _ bytes: [UInt8]
    ) throws(WireError) -> CoordinatorMessage {
        let envelope = try parseEnvelope(Hpcoord_V1_CoordinatorEnvelope.self, bytes)
        try requireVersion(envelope.version)
        guard let body = envelope.body else { throw .field("body") }
        return try CoordinatorMessage(wire: body)
    }

    /// Another version may have changed what the body means: its number is the reason then.
    private static func parseEnvelope<Envelope: Message>(
        _ type: Envelope.Type, _ bytes: [UInt8]
    ) throws(WireError) -> Envelope {
        do throws(WireError) {
            return try parse(type, bytes)
        } catch {
            try requireVersion(try parse(Hpcoord_V1_AnyEnvelope.self, bytes).version)
            throw error
        }
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
        // Only lists of parameter values nest, two messages for each level; specs nest them once.
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
    /// - Precondition: the numbers of the lease are not negative.
    package static func encode(_ report: TrialReport) -> [UInt8] {
        WireCodec.bytes(of: Hpcoord_V1_TrialReport(report))
    }

    /// - Throws: `WireError` when the bytes are no report.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> TrialReport {
        try TrialReport(wire: try WireCodec.parse(Hpcoord_V1_TrialReport.self, bytes))
    }
}
