import Testing

@Suite("Hostile data")
struct HostileDataTests {
    /// In a process of its own: a crash or a hang is an exit code, and memory is its own.
    @Test(arguments: ["cifar10", "csv", "idx", "idx-gz", "archive"])
    func `mutated files are read or refused, in bounded time and memory`(reader: String) throws {
        let outcome = try Program.run(
            "hpbench", ["fuzz-data", "--reader", reader, "--seconds", "1.5"])
        #expect(outcome.status == 0, "\(outcome.output) \(outcome.errors)")
        let words = outcome.output.split { $0 == " " || $0 == "," }
        let counts = ["inputs", "accepted", "refused"].map { word in
            words.firstIndex { $0 == word }.flatMap { Int(words[$0 - 1]) } ?? 0
        }
        #expect(counts[0] > 20 && counts[1] > 0 && counts[2] > 0, "\(outcome.output)")
    }
}
