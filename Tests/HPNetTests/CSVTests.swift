import DataTesting
import HPNet
import Testing

@Suite("CSV")
struct CSVTests {
    static func read(
        _ text: String, header: Bool? = false, label: TableColumn = .position(-1)
    ) throws -> Dataset {
        try TemporaryFolder.with { folder in
            let file = try folder.write("table.csv", Array(text.utf8))
            return try Dataset.csv(file: file, TableOptions(label: label, header: header))
        }
    }

    static func floats(_ dataset: Dataset) -> [Float] {
        if case .floats(let floats) = dataset.features { floats } else { [] }
    }

    @Test func `a table with a header and the label in the middle`() throws {
        let dataset = try Self.read(
            "x,species,y\n1,cat,-2.5\n3e2,ant,0.1\n5,cat,6\n", header: true,
            label: .name("species"))
        #expect(Self.floats(dataset) == [1, -2.5, 300, 0.1, 5, 6])
        #expect(dataset.labels == [1, 0, 1])
        #expect((dataset.featureCount, dataset.classCount) == (2, 2))
    }

    @Test(arguments: [
        (TableColumn.position(0), [0, 1] as [Int32]), (.position(-1), [1, 0]),
        (.position(1), [0, 1]),
    ])
    func `the label is counted from the front or from the back`(
        _ label: TableColumn, _ labels: [Int32]
    ) throws {
        #expect(try Self.read("1,4,9\n2,5,7\n", label: label).labels == labels)
    }

    @Test func `numeric labels are numbered by value, equal numbers as one class`() throws {
        let dataset = try Self.read("0,10\n0,9\n0,-1\n0,9.0\n0,1e1\n")
        #expect(dataset.labels == [2, 1, 0, 1, 2])
        #expect(dataset.classCount == 3)
    }

    @Test func `other labels are numbered by their bytes`() throws {
        #expect(try Self.read("0,b\n0,10\n0,B\n0,é\n0,9\n").labels == [3, 0, 2, 4, 1])
        #expect(try Self.read("0,x\n0,2\n0,10\n").labels == [2, 1, 0])
    }

    @Test func `quotes, blanks, blank lines, CRLF and a byte order mark are understood`() throws {
        let dataset = try Self.read(
            "\u{FEFF}\"a\",\"the, \"\"label\"\"\"\r\n 1 ,\"x\ny\"\r\n\r\n\"2\",z", header: true,
            label: .name("the, \"label\""))
        #expect(Self.floats(dataset) == [1, 2])
        #expect(dataset.labels == [0, 1])
    }

    struct BadTable: Sendable, CustomTestStringConvertible {
        var text: String
        var header = false
        var label = TableColumn.position(-1)
        /// What the error says after the path.
        var says: String

        var testDescription: String { says }
    }

