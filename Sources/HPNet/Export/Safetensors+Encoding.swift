extension Safetensors {
    /// The file's bytes: equal content has equal bytes.
    public func encoded() -> [UInt8] {
        // Wider numbers first: every array then begins at a multiple of its numbers' size.
        let ordered =
            tensors.filter { $0.element.size == 8 } + tensors.filter { $0.element.size < 8 }
        var header = Array(header(of: ordered).utf8)
        header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
        let length = UInt64(header.count)
        var bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        bytes.reserveCapacity(8 + header.count + ordered.reduce(0) { $0 + $1.bytes.count })
        bytes += header
        for tensor in ordered { bytes += tensor.bytes }
        return bytes
    }

    private func header(of ordered: [Tensor]) -> String {
        var members: [String] = []
        if !metadata.isEmpty {
            let texts = metadata.sorted { $0.key < $1.key }.map { key, text in
                "\(Self.quoted(key)):\(Self.quoted(text))"
            }
            members.append("\"\(Self.metadataName)\":{\(texts.joined(separator: ","))}")
        }
        var offset = 0
        for tensor in ordered {
            let end = offset + tensor.bytes.count
            let shape = tensor.shape.map { "\($0)" }.joined(separator: ",")
            members.append(
                """
                \(Self.quoted(tensor.name)):{"dtype":"\(tensor.element.rawValue)",\
                "shape":[\(shape)],"data_offsets":[\(offset),\(end)]}
                """)
            offset = end
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// A JSON string.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
