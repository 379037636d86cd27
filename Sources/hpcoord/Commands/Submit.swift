import ArgumentParser
import HPCluster
import HPSearch

/// Hands a spec to a coordinator.
struct Submit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Submit a search spec; the same content again attaches to its study.")

    @Argument(help: "The spec: YAML or JSON.")
    var spec: String

    @Flag(help: "Wait for the end of the study; the exit code says how it ended.")
    var wait = false

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let resolved = try SpecFile.read(spec)
        var client = try CoordinatorClient(connection)
        let answer = try client.ask(.submit(content: resolved.content))
        PreflightMemory.warn(of: resolved, file: spec)
        guard var progress = answer.progress else { return }
        if wait, !progress.state.isTerminal {
            progress = try StudyWatcher.follow(resolved.name, through: &client) ?? progress
        }
        try Output.write(StudyLine.text(progress) + "\n")
        if wait { try StudyLine.exitUnlessSuccessful(progress) }
    }
}

/// A study in one line.
enum StudyLine {
    static func text(_ progress: StudyProgress) -> String {
        var text = "\(progress.study) \(progress.state.rawValue)"
        text += " \(progress.done)/\(progress.planned) trials"
        if let best = progress.best {
            text += ", best \(NumberText.short(best.value)) (\(best.name))"
        }
        if !progress.detail.isEmpty { text += ": \(progress.detail)" }
        return text
    }

    static func exitUnlessSuccessful(_ progress: StudyProgress) throws {
        let status = ExitStatus.of(progress)
        if status != ExitStatus.success { throw SilentExit(exitStatus: status) }
    }
}
