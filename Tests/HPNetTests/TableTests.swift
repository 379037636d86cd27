import DataTesting
import HPMath
import Testing

@testable import HPNet

@Suite("Tables of numbers and words")
struct TableTests {
    private static func read(_ text: String, _ options: TableOptions) throws -> Dataset {
        try TemporaryFolder.with { folder in
            try Dataset.csv(file: try folder.write("table.csv", Array(text.utf8)), options)
        }
    }

    private static func prepared(
        _ dataset: Dataset, _ steps: [Preprocessing] = [], training: Int
    ) throws -> PreparedData {
        let split = try DataSplit(
            of: dataset, training: .count(training), validation: .count(dataset.count - training),
            seed: 1)
        try steps.require(dataset, split)
        return PreparedData(dataset: dataset, split: split, preprocessing: steps)
    }

    /// Prepared examples, in the order of the rows.
    private static func examples(_ data: PreparedData, _ rows: [UInt32]? = nil) -> [[Float]] {
        let rows = rows ?? Array(0..<UInt32(data.dataset.count))
        var examples = [Float](repeating: 0, count: rows.count * data.featureCount)
        rows.withUnsafeBufferPointer { rows in
            examples.withUnsafeMutableBufferPointer { examples in
                guard let base = examples.baseAddress else { return }
                data.gather(rows, into: base)
            }
        }
        return rows.indices.map {
            Array(examples[$0 * data.featureCount..<($0 + 1) * data.featureCount])
        }
    }

    // MARK: - Precision

    /// Two classes a hundredth around a million.
    private static func fine(_ offset: Double, _ step: Double) -> String {
        var stream = RandomStream(seed: 3, purpose: .sampling)
        return (0..<200).map { row in
            let deviation = (row % 2 == 0 ? 1 : -1) * step + step * stream.nextNormal() / 2
            return "\(offset + deviation),\(row % 2)\n"
        }.joined()
    }

    @Test(arguments: [(1e6, 0.01), (1_700_000_000, 30), (-2e9, 1), (300.15, 1e-4)])
    func `numbers far from 0 and near to each other are told apart`(
        _ offset: Double, _ step: Double
    ) throws {
        let dataset = try Self.read(Self.fine(offset, step), TableOptions(label: .position(-1)))
        let data = try Self.prepared(dataset, [.normalize], training: 100)
        let distinct = Set(Self.examples(data).map { $0[0] })
        #expect(distinct.count > 190)
        let outcome = Trainer(
            network: NetworkConfiguration(hidden: [8]),
            training: TrainingConfiguration(learningRate: 0.1, batchSize: 10, epochs: 10, seed: 1),
            data: data
        ).train()
        #expect(try #require(outcome.best).validationAccuracy > 0.9)
        #expect(DataPreview(of: data).repeatedValidationCount == 0)
    }

    @Test func `without centring they are the numbers of the table`() throws {
        let dataset = try Self.read(
            "1000000.01,a\n1000000.02,b\n1000000.04,a\n", TableOptions(label: .position(-1)))
        let data = try Self.prepared(dataset, training: 2)
        #expect(Self.examples(data).map { $0[0] } == [1000000.01, 1000000.02, 1000000.04])
    }

    @Test func `tables that differ by less than single precision shows have other digests`() throws
    {
        let options = TableOptions(label: .position(-1))
        let rows = "1000000.01,a\n1000000.02,b\n1000000.04,a\n"
        let digests = try [rows, rows.replacing(".02", with: ".03"), "1" + rows].map {
            try Self.read($0, options).digest
        }
        #expect(Set(digests).count == 3)
    }

    @Test func `ordinary tables keep the digests that they had`() throws {
        for text in [
            "5.1,3.5,a\n4.9,3.0,b\n", "1990,1013.25,a\n2010,990.5,b\n",
            "16777216,0.1,a\n16777300,0.1,b\n", "0.99007,1,a\n1.00369,2,b\n",
        ] {
            let dataset = try Self.read(text, TableOptions(label: .position(-1)))
            let numbers = text.split(separator: "\n").flatMap {
                $0.split(separator: ",").prefix(2).compactMap { Float($0) }
            }
            let plain = Dataset(
                name: "csv", features: .floats(numbers), labels: [0, 1], featureCount: 2,
                classCount: 2)
            #expect(dataset.digest == plain.digest, "\(text)")
        }
    }

    /// As floats these rows are equal; the last two are as written.
    @Test func `a row that only rounding makes equal is no leak`() throws {
        let rows = ["0.123456789", "0.1234567891", "0.5000000", "0.5"]
        let text = rows.map { "\($0),7,a\n" }.joined() + "1,1,b\n2,2,b\n"
        let dataset = try Self.read(text, TableOptions(label: .position(-1)))
        guard case .floats(let floats) = dataset.features else { return }
        #expect(floats[0] == floats[2])
        var repeated: [Int] = []
        for seed in 0..<20 {
            let split = try DataSplit(
                of: dataset, training: .count(3), validation: .count(3), seed: UInt64(seed))
            let preview = DataPreview(of: PreparedData(dataset: dataset, split: split))
            let areApart = split.training.contains(2) != split.training.contains(3)
            #expect(preview.repeatedValidationCount == (areApart ? 1 : 0))
            repeated.append(preview.repeatedValidationCount)
        }
        #expect(Set(repeated) == [0, 1])
    }

