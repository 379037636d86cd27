import Foundation
import HPSearch

/// Reads hostile texts and counts what came of them.
package struct SpecFuzzer {
    package struct Counts: Sendable {
        package var inputs = 0
        package var accepted = 0
        package var refused = 0
        package var slowestMilliseconds = 0.0
        /// Of the process's largest resident size, since the fuzzer began.
        package var growthMiB = 0.0
        /// What must never be: a message of two lines, a content that is not read back.
        package var violations: [String] = []

        package init() {}
    }

    package private(set) var counts = Counts()
    private let startKiB = Self.largestResidentKiB()

    package init() {}

    package mutating func read(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        counts.inputs += 1
        let clock = ContinuousClock()
        let elapsed = clock.measure {
            do throws(SearchError) {
                let spec = try StudySpec.read(text: text, file: "fuzz")
                counts.accepted += 1
                requireRoundTrip(spec, of: text)
            } catch {
                counts.refused += 1
                requireOneLine(error.description, of: text)
            }
        }
        let milliseconds = elapsed / .milliseconds(1)
        counts.slowestMilliseconds = max(counts.slowestMilliseconds, milliseconds)
        if milliseconds > 1000 { violate("\(milliseconds) ms", text) }
        counts.growthMiB = Double(Self.largestResidentKiB() - startKiB) / 1024
    }

    private mutating func requireRoundTrip(_ spec: StudySpec, of text: String) {
        let again = try? StudySpec(content: spec.content)
        if again != spec { violate("the content is not read back", text) }
        let resolved = try? StudySpec.read(text: spec.resolvedYAML, file: "fuzz")
        if resolved != spec { violate("the resolved YAML is not read back", text) }
    }

    private mutating func requireOneLine(_ message: String, of text: String) {
        let parts = message.split(separator: ":", maxSplits: 3)
        let isPlaced =
            parts.count == 4 && parts[0] == "fuzz"
            && (Int(parts[1]) ?? 0) >= 1 && (Int(parts[2]) ?? 0) >= 1
        if !isPlaced || message.contains(where: \.isNewline) || !message.contains("; ") {
            violate(message, text)
        }
    }

    private mutating func violate(_ problem: String, _ text: String) {
        guard counts.violations.count < 10 else { return }
        counts.violations.append("\(problem): \(text.prefix(2000).debugDescription)")
    }

    /// The process's largest resident size so far (VmHWM).
    private static func largestResidentKiB() -> Int {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return 0 }
        return line.split(separator: " ").dropFirst().compactMap { Int($0) }.first ?? 0
    }
}

/// Runs work on a thread whose stack is as small as any that reads specs.
package func onSmallStack(_ work: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
        work()
        done.signal()
    }
    thread.stackSize = 512 * 1024
    thread.start()
    done.wait()
}
