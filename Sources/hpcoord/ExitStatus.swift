import HPCluster
import HPSearch

/// The exit codes that the README documents.
enum ExitStatus {
    static let success: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let stopped: Int32 = 3
    static let noTrialSucceeded: Int32 = 4
    static let unreachable: Int32 = 5
    static let corruptData: Int32 = 65
    static let missingInput: Int32 = 66
    static let refused: Int32 = 69
    static let taken: Int32 = 73
    static let interrupted: Int32 = 130

    /// What a study's end means for the command that waited for it.
    static func of(_ progress: StudyProgress) -> Int32 {
        switch progress.state {
        case .complete: progress.reason == "stopped" ? stopped : success
        case .failed: progress.reason == "no-trial-succeeded" ? noTrialSucceeded : failed
        case .canceled: failed
        case .paused where progress.awaitsConfirmation: stopped
        case .queued, .running, .paused, .stopping: success
        }
    }
}

/// A command that can't do what it was asked: one line, and the exit code that goes with it.
struct CommandFailure: Error, CustomStringConvertible {
    var exitStatus: Int32
    var message: String

    var description: String { message }
}

/// Ends a command quietly with this code: everything was said already.
struct SilentExit: Error {
    var exitStatus: Int32
}
