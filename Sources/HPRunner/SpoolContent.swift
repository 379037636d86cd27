import HPCluster
import HPWire

/// The bytes of a spool file: a mark, a checksum of the rest, and each result with its length.
///
/// Integers are little-endian. A file system may give back what was never written, and protobuf
/// takes many a flipped bit for another number: the checksum makes both an error.
enum SpoolContent {
    /// Why a file is no spool file.
    enum Damage: Error, CustomStringConvertible {
        case mark
        case checksum
        case length
        case result(WireError)

        var description: String {
            switch self {
            case .mark: "it doesn't begin as spooled results do"
            case .checksum: "its checksum is wrong"
            case .length: "a length in it is wrong"
            case .result(let error): "\(error)"
            }
        }
    }

    private static let mark = Array("HPSPOOL1".utf8)
    private static let headerLength = 16

    static func encode(_ reports: [TrialReport]) -> [UInt8] {
        var body: [UInt8] = []
        for report in reports {
            let bytes = SpoolCodec.encode(report)
            append(UInt32(bytes.count), to: &body)
            body.append(contentsOf: bytes)
        }
        var content = mark
        append(checksum(body[...]), to: &content)
        return content + body
    }

    static func decode(_ content: [UInt8]) throws(Damage) -> [TrialReport] {
        guard content.starts(with: mark), content.count >= headerLength else { throw .mark }
        var rest = content[headerLength...]
        let expected = integer(content[mark.count..<headerLength], as: UInt64.self)
        guard checksum(rest) == expected else { throw .checksum }
        var reports: [TrialReport] = []
        while !rest.isEmpty {
            guard rest.count >= 4 else { throw .length }
            let length = Int(integer(rest.prefix(4), as: UInt32.self))
            rest = rest.dropFirst(4)
            guard rest.count >= length else { throw .length }
            do {
                reports.append(try SpoolCodec.decode(Array(rest.prefix(length))))
            } catch {
                throw .result(error)
            }
            rest = rest.dropFirst(length)
        }
        return reports
    }

    /// FNV-1a in 64 bits: against accidents, not against forgery.
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
    }

    private static func append(_ integer: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// - Precondition: there are as many bytes as the type has.
    private static func integer<Value: FixedWidthInteger & UnsignedInteger>(
        _ bytes: ArraySlice<UInt8>, as type: Value.Type
    ) -> Value {
        bytes.reversed().reduce(0) { $0 << 8 | Value($1) }
    }
}
