import Foundation
import HPCluster
import HPRunner
import HPTerminal

/// Trains a trial again and writes the network of its best epoch.
struct TrialWeights {
    let study: String
    let number: Int
    let dataRoot: String

    /// Prints the path of the file that it wrote.
    ///
    /// - Parameter path: of a file, or of a folder that exists.
    /// - Throws: `CommandFailure`, with nothing written, when training gives other bits than were
    ///   committed, or can't be repeated here.
    func write(to path: String, from connection: ConnectionOptions) throws {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let isIntoFolder = exists && isFolder.boolValue
        if isIntoFolder {
            try OutputFolder(path: path).check()
        } else {
            try OutputFile(path: path).check()
        }
        var client = try CoordinatorClient(connection)
        let query = ClientRequest.Query(kind: .evidence, study: study, trial: number)
        guard let evidence = try client.ask(.query(query), patienceSeconds: 30).evidence else {
            throw CommandFailure(
                exitStatus: ExitStatus.refused, message: "trial \(number) has no evidence")
        }
        let (outcome, model) = TrialRerun(dataRoot: dataRoot).bestModel(evidence)
        guard let model else { throw failure(outcome) }
        let file = WeightsFile(model, of: evidence)
        let destination = isIntoFolder ? "\(path)/\(file.name)" : path
        try Output.save(Data(file.bytes), to: destination)
        try Output.write(destination + "\n")
    }

    private func failure(_ outcome: TrialRerun.Outcome) -> CommandFailure {
        switch outcome {
        case .same:
            CommandFailure(
                exitStatus: ExitStatus.failed,
                message: "trial \(number) trained here never reaches its best epoch")
        case .different(let what):
            CommandFailure(
                exitStatus: ExitStatus.failed,
                message: """
                    trial \(number) trained here is another: \(what); nothing was written, \
                    `hpcoord verify --rerun` examines more trials
                    """)
        case .impossible(let why):
            CommandFailure(
                exitStatus: ExitStatus.missingInput,
                message: "trial \(number) can't be trained here: \(why)")
        }
    }
}
