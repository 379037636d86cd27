import Foundation
import HPSearch
import SpecFuzzing
import Synchronization
import Testing

@Suite("Hostile specs")
struct SpecFuzzTests {
    /// What came of the texts, read on a thread with a small stack.
    private func counts(
        _ texts: @escaping @Sendable () -> [[UInt8]]
    ) -> SpecFuzzer.Counts {
        let result = Mutex(SpecFuzzer.Counts())
        onSmallStack {
            var fuzzer = SpecFuzzer()
            for bytes in texts() { fuzzer.read(bytes) }
            result.withLock { $0 = fuzzer.counts }
        }
        return result.withLock { $0 }
    }

    @Test(arguments: 1...2)
    func `mutated specs are read or refused, in one line and in time`(seed: UInt64) {
        let counts = counts {
            var mutator = SpecMutator(seed: seed, specs: [SpecTests.yaml])
            return (0..<500).map { _ in mutator.next() }
        }
        #expect(counts.inputs == 500)
        #expect(counts.accepted > 50)
        #expect(counts.refused > 50)
        #expect(counts.violations == [])
    }

    @Test(arguments: SpecMutator.bombs.map(\.name))
    func `a quarter of a mebibyte of one thing is refused in time`(name: String) throws {
        let bomb = try #require(SpecMutator.bombs.first { $0.name == name })
        let counts = counts {
            ["", "study: ", "{\"study\": \"", "parameters: {reg: ", "stages:\n  - "].map {
                opening in
                let unit = Array(bomb.unit.utf8)
                var bytes = Array(opening.utf8)
                while bytes.count + unit.count < 256 * 1024 { bytes += unit }
                return bytes
            }
        }
        #expect(counts.refused == 5)
        #expect(counts.violations == [])
    }

    @Test func `many keys, stairs of blocks and hidden references are refused in time`() {
        let aliases = (1...20).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }
            .joined(separator: "\n")
        let texts = [
            SpecMutator.manyKeys(20_000, flow: true), SpecMutator.manyKeys(20_000, flow: false),
            SpecMutator.staircase(700),
            "a: |\n  'x\na0: &a0 [x]\n\(aliases)\n? *a40\n: 1",
            "a: b\n  'c\na0: &a0 [x]\n\(aliases)\n? *a40\n: 1",
            "{a: b\n 'c, a0: &a0 [x], e: '}\n\(aliases)",
            "{a:'b, a0: &a0 [x], e: '}\n\(aliases)",
            String(repeating: " ", count: 250_000) + "x: [",
            String(repeating: "a: &b c\n", count: 30_000),
        ]
        let counts = counts { texts.map { Array($0.utf8) } }
        #expect(counts.refused == texts.count)
        #expect(counts.violations == [])
    }

    @Test func `a list as long as the limit is read in time`() {
        let values = (1...1000).map { "\($0)" }.joined(separator: ", ")
        let text = SpecTests.yaml.replacing(
            "reg: {log_uniform: [1.0e-5, 1.0e+5]}",
            with: "reg: {choice: [\(values)]}\n  batch_size: {choice: [\(values)]}")
        let counts = counts { [Array(text.utf8)] }
        #expect(counts.accepted == 1)
        #expect(counts.violations == [])
    }

    @Test(arguments: [
        SpecTests.yaml.replacing("\n", with: "\r\n"), "\u{FEFF}" + SpecTests.yaml,
        "---\n" + SpecTests.yaml + "\n...\n", "# first\n\n" + SpecTests.yaml + "\n# last",
        "study: 'two-layer'" + SpecTests.yaml.dropFirst("study: two-layer".count),
    ])
    func `marks of the byte order, other ends of lines and comments change nothing`(
        text: String
    ) throws {
        let spec = try StudySpec.read(text: SpecTests.yaml, file: "spec.yaml")
        #expect(try StudySpec.read(text: text, file: "spec.yaml") == spec)
    }

    @Test func `JSON may have tabs, single quotes, comments of YAML and commas at the end`()
        throws
    {
        let spec = try StudySpec.read(text: SpecTests.yaml, file: "spec.yaml")
        let json = spec.content
        for other in [
            json.replacing(",", with: ",\r\n\t"), json.replacing("\"", with: "'"),
            json.replacing("}", with: ",}"), json.replacing(",", with: ", # next\n"),
        ] {
            #expect(try StudySpec.read(text: other, file: "spec.json") == spec)
        }
    }

    @Test func `texts that are only printed in escapes are read back`() throws {
        let text = SpecTests.yaml.replacing(
            "dataset: cifar10\n  path: cifar-10-batches-bin",
            with: "dataset: csv\n  path: \"\\u2028\\uFEFF é\\U0001F600\"\n  label: \"null\"")
        let spec = try StudySpec.read(text: text, file: "spec.yaml")
        #expect(try StudySpec(content: spec.content) == spec)
        #expect(try StudySpec.read(text: spec.resolvedYAML, file: "resolved") == spec)
    }

    @Test func `a negative zero is a zero`() throws {
        let text = SpecTests.yaml.replacing("log_uniform: [1.0e-5", with: "uniform: [-0.0")
        let spec = try StudySpec.read(text: text, file: "spec.yaml")
        #expect(spec.content.contains("[0.0,100000.0]"))
    }
}
