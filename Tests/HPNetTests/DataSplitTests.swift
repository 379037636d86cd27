import HPDigest
import HPNet
import Testing

@Suite("Splits")
struct DataSplitTests {
    /// Examples of one feature, in classes of these sizes, one class after the other.
    static func dataset(classSizes: [Int]) -> Dataset {
        let labels = classSizes.enumerated().flatMap { label, size in
            [Int32](repeating: Int32(label), count: size)
        }
        return Dataset(
            name: "classes", features: .floats(labels.indices.map { Float($0) }), labels: labels,
            featureCount: 1, classCount: classSizes.count)
    }

    static func classCounts(_ rows: [UInt32], of dataset: Dataset) -> [Int] {
        (0..<Int32(dataset.classCount)).map { label in
            rows.filter { dataset.labels[Int($0)] == label }.count
        }
    }

    @Test func `parts are stratified, disjoint and of the size asked for`() throws {
        let dataset = Self.dataset(classSizes: [500, 300, 200])
        let split = try DataSplit(
            of: dataset, training: .count(600), validation: .fraction(0.1), seed: 4)
        #expect(Self.classCounts(split.training, of: dataset) == [300, 180, 120])
        #expect(Self.classCounts(split.validation, of: dataset) == [50, 30, 20])
        #expect(Set(split.training).isDisjoint(with: split.validation))
        #expect(Set(split.training).count == 600)
        #expect(Set(split.validation).count == 100)
    }

    @Test func `where classes don't divide, each is within one of its share`() throws {
        let dataset = Self.dataset(classSizes: [7, 11, 5, 1])
        let split = try DataSplit(of: dataset, training: .count(13), validation: .count(8), seed: 1)
        #expect((split.training.count, split.validation.count) == (13, 8))
        for (count, size) in zip(Self.classCounts(split.training, of: dataset), [7, 11, 5, 1]) {
            #expect((Double(count) - 13 / 24 * Double(size)).magnitude < 1)
        }
    }

    @Test func `everything can be asked for`() throws {
        let dataset = Self.dataset(classSizes: [3, 4])
        let split = try DataSplit(of: dataset, training: .count(5), validation: .count(2), seed: 1)
        #expect((split.training + split.validation).sorted() == Array(0..<7))
    }

    @Test func `a fraction means what it says`() throws {
        let dataset = Self.dataset(classSizes: [50, 50])
        for percent in 1...98 {
            let split = try DataSplit(
                of: dataset, training: .fraction(Double(percent) / 100),
                validation: .fraction(Double(99 - percent) / 100), seed: 1)
            #expect(split.training.count == percent)
            #expect(split.validation.count == 99 - percent)
        }
    }

    @Test func `the split is a function of the seed, and stays as it was`() throws {
        let splits = try [1, 1, 2].map {
            try DataSplit(
                of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: $0)
        }
        #expect(splits[0] == splits[1])
        #expect(splits[0].training != splits[2].training)
        var digest = SHA256()
        for part in [splits[0].training, splits[0].validation, splits[0].trainingSample] {
            digest.update(part.count)
            part.withUnsafeBytes { digest.update($0) }
        }
        #expect(
            digest.finish()
                == "6dde2495a83df6baee43050be080dcb85b423f643684354e752576c00f64bd5f")
    }

    @Test func `the training sample is 1,000 examples of the training split, or all of fewer`()
        throws
    {
        let split = try DataSplit(
            of: .digits, training: .count(1200), validation: .count(300), seed: 1)
        #expect(split.trainingSample.count == 1000)
        #expect(Set(split.trainingSample).isSubset(of: split.training))
        let small = try DataSplit(
            of: .digits, training: .count(900), validation: .count(300), seed: 1)
        #expect(small.trainingSample == small.training)
    }

    @Test(arguments: [
        (SplitAmount.count(8), SplitAmount.count(3), "asks for 8 + 3 examples, the data has 10"),
        (.count(.max), .count(.max), "the data has 10"),
        (.count(1), .count(.max), "the data has 10"),
        (.count(0), .count(3), "0 of 10 examples"), (.count(3), .count(-1), "-1 of 10 examples"),
        (.fraction(0.5), .fraction(0.05), "0 of 10 examples"),
        (.fraction(.nan), .count(1), "the fraction nan"),
        (.fraction(1.5), .count(1), "the fraction 1.5"),
    ])
    func `what can't be split is refused`(
        _ training: SplitAmount, _ validation: SplitAmount, _ says: String
    ) throws {
        let error = try #require(throws: NetError.self) {
            try DataSplit(
                of: Self.dataset(classSizes: [5, 5]), training: training, validation: validation,
                seed: 1)
        }
        #expect(error.exitCode == 2)
        #expect(error.description.contains(says))
    }

    @Test(arguments: [[9], [0, 9, 0]])
    func `examples of one class are refused`(_ classSizes: [Int]) throws {
        let error = try #require(throws: NetError.self) {
            try DataSplit(
                of: Self.dataset(classSizes: classSizes), training: .count(5),
                validation: .count(2), seed: 1)
        }
        #expect(error.description.contains("of one class"))
    }

    @Test func `no examples can't be split`() {
        #expect(throws: NetError.self) {
            try DataSplit(
                of: Self.dataset(classSizes: [0, 0]), training: .count(1), validation: .count(1),
                seed: 1)
        }
    }
}
