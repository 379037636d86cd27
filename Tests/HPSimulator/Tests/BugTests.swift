import HPSimulator
import Testing

/// Checkers that find nothing prove nothing: each known defect has to be found by those that are
/// meant to. `hpsim --hunt-bugs` does the same with up to 1,000 seeds for each.
@Suite("Known bugs")
struct BugTests {
    /// Those that one seed in dozens shows; the release build looks for them.
    private static let rare: Set<KnownBug> = [
        .acceptsAfterCancel, .trustsAnybody, .ignoresRoles, .skipsSpoolSync, .ignoresTickGap,
        .hidesFullDisk, .takesCheckpoints,
    ]

    @Test(arguments: KnownBug.allCases.filter { !rare.contains($0) })
    func `are found by the checkers that are meant to find them`(bug: KnownBug) {
        let hunt = BugHunt(bug, seedMaximum: 40)
        #expect(hunt.isCaught, "\(hunt.violations)")
    }
}
