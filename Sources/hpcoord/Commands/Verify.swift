import ArgumentParser
import Foundation
import HPCluster
import HPReport
import HPRunner
import HPSearch

/// Examines a study against its journal, and trains some of its trials again.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Examine a study against its journal; --rerun trains trials again here.",
        discussion: """
            The journal is read and replayed, every stage is planned again from spec, seed and \
            results, and the accounts are counted anew. --rerun K trains the best trial, the last \
            and others between them on this machine and compares every bit.
            """)

    @Argument(help: "The study's name.")
    var study: String

    @Option(help: ArgumentHelp("Train K trials again, here.", valueName: "K"))
    var rerun = 0

    @Option(
        help: ArgumentHelp("The folder that the study's data path lies below.", valueName: "dir"))
    var dataRoot = "."

    @Option(help: "How the findings are printed.")
    var format: DocumentFormat = .table

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard (0...1_000_000).contains(rerun) else {
            throw ValidationError("--rerun takes a count of at least 0, not \(rerun).")
        }
    }

    func run() throws {
        var client = try CoordinatorClient(connection)
        let query = ClientRequest.Query(
            kind: .verify, study: study, format: DocumentFormat.json.rawValue, top: rerun)
        let answer = try client.ask(.query(query), patienceSeconds: 300)
        let received = try JSONDecoder().decode(Received.self, from: Data(answer.document.utf8))
        guard var verification = received.verification else {
            throw CommandFailure(
                exitStatus: ExitStatus.refused,
                message: "the coordinator answers in another form: use the same release")
        }
        let trials = TrialRerun(dataRoot: dataRoot)
        for number in received.trials_to_rerun {
            verification.checks.append(try repeatTrial(number, with: trials, through: &client))
        }
        try Output.write(
            VerifyDocument.render(
                verification, rerun: received.trials_to_rerun,
                format: format == .json ? .json : .table))
        if !verification.isFulfilled { throw SilentExit(exitStatus: ExitStatus.failed) }
    }

    private func repeatTrial(
        _ number: Int, with trials: TrialRerun, through client: inout CoordinatorClient
    ) throws -> Verification.Check {
        let query = ClientRequest.Query(kind: .evidence, study: study, trial: number)
        let evidence = try client.ask(.query(query), patienceSeconds: 30).evidence
        guard let evidence else {
            throw CommandFailure(
                exitStatus: ExitStatus.refused, message: "trial \(number) has no evidence")
        }
        switch trials.repeatTrial(evidence) {
        case .same:
            return .init(
                name: "rerun", isFulfilled: true,
                detail: "trial \(number) trained here gives the same bits")
        case .different(let what):
            return .init(
                name: "rerun", isFulfilled: false, detail: "trial \(number) trained here: \(what)")
        case .impossible(let why):
            throw CommandFailure(
                exitStatus: ExitStatus.missingInput,
                message: "trial \(number) can't be trained here: \(why)")
        }
    }

    /// `hpcoord.verify/1` as it is read.
    private struct Received: Decodable {
        struct Study: Decodable {
            var name: String
            var state: String
        }

        struct Check: Decodable {
            var name: String
            var fulfilled: Bool
            var detail: String
        }

        var study: Study
        var checks: [Check]
        var trials_to_rerun: [Int]

        var verification: Verification? {
            HPSearch.Study.State(rawValue: study.state).map { state in
                Verification(
                    study: study.name, state: state,
                    checks: checks.map {
                        .init(name: $0.name, isFulfilled: $0.fulfilled, detail: $0.detail)
                    })
            }
        }
    }
}
