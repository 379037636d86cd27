/// Named arrays in one file that other programs read: the safetensors format.
///
/// The file is the length of its header (8 bytes, little-endian), the header (JSON, padded with
/// blanks to a multiple of 8), and the arrays' numbers, little-endian and row-major, without holes.
public struct Safetensors: Sendable, Hashable {
    /// What an array's numbers are.
    public enum Element: String, Sendable, CaseIterable {
        case float32 = "F32"
        case int64 = "I64"

        /// Bytes of one number.
        public var size: Int {
            switch self {
            case .float32: 4
            case .int64: 8
            }
        }
    }

    /// An array with a name.
    public struct Tensor: Sendable, Hashable {
        /// What it is called; not `__metadata__`.
        public var name: String
        /// What its numbers are.
        public var element: Element
        /// Lengths from the slowest dimension to the fastest.
        public var shape: [Int]
        /// Little-endian numbers, row-major.
        public var bytes: [UInt8]

        /// - Precondition: there are as many numbers as the shape says.
        public init(_ name: String, shape: [Int], _ numbers: [Float]) {
            precondition(shape.reduce(1, *) == numbers.count, "an array fills its shape")
            self.init(name: name, element: .float32, shape: shape, bytes: littleEndian(numbers))
        }

        /// - Precondition: there are as many numbers as the shape says.
        public init(_ name: String, shape: [Int], _ numbers: [Int64]) {
            precondition(shape.reduce(1, *) == numbers.count, "an array fills its shape")
            self.init(name: name, element: .int64, shape: shape, bytes: littleEndian(numbers))
        }

        init(name: String, element: Element, shape: [Int], bytes: [UInt8]) {
            self.name = name
            self.element = element
            self.shape = shape
            self.bytes = bytes
        }

        /// The numbers of an array of `float32`; nil for another.
        public var floats: [Float]? { element == .float32 ? numbers() : nil }

        /// The numbers of an array of `int64`; nil for another.
        public var integers: [Int64]? { element == .int64 ? numbers() : nil }

        private func numbers<Number: BitwiseCopyable>() -> [Number] {
            let count = bytes.count / MemoryLayout<Number>.size
            return bytes.withUnsafeBytes { bytes in
                (0..<count).map {
                    bytes.loadUnaligned(
                        fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
                }
            }
        }
    }

    /// The name in the header under which metadata lies.
    static let metadataName = "__metadata__"

    /// The arrays; their names differ.
    public var tensors: [Tensor]
    /// What else there is to say, as texts.
    public var metadata: [String: String]

    /// - Precondition: names differ.
    public init(tensors: [Tensor], metadata: [String: String] = [:]) {
        precondition(
            Set(tensors.map(\.name)).union([Self.metadataName]).count == tensors.count + 1,
            "each array has a name of its own")
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The array of this name; nil when there is none.
    public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }
}

/// Bytes of numbers on a little-endian machine, as all are that the engine runs on.
private func littleEndian<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    numbers.withUnsafeBytes { [UInt8]($0) }
}
