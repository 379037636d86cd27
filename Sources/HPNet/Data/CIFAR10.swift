import Foundation

extension Dataset {
    private static let recordByteCount = 1 + 3072

    /// CIFAR-10's training images from its binary layout: `data_batch_1.bin` to `data_batch_5.bin`,
    /// records of a label and 3×32×32 pixels. The test batch is not read.
    ///
    /// - Throws: `NetError.missing` when a file is not there, `.corrupt` when it isn't of the
    ///   format.
    public static func cifar10(directory: String) throws(NetError) -> Dataset {
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        for number in 1...5 {
            let path = "\(directory)/data_batch_\(number).bin"
            let bytes = try readFile(
                path, fix: "unpack the CIFAR-10 binary version so that this file is there")
            if number == 1 { pixels.reserveCapacity(5 * bytes.count) }
            try append(bytes, of: path, to: &pixels, &labels)
        }
        return Dataset(
            name: "cifar10", features: .bytes(pixels, scale: 1 / 255), labels: labels,
            featureCount: 3072, classCount: 10)
    }

    private static func append(
        _ bytes: [UInt8], of path: String, to pixels: inout [UInt8], _ labels: inout [Int32]
    ) throws(NetError) {
        guard !bytes.isEmpty, bytes.count % recordByteCount == 0 else {
            throw .corrupt(
                path: path, line: nil,
                problem: "its \(bytes.count) bytes are no whole number of 3073-byte records",
                fix: "unpack the CIFAR-10 binary version again")
        }
        for start in stride(from: 0, to: bytes.count, by: recordByteCount) {
            guard bytes[start] < 10 else {
                throw .corrupt(
                    path: path, line: nil,
                    problem: "record \(start / recordByteCount) has the label \(bytes[start])",
                    fix: "labels are 0 to 9: unpack the CIFAR-10 binary version again")
            }
            labels.append(Int32(bytes[start]))
            pixels.append(contentsOf: bytes[(start + 1)..<(start + recordByteCount)])
        }
    }

    /// A whole file.
    static func readFile(_ path: String, fix: String) throws(NetError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .missing(path: path, fix: fix)
        }
        return [UInt8](data)
    }
}
