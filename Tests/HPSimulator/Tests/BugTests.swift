import HPSimulator
import Testing

/// Checkers that find nothing prove nothing: each known defect has to be found by those that are
/// meant to. `hpsim --hunt-bugs` does the same with up to 1,000 seeds for each.
@Suite("Known bugs")
struct BugTests {
    /// Enough for most; the release build hunts the others.
    private static let seedMaximum = 25

    @Test(arguments: Bug.allCases)
    func `are found by the checkers that are meant to find them`(bug: Bug) {
        let hunt = BugHunt(bug, seedMaximum: Self.seedMaximum)
        if hunt.seedsNeeded == nil {
            #expect(bug.isRare, "not found with \(Self.seedMaximum) seeds")
        } else {
            #expect(hunt.isCaught, "\(hunt.violations)")
        }
    }
}