    @Test(arguments: [
        BadTable(text: "", says: ": the table has no rows"),
        BadTable(text: "\n\n", says: ": the table has no rows"),
        BadTable(text: "a,b\n", header: true, says: ": the table has no rows"),
        BadTable(text: "1,2\n1,2,3\n", says: ":2: the row has 3 cells, the first had 2"),
        BadTable(text: "a,b\n\n1,2\n1\n", header: true, says: ":4: the row has 1 cells"),
        BadTable(text: "a,b\n1,2\n", says: ":1: column 0 has `a`, not a number; correct"),
        BadTable(
            text: "1,2\n1,3\nx,3\n", says: ":3: column 0 has `x`, not a number; correct the cell"),
        BadTable(text: "1,2\n,3\n", says: ":2: column 0 is empty; give it one, or say under data"),
        BadTable(
            text: "a,b\n1,2\nx,3\n", header: true,
            says: ":3: column 0 (`a`) has `x`, not a number; correct the cell"),
        BadTable(
            text: "a,b\n1,2\n1,\n", header: true,
            says: ":3: the label is missing: column 1 (`b`) is empty; fill it in"),
        BadTable(text: "1,2,x\n1,x\n", says: ":2: the row has 2 cells, the first had 3"),
        BadTable(text: "1,2,x\n1,,x,4\n", says: ":2: the row has 4 cells, the first had 3"),
        BadTable(text: "1,2,x\n1,\n2,3,y", says: ":2: the row has 2 cells, the first had 3"),
        BadTable(text: "1,2,x\nz,2,\"y\n", says: ":2: column 0 has `z`: the column isn't numbers"),
        BadTable(text: "inf,1\n", says: ":1: column 0 has `inf`, not a finite number"),
        BadTable(text: "1,2\nnan,1\n", says: ":2: column 0 has `nan`: no value"),
        BadTable(text: "1e39,1\n", says: ":1: column 0 has `1e39`, not a finite number"),
        BadTable(text: "1,2\n1,\n", says: ":2: the label is missing: column 1 is empty"),
        BadTable(text: "1,7\n2,7\n", says: ": every row has the label `7`"),
        BadTable(text: "1,7\n2,7.0\n", says: ": every row has the label `7`"),
        BadTable(text: "1\n2\n", says: ":1: the table has one column"),
        BadTable(text: "1,2\n", label: .position(2), says: ":1: there is no column 2"),
        BadTable(text: "1,2\n", label: .position(-3), says: ":1: there is no column -3"),
        BadTable(
            text: "a,b\n1,2\n", header: true, label: .name("c"),
            says: ":1: no column has the name `c`; the columns are a, b"),
        BadTable(
            text: "1,2\n", label: .name("c"),
            says: ":1: the label is column `c`, but there is no header line"),
        BadTable(text: "1,2\n\"3,4\n5,6\n", says: ":2: a quoted cell has no end"),
        BadTable(text: "1,2\n\"3\"4,5\n", says: ":2: text follows a closing quote"),
        BadTable(text: "1,\"2\n2\"\n1\n", says: ":3: the row has 1 cells"),
        BadTable(
            text: "a,b,a\n1,2,3\n", header: true, label: .name("a"),
            says: ":1: the columns 0 and 2 both have the name `a`; give the label's position"),
        BadTable(text: "1,2\n3\u{0},4\n", says: ":2: the text has a zero byte"),
        BadTable(text: "1,2\n\"3\n\u{0}\",4\n", says: ":3: the text has a zero byte"),
        BadTable(text: "1,2\n\"3\"\u{0},4\n", says: ":2: the text has a zero byte"),
        BadTable(
            text: "1,2\n1," + String(repeating: "9", count: 65_537),
            says: ":2: a cell has more than 65536 bytes"),
        BadTable(
            text: "1,2\n\"1,2\n" + String(repeating: "1,2\n", count: 20_000),
            says: ":2: a cell has more than 65536 bytes"),
        BadTable(
            text: (0...65_536).map { "1,a\($0)\n" }.joined(),
            says: ":65537: this is label number 65537 that differs from all others; is column 1"),
        BadTable(
            text: "1,2\n\"a\nb\u{7}\",3\n",
            says: ":2: column 0 has `a\u{FFFD}b\u{FFFD}`: the column isn't"),
    ])
    func `a bad table is refused with its line`(_ bad: BadTable) throws {
        let error = try #require(throws: NetError.self) {
            try Self.read(bad.text, header: bad.header, label: bad.label)
        }
        #expect(error.exitCode == 65)
        #expect(error.description.contains("table.csv" + bad.says))
        #expect(!error.description.contains("\n"))
    }

    @Test func `a label that is not UTF-8 is refused with its line`() throws {
        try TemporaryFolder.with { folder in
            let file = try folder.write("table.csv", Array("1,a\n2,".utf8) + [0xE9, 0x0A])
            let error = try #require(throws: NetError.self) {
                try Dataset.csv(
                    file: file, TableOptions(label: .position(-1), header: false))
            }
            #expect(error.description.contains("table.csv:2: the label `\u{FFFD}` is not UTF-8"))
        }
    }

    /// Cells and quotes lie across every boundary of the reader's buffers somewhere.
    @Test(arguments: ["\n", "\r\n", "\r"])
    func `a table of many buffers is read whole`(_ lineEnd: String) throws {
        let rows = (0..<20_000).map { "\($0),\"k\"\"\($0 % 7)\", -\($0).25e-1 " }
        let dataset = try Self.read(
            rows.joined(separator: lineEnd) + lineEnd, label: .position(1))
        #expect(dataset.count == 20_000)
        #expect(dataset.labels == (0..<20_000).map { Int32($0 % 7) })
        #expect(
            Self.floats(dataset) == (0..<20_000).flatMap { [Float($0), Float("-\($0).25e-1")!] })
    }

    @Test func `a missing table and a folder are missing inputs`() throws {
        try TemporaryFolder.with { folder in
            for path in [folder.path, folder.path + "/none.csv"] {
                let error = try #require(throws: NetError.self) {
                    try Dataset.csv(file: path, TableOptions(label: .position(0)))
                }
                #expect(error.exitCode == 66)
                #expect(error.description.hasPrefix(path + ": "))
            }
        }
    }
}
