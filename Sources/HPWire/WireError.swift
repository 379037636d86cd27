/// Why bytes are no message.
package enum WireError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The peer speaks another version of the protocol.
    case version(Int)
    /// The bytes are no protobuf of the expected kind.
    case malformed
    /// A field is missing, unknown or out of range.
    case field(String)

    package var description: String {
        switch self {
        case .version(let version):
            """
            the message is of protocol version \(version), this program speaks \
            \(WireCodec.version): install the same release on both ends
            """
        case .malformed: "the bytes are no message of this protocol"
        case .field(let name): "the message has no usable \(name)"
        }
    }
}
