import ArgumentParser
import Foundation
import HPCluster
import HPTerminal

/// The coordinator's program, and every client command.
@main
enum Main {
    static func main() async {
        StandardStream.prepare()
        do {
            try Verbs.check(Array(CommandLine.arguments.dropFirst()))
            var command = try HPCoord.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(ErrorReporter.report(error))
        }
    }
}

struct HPCoord: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hpcoord",
        abstract: "Distributed hyperparameter search: the coordinator and its commands.",
        discussion: """
            Start a coordinator with `hpcoord serve`, workers with `hpworker`, and submit a \
            search spec with `hpcoord submit SPEC`. `hpcoord run SPEC` does all of it in one \
            process.
            """,
        version: Release.version,
        subcommands: [
            Serve.self, Run.self, Check.self, Submit.self, List.self, Status.self, Report.self,
            ShowTrial.self, Fingerprint.self, Workers.self, Pause.self, Resume.self, Stop.self,
            Cancel.self, Narrow.self, Audit.self, Drain.self, Quarantine.self, ReleaseWorker.self,
            Verify.self, Doctor.self, Keys.self, DataCommands.self,
        ])
}