    // MARK: - Words

    @Test func `categories of the training split become a feature each`() throws {
        let text =
            "x,colour,kind\n"
            + (0..<12).map { row in
                "\(row),\(["red", "blue", "red"][row % 3]),\(row % 2)\n"
            }.joined() + "12,green,0\n"
        let dataset = try Self.read(
            text,
            TableOptions(label: .name("kind"), categorical: [.name("colour")]))
        #expect(dataset.table?.categories == [[], ["blue", "green", "red"]])
        let rows = (0..<12).map { UInt32($0) }
        let split = DataSplit(training: rows, validation: [12], trainingSample: rows)
        let data = PreparedData(dataset: dataset, split: split)
        #expect(data.featureCount == 3)
        let examples = Self.examples(data)
        #expect(examples[0] == [0, 0, 1])
        #expect(examples[1] == [1, 1, 0])
        #expect(examples[12] == [12, 0, 0], "a category that training never saw is none")
    }

    @Test func `a missing value is the mean over the training split alone`() throws {
        let text = "1,red,a\n2,blue,b\n?,?,a\n6,red,b\n100,red,a\n?,blue,b\n"
        let dataset = try Self.read(
            text,
            TableOptions(
                label: .position(-1), header: false, categorical: [.position(1)], missing: .mean))
        let split = DataSplit(
            training: [0, 1, 2, 3], validation: [4, 5], trainingSample: [0, 1, 2, 3])
        let data = PreparedData(dataset: dataset, split: split)
        let third = Float(1.0 / 3)
        #expect(
            Self.examples(data) == [
                [1, 0, 1], [2, 1, 0], [3, third, Float(2.0 / 3)], [6, 0, 1], [100, 0, 1],
                [3, 1, 0],
            ])
    }

    @Test func `rows with missing values are left out before anything is counted`() throws {
        let dataset = try Self.read(
            "1,a\n?,b\n3,b\n4,NA\n5,c\n,d\n", TableOptions(label: .position(-1), missing: .drop))
        #expect(dataset.count == 3)
        #expect(dataset.classNames == ["a", "b", "c"])
        #expect(dataset.table?.droppedRowCount == 3)
        let plain = try Self.read("1,a\n3,b\n5,c\n", TableOptions(label: .position(-1)))
        #expect(dataset.digest == plain.digest)
    }

    @Test func `other categories of the same numbers are other data`() throws {
        let options = TableOptions(label: .position(-1), categorical: [.position(0)])
        func digest(_ word: String) throws -> String {
            try Self.read("red,1,a\n\(word),2,b\nred,3,a\n", options).digest
        }
        #expect(try digest("blue") != digest("green"))
        #expect(try digest("blue") == digest("blue"))
    }

    // MARK: - Whitening

    /// Three columns, the last of which is made of the others.
    private static func collinear(_ scale: Double) throws -> Dataset {
        var stream = RandomStream(seed: 5, purpose: .sampling)
        let features = (0..<400).flatMap { _ -> [Float] in
            let (a, b) = (stream.nextNormal(), scale * stream.nextNormal())
            return [Float(a), Float(b), Float(a / 3 + b / scale / 7), Float(2)]
        }
        return Dataset(
            name: "collinear", features: .floats(features), labels: (0..<400).map { $0 % 2 },
            featureCount: 4, classCount: 2)
    }

    @Test(arguments: [1.0, 1e-3, 1e4], [1e-5, 1e-12, 1e-30])
    func `whitening leaves out what is lost in rounding, and the rest has deviation 1`(
        _ scale: Double, _ epsilon: Double
    ) throws {
        let data = try Self.prepared(
            try Self.collinear(scale), [.normalize, .whiten(components: nil, epsilon: epsilon)],
            training: 300)
        #expect(data.droppedComponentCount == 1)
        let examples = Self.examples(data, data.split.training)
        for component in 0..<3 {
            let squares = examples.reduce(0) { $0 + Double($1[component] * $1[component]) }
            let deviation = (squares / 300).squareRoot()
            // A constant column has no deviation.
            #expect(deviation == 0 || (0.99...1.01).contains(deviation))
        }
    }

    @Test func `columns of other sizes are not lost`() throws {
        var stream = RandomStream(seed: 6, purpose: .sampling)
        let features = (0..<400).flatMap { _ in
            [1e5, 1, 1e-4].map { Float($0 * stream.nextNormal()) }
        }
        let dataset = Dataset(
            name: "scales", features: .floats(features), labels: (0..<400).map { $0 % 2 },
            featureCount: 3, classCount: 2)
        let data = try Self.prepared(
            dataset, [.whiten(components: nil, epsilon: 1e-20)], training: 300)
        #expect(data.droppedComponentCount == 0)
    }
}
