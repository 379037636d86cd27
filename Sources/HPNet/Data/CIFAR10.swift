import Foundation

extension Dataset {
    /// A label and 3×32×32 pixels.
    private static let recordByteCount = 1 + 3072
    private static let batchCount = 5
    private static let cifar10Classes = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]

    /// CIFAR-10's training images from its binary layout: `data_batch_1.bin` to `data_batch_5.bin`,
    /// any number of records each. The test batch is not read.
    ///
    /// - Throws: `NetError.missing` when a file is not there, `.corrupt` when it isn't of the
    ///   format.
    public static func cifar10(directory: String) throws(NetError) -> Dataset {
        var pixels: [UInt8] = []
        var labels: [Int32] = []
        for number in 1...batchCount {
            let path = "\(directory)/data_batch_\(number).bin"
            let content = try readFile(
                path, fix: "unpack the CIFAR-10 binary version so that this file is there")
            if number == 1 { pixels.reserveCapacity(batchCount * content.count) }
            try append(content, of: path, to: &pixels, &labels)
        }
        return Dataset(
            name: "cifar10", features: .bytes(pixels, scale: 1 / 255), labels: labels,
            featureCount: recordByteCount - 1, classCount: 10, classNames: cifar10Classes)
    }

    private static func append(
        _ content: Data, of path: String, to pixels: inout [UInt8], _ labels: inout [Int32]
    ) throws(NetError) {
        guard !content.isEmpty, content.count.isMultiple(of: recordByteCount) else {
            throw .corrupt(
                path: path, line: nil,
                problem: "its \(content.count) bytes are no whole number of "
                    + "\(recordByteCount)-byte records",
                fix: "unpack the CIFAR-10 binary version again")
        }
        for start in stride(from: 0, to: content.count, by: recordByteCount) {
            let label = content[start]
            guard label < 10 else {
                throw .corrupt(
                    path: path, line: nil,
                    problem: "record \(start / recordByteCount + 1) has the label \(label)",
                    fix: "labels are 0 to 9: unpack the CIFAR-10 binary version again")
            }
            labels.append(Int32(label))
            content.withUnsafeBytes { bytes in
                pixels.append(contentsOf: bytes[(start + 1)..<(start + recordByteCount)])
            }
        }
    }
}
