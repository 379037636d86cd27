import Foundation
import Testing

/// Small tables that other readers misread, through the real program.
@Suite("Tables as people have them")
struct TableCaseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var table: String
        var keys = "label: -1"
        /// What standard output or the one line on standard error says.
        var says: String
        var isRefused = false

        static func read(
            _ name: String, _ table: String, _ keys: String = "label: -1", says: String
        ) -> Case {
            Case(testDescription: name, table: table, keys: keys, says: says)
        }

        static func refused(
            _ name: String, _ table: String, _ keys: String = "label: -1", says: String
        ) -> Case {
            Case(testDescription: name, table: table, keys: keys, says: says, isRefused: true)
        }
    }

    /// Rows of two features and a class, 20 of each.
    private static func rows(_ separator: String = ",", point: String = ".") -> String {
        (0..<40).map { row in
            ["\(row % 7)", "\(row % 5)\(point)5", row % 2 == 0 ? "ale" : "stout"]
                .joined(separator: separator) + "\n"
        }.joined()
    }

    private static func table(_ row: (Int) -> String) -> String {
        (0..<60).map { row($0) + "\n" }.joined()
    }

    private static let understood = "40 rows of 2 features, 2 classes: ale (20), stout (20); "

    static let missing: [Case] =
        ["?", "NaN", "NA", "null", "N/A", "None", "nan", "#N/A"].map { word in
            .refused(
                "a label that is \(word)", "malt,hops,kind\n" + rows() + "1,2,\(word)\n",
                "label: kind",
                says: "table.csv:42: the label is missing: column 2 (`kind`) has `\(word)`")
        } + [
            .refused(
                "a feature that is NA", "malt,hops,kind\n" + rows() + "1,NA,ale\n", "label: kind",
                says: "table.csv:42: column 1 (`hops`) has `NA`: no value; give it one, or say"),
            .refused(
                "a label that is empty", "malt,hops,kind\n1,2,ale\n1,?,\n3,4,stout\n",
                "label: kind", says: "table.csv:3: the label is missing: column 2 (`kind`)"),
            .read(
                "rows that are left out", "malt,hops,kind\n" + rows() + "1,2,?\n,2,ale\n",
                "label: kind, missing: drop",
                says: understood + "comma-separated, line 1 names the columns; 2 rows left out"),
            .read(
                "a class of rows that are left out", rows() + "1,?,porter\n",
                "label: -1, missing: drop",
                says: understood + "comma-separated, no header; 1 row left out"),
            .read(
                "values that are filled in", "malt,hops,kind\n" + rows() + "1,2,?\n,2,ale\n",
                "label: kind, missing: mean",
                says: "1 row left out, where values are missing; 1 missing value filled in"),
            .refused(
                "a column without any value", table { "\($0),?,\($0 % 2)" },
                "label: -1, missing: mean", says: "column 1 has no value in the training split"),
        ]

    static let layouts: [Case] = [
        .read("no header", rows(), says: understood + "comma-separated, no header"),
        .read(
            "a header", "malt,hops,kind\n" + rows(),
            says: understood + "comma-separated, line 1 names the columns"),
        .read(
            "a header without a name for an index", ",malt,kind\n" + rows(),
            says: understood + "comma-separated, line 1 names the columns"),
        .refused(
            "a word above numbers beside a number", "id,2001,kind\n" + rows(),
            says: "table.csv:1: the first row may name the columns or be an example"),
        .read(
            "years that are names", "id,2001,kind\n" + rows(), "label: -1, header: true",
            says: understood + "comma-separated, line 1 names the columns"),
        .read(
            "semicolons and quotes", "\"fixed acidity\";\"pH\";\"quality\"\n" + rows(";"),
            "label: quality", says: understood + "semicolon-separated, line 1 names the columns"),
        .read("tabs", rows("\t"), says: understood + "tab-separated, no header"),
        .read(
            "decimal commas", rows(";", point: ","),
            says: understood + "semicolon-separated, numbers have decimal commas, no header"),
        .read(
            "semicolons inside of cells", rows().replacing("ale", with: "a;b"),
            says: "2 classes: a;b (20), stout (20); comma-separated, no header"),
        .refused(
            "decimal commas and points", rows(";") + "\"1,5\";2.5;ale\n",
            says: "table.csv:41: column 0 has `1,5`: there are decimal points"),
        .read(
            "a separator at the end of rows", rows().replacing("\n", with: ",\n"),
            says: understood + "comma-separated, no header"),
        .read(
            "a separator at the end of rows but the header's",
            "malt,hops,kind\n" + rows().replacing("\n", with: ",\n"),
            says: understood + "comma-separated, line 1 names the columns"),
        .refused(
            "a last column that is not always empty",
            rows().replacing("\n", with: ",\n") + "1,2,ale,x\n", says: "table.csv:1: the label is"),
        .refused(
            "a ragged row with a missing value", rows() + "1,?\n",
            says: "table.csv:41: the row has 2 cells, the first had 3"),
        .read(
            "a mark of the byte order and CRLF",
            "\u{FEFF}malt,hops,kind\r\n" + rows().replacing("\n", with: "\r\n"), "label: kind",
            says: understood + "comma-separated, line 1 names the columns"),
    ]

    static let columns: [Case] =
        ["red", "True", "2024-01-05"].map { word in
            .refused(
                "a column of \(word)", table { "\(word),\($0),\($0 % 2)" },
                says: "table.csv:1: column 0 has `\(word)`: the column isn't numbers; name it "
                    + "under data.columns: `categorical` for words, `drop`")
        }
        + ["red", "True", "2024-01-05"].map { word in
            .refused(
                "a first row with \(word)", "\(word),1,0\n" + table { "1,\($0),\($0 % 2)" },
                says: "`drop` to leave it out")
        } + [
            .refused(
                "a decimal comma in quotes", table { "\"-0,95\",\($0),\($0 % 2)" },
                says: "table.csv:1: column 0 has `-0,95`, a number with a decimal comma"),
            .read(
                "categories and a column that is dropped",
                "id,colour,x,kind\n"
                    + table { "n\($0),\(["red", "grün"][$0 % 2]),\($0),\($0 % 3)" },
                "label: kind, columns: {drop: [id], categorical: [colour]}",
                says: "60 rows of 2 features (3 with one for each category), 3 classes: 0 (20)"),
            .read(
                "columns by position",
                table { "n\($0),\(["red", "grün"][$0 % 2]),\($0),\($0 % 3)" },
                "label: -1, columns: {drop: [0], categorical: [-3]}",
                says: "60 rows of 2 features (3 with one for each category)"),
            .refused(
                "a column that is not there",
                "id,colour,x,kind\n" + table { "\($0),red,1,\($0 % 3)" },
                "label: kind, columns: {categorical: [color]}",
                says: "no column has the name `color`; did you mean `colour`?"),
            .refused(
                "a column that is the label", "x,kind\n" + table { "\($0),\($0 % 3)" },
                "label: kind, columns: {drop: [-1]}",
                says: "`columns.drop` has column 1, which is the label"),
            .refused(
                "a category for each row",
                table { "n\($0),\($0 % 2)\nm\($0)" + ",1" }
                    .split(separator: "\n").flatMap { line in
                        (0..<10).map { "\($0)\(line)" }
                    }.joined(separator: "\n"), "label: -1, columns: {categorical: [0]}",
                says: "this is category number 1001 of column 0"),
            .read(
                "a name in other code points", "malt,hops,Gro\u{308}\u{DF}e\n" + rows(),
                "label: Gr\u{F6}\u{DF}e", says: understood),
            .read(
                "a name in other code points, the other way",
                "malt,hops,Gr\u{F6}\u{DF}e\n" + rows(),
                "label: Gro\u{308}\u{DF}e", says: understood),
            .read(
                "labels in other code points",
                rows() + "1,1,Ko\u{308}lsch\n1,2,K\u{F6}lsch\n",
                says: "3 classes: Kölsch (2), ale"),
            .refused(
                "a price as the label", table { "\($0),1,\(10 + Double($0) / 4)" },
                says: "column 2, is a measurement: 60 rows have 60 different numbers, such as"),
            .refused(
                "an age as the label", table { "\($0),1,\($0 % 40)" },
                says: "column 2, is a measurement: 60 rows have 40 different numbers"),
            .read(
                "twenty grades as the label", table { "\($0),1,\(Double($0 % 20) / 2)" },
                says: "20 classes: 0.0 (3), 0.5 (3)"),
        ]

    @Test(arguments: missing + layouts + columns)
    func `a table is read as it is meant, or refused with its place`(_ example: Case) throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(example.table, to: "table.csv")
        let outcome = try Self.check(example.keys, file: "table.csv", in: folder)
        let said = outcome.status == 0 ? Self.unwrapped(outcome.output) : outcome.errors
        #expect(said.contains(example.says), "\(said)")
        #expect((outcome.status != 0) == example.isRefused, "\(outcome.errors)")
        if example.isRefused { #expect(outcome.errorLines.count == 1) }
    }

    @Test func `a table that gzip compressed is read as it is, whatever it is called`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Self.rows(), to: "table.csv")
        let gzip = Process()
        gzip.executableURL = URL(filePath: "/usr/bin/env")
        gzip.arguments = ["gzip", "-k", path]
        try gzip.run()
        gzip.waitUntilExit()
        for name in ["table.csv.gz", "renamed.csv"] {
            if name != "table.csv.gz" {
                try FileManager.default.moveItem(
                    atPath: folder.path("table.csv.gz"), toPath: folder.path(name))
            }
            let outcome = try Self.check("label: -1", file: name, in: folder)
            #expect(Self.unwrapped(outcome.output).contains(Self.understood), "\(outcome.errors)")
        }
    }

    /// Two classes a hundredth around a million, or seconds around a time since 1970.
    @Test(arguments: [(1_000_000.0, 0.01), (1_700_000_000.5, 60)])
    func `numbers far from 0 and near to each other are learned from, and are no leak`(
        center: Double, step: Double
    ) throws {
        let folder = try TemporaryFolder()
        let table = (0..<180).map { row -> String in
            let deviation = step * (Double(row * 37 % 180) / 180 + 0.1)
            let number = center + (row % 2 == 0 ? deviation : -deviation)
            return String(format: "%.4f,%@\n", number, row % 2 == 0 ? "up" : "down")
        }
        _ = try folder.write(table.joined(), to: "table.csv")
        let spec = MainJobTests.spec(name: "fine", epochs: 4).replacing(
            #/data: .*/#,
            with: "data: {dataset: csv, path: table.csv, label: -1, preprocess: [normalize], "
                + "split: {train: 0.5, validation: 0.5}}")
        let file = try folder.write(spec, to: "fine.yaml")
        let check = try Program.run("hpcoord", ["check", file, "--data-root", folder.url.path])
        #expect(
            Self.unwrapped(check.output).contains("no validation example is in the training split"))
        let outcome = try Program.run(
            "hpcoord",
            [
                "run", file, "--data-dir", folder.path("data"), "--data-root", folder.url.path,
                "--format", "json",
            ])
        let report = try decode(ReportDocument.self, outcome.output)
        #expect(report.trials.compactMap(\.value).max() ?? 0 > 0.9)
    }

    @Test(arguments: [(1...26, 26), (1...5, 5)], [1, 51])
    func `classes of idx are the labels that occur`(
        range: (labels: ClosedRange<Int>, count: Int), factor: Int
    ) throws {
        guard range.labels.upperBound * factor < 256 else { return }
        let folder = try TemporaryFolder()
        let labels = (0..<260).map { range.labels.lowerBound + $0 % range.labels.count }
        let pixels = labels.flatMap { [UInt8($0 * 9 % 256), UInt8($0 * 5 % 256)] }
        try Data([0, 0, 8, 2, 0, 0, 1, 4, 0, 0, 0, 2] + pixels).write(
            to: folder.url.appending(path: "train-images-idx2-ubyte"))
        try Data([0, 0, 8, 1, 0, 0, 1, 4] + labels.map { UInt8($0 * factor) }).write(
            to: folder.url.appending(path: "train-labels-idx1-ubyte"))
        let spec = MainJobTests.spec(name: "idx", epochs: 1).replacing(
            #/data: .*/#,
            with: "data: {dataset: idx, path: ., split: {train: 130, validation: 130}}")
        let file = try folder.write(spec, to: "idx.yaml")
        let outcome = try Program.run(
            "hpcoord", ["check", file, "--data-root", folder.url.path, "--no-preflight"])
        let first = range.labels.lowerBound * factor
        #expect(
            Self.unwrapped(outcome.output).contains("\(range.count) classes: \(first) ("),
            "\(outcome.output) \(outcome.errors)")
    }

    /// A split that each of the tables can have.
    static func spec(_ keys: String, file: String) -> String {
        MainJobTests.spec(name: "table", epochs: 1).replacing(
            #/data: .*/#,
            with: "data: {dataset: csv, path: \(file), \(keys), "
                + "split: {train: 0.5, validation: 0.5}}")
    }

    private static func check(
        _ keys: String, file: String, in folder: TemporaryFolder
    ) throws -> Program.Outcome {
        let spec = try folder.write(spec(keys, file: file), to: "table.yaml")
        return try Program.run(
            "hpcoord", ["check", spec, "--data-root", folder.url.path, "--no-preflight"])
    }

    /// Comments as one line.
    private static func unwrapped(_ output: String) -> String {
        let comments = output.split(separator: "\n").filter { $0.hasPrefix("#") }
        return comments.map { $0.drop { $0 == "#" || $0 == " " } }.joined(separator: " ")
    }
}
