/// What files of a trial's weights are called, as the lecture has it:
/// `trial-0042_epoch-05_val-0.5310`.
package enum CheckpointName {
    /// What names of checkpoints end with.
    private static let suffix = ".checkpoint"

    /// - Parameters:
    ///   - epoch: epochs trained, a fraction where a stage's epochs are one.
    ///   - value: of the objective there.
    package static func text(trial: Int, epoch: Double, value: Double) -> String {
        let epochs = Int(exactly: epoch).map { padded($0, to: 2) } ?? "\(epoch)"
        return prefix(trial: trial) + "epoch-\(epochs)_val-\(fixed(value))"
    }

    /// What all names of a trial begin with, and no other's.
    package static func prefix(trial: Int) -> String { "trial-\(padded(trial, to: 4))_" }

    /// What the file of a checkpoint is called.
    package static func file(trial: Int, epoch: Int, value: Double) -> String {
        text(trial: trial, epoch: Double(epoch), value: value) + suffix
    }

    /// What the name of a checkpoint's file says; nil for any other name.
    package static func parse(_ name: String) -> (trial: Int, epoch: Int, value: Double)? {
        guard name.hasSuffix(suffix) else { return nil }
        let words = name.dropLast(suffix.count).split(
            separator: "_", omittingEmptySubsequences: false)
        guard words.count == 3, words[0].hasPrefix("trial-"), words[1].hasPrefix("epoch-"),
            words[2].hasPrefix("val-"), let trial = Int(words[0].dropFirst("trial-".count)),
            let epoch = Int(words[1].dropFirst("epoch-".count)), trial >= 1, epoch >= 1,
            let value = Double(words[2].dropFirst("val-".count)),
            file(trial: trial, epoch: epoch, value: value) == name
        else { return nil }
        return (trial, epoch, value)
    }

    private static func padded(_ number: Int, to count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    /// Four decimals; numbers beyond any objective's as they are, which keeps names short.
    private static func fixed(_ value: Double) -> String {
        guard value.magnitude < 1e9 else { return "\(value)" }
        let scaled = Int((value.magnitude * 10_000).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        return "\(sign)\(scaled / 10_000).\(padded(scaled % 10_000, to: 4))"
    }
}
