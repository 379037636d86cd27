import Foundation
import HPCluster
import HPSearch

/// Refuses studies whose data the coordinator was told about and can't find.
struct SubmissionCheck: Sendable {
    /// The folder that data paths lie below; nil when data is the workers' affair alone.
    let dataRoot: String?

    /// The answer to a submission that can't run; nil for everything else.
    func refusal(of request: ClientRequest) -> ClientReply? {
        guard let dataRoot, case .submit(let content) = request.command,
            let required = (try? StudySpec(content: content))?.data.requiredPath
        else { return nil }
        let path = "\(dataRoot)/\(required)"
        guard !FileManager.default.isReadableFile(atPath: path) else { return nil }
        let message = """
            \(path): no such data, or the coordinator can't read it; data.path lies below its \
            --data-root
            """
        return ClientReply(id: request.id, body: .error(exitCode: 66, message: message))
    }
}
