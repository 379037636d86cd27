import DataTesting
import Foundation
import HPNet
import Testing

@Suite("CIFAR-10")
struct CIFAR10Tests {
    /// A record whose pixels all have one value.
    static func record(label: UInt8, pixel: UInt8) -> [UInt8] {
        [label] + [UInt8](repeating: pixel, count: 3072)
    }

    /// A folder with five batches, of one record to five records, and no test batch.
    static func withFolder<Result>(
        _ body: (TemporaryFolder) throws -> Result
    ) throws -> Result {
        try TemporaryFolder.with { folder in
            for batch in 1...5 as ClosedRange<UInt8> {
                let records = (0..<batch).flatMap { number in
                    record(label: number + batch, pixel: 10 * batch + number)
                }
                _ = try folder.write("data_batch_\(batch).bin", records)
            }
            return try body(folder)
        }
    }

    @Test func `five batches become one data set, in order, without the test batch`() throws {
        let dataset = try Self.withFolder { try Dataset.cifar10(directory: $0.path) }
        #expect(dataset.count == 15)
        #expect(dataset.labels == [1, 2, 3, 3, 4, 5, 4, 5, 6, 7, 5, 6, 7, 8, 9])
        #expect((dataset.featureCount, dataset.classCount) == (3072, 10))
        #expect(dataset.imageShape == ImageShape(rows: 32, columns: 32, channels: 3))
        guard case .bytes(let pixels, let scale) = dataset.features else {
            Issue.record("pixels are no longer bytes")
            return
        }
        #expect(scale == Float(1) / 255)
        #expect(pixels.count == 15 * 3072)
        let firstPixels = stride(from: 0, to: pixels.count, by: 3072).map { pixels[$0] }
        #expect(firstPixels == [10, 20, 21, 30, 31, 32, 40, 41, 42, 43, 50, 51, 52, 53, 54])
        #expect(pixels[3071] == 10 && pixels[3072] == 20)
    }

    @Test func `a test batch that is there is not read`() throws {
        let dataset = try Self.withFolder { folder in
            _ = try folder.write("test_batch.bin", [99])
            return try Dataset.cifar10(directory: folder.path)
        }
        #expect(dataset.count == 15)
    }

    @Test func `a missing batch is a missing input`() throws {
        try Self.withFolder { folder in
            try FileManager.default.removeItem(atPath: folder.path + "/data_batch_4.bin")
            let error = try #require(throws: NetError.self) {
                try Dataset.cifar10(directory: folder.path)
            }
            #expect(error.exitCode == 66)
            #expect(error.description.hasPrefix("\(folder.path)/data_batch_4.bin: "))
        }
    }

    @Test(arguments: [0, 3072, 3074])
    func `a batch of a wrong size is corrupt`(_ byteCount: Int) throws {
        try Self.withFolder { folder in
            let path = try folder.write(
                "data_batch_2.bin", [UInt8](repeating: 0, count: byteCount))
            let error = try #require(throws: NetError.self) {
                try Dataset.cifar10(directory: folder.path)
            }
            #expect(error.exitCode == 65)
            #expect(error.description.hasPrefix("\(path): its \(byteCount) bytes"))
        }
    }

    @Test func `a label above 9 is corrupt`() throws {
        try Self.withFolder { folder in
            _ = try folder.write(
                "data_batch_3.bin",
                Self.record(label: 9, pixel: 1) + Self.record(label: 10, pixel: 1))
            let error = try #require(throws: NetError.self) {
                try Dataset.cifar10(directory: folder.path)
            }
            #expect(error.exitCode == 65)
            #expect(error.description.contains("record 2 has the label 10"))
        }
    }
}
