extension Dataset {
    /// A label and 3×32×32 pixels.
    private static let recordByteCount = 1 + cifar10Shape.featureCount
    private static let cifar10Shape = ImageShape(rows: 32, columns: 32, channels: 3)
    private static let batchCount = 5
    private static let fix = "unpack the CIFAR-10 binary version again"
    private static let cifar10Classes = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]

    /// CIFAR-10's training images from its binary layout: `data_batch_1.bin` to `data_batch_5.bin`,
    /// any number of records each. The test batch is not read.
    ///
    /// - Throws: `NetError.missing` when a file is not there, `.corrupt` when it isn't of the
    ///   format, or the labels are of one class only.
    public static func cifar10(directory: String) throws(NetError) -> Dataset {
        var batches: [SequentialFile] = []
        for number in 1...batchCount {
            batches.append(try cifar10Batch("\(directory)/data_batch_\(number).bin"))
        }
        let recordCount = batches.map(\.byteCount).reduce(0, +) / recordByteCount
        var pixels: [UInt8] = []
        pixels.reserveCapacity(recordCount * cifar10Shape.featureCount)
        var labels: [Int32] = []
        labels.reserveCapacity(recordCount)
        for batch in batches { try append(batch, to: &pixels, &labels) }
        guard labels.contains(where: { $0 != labels[0] }) else {
            throw .corrupt(
                path: directory, line: nil,
                problem: "every record has the label \(labels[0])",
                fix: "a classifier needs two classes: \(fix)")
        }
        return Dataset(
            name: "cifar10", features: .bytes(pixels, scale: 1 / 255), labels: labels,
            featureCount: cifar10Shape.featureCount, classCount: 10, imageShape: cifar10Shape,
            classNames: cifar10Classes)
    }

    private static func cifar10Batch(_ path: String) throws(NetError) -> SequentialFile {
        let file = try SequentialFile(
            path, fix: "unpack the CIFAR-10 binary version so that this file is there")
        guard file.byteCount > 0, file.byteCount.isMultiple(of: recordByteCount) else {
            throw .corrupt(
                path: path, line: nil,
                problem: "its \(file.byteCount) bytes are no whole number of "
                    + "\(recordByteCount)-byte records",
                fix: fix)
        }
        return file
    }

    private static func append(
        _ file: SequentialFile, to pixels: inout [UInt8], _ labels: inout [Int32]
    ) throws(NetError) {
        for number in 1...(file.byteCount / recordByteCount) {
            let record = try file.read(upTo: recordByteCount)
            guard record.count == recordByteCount else {
                throw .corrupt(
                    path: file.path, line: nil,
                    problem: "the file became shorter while it was read, in record \(number)",
                    fix: "read it when nothing writes to it")
            }
            guard record[0] < 10 else {
                throw .corrupt(
                    path: file.path, line: nil,
                    problem: "record \(number) has the label \(record[0])",
                    fix: "labels are 0 to 9: \(fix)")
            }
            labels.append(Int32(record[0]))
            pixels.append(contentsOf: record.dropFirst())
        }
    }
}
