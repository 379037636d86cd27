import Foundation
import HPRunner
import HPSearch

/// Whether a spec's preflight checks passed on this machine.
enum PreflightMemory {
    private static var record: PreflightRecord {
        PreflightRecord(environment: ProcessInfo.processInfo.environment)
    }

    static func set(_ isPassed: Bool, of spec: StudySpec) {
        record.set(isPassed ? .passed : .failed, ofSpec: spec.checkDigest)
    }

    /// Says on standard error that a search begins without them.
    static func warn(of spec: StudySpec, file: String) {
        switch record.state(ofSpec: spec.checkDigest) {
        case .passed: break
        case .failed:
            Output.complain(
                "\(file): warning: its preflight checks failed: `hpcoord check \(file)` says why")
        case nil:
            Output.complain(
                "\(file): warning: not checked on this machine; `hpcoord check \(file)` finds in "
                    + "seconds what a search finds out in hours")
        }
    }
}
