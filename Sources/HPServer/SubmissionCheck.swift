import Foundation
import HPCluster
import HPSearch

/// Refuses studies whose data the coordinator was told about and can't find, and all when the
/// journal's disk is nearly full: what room is left is for the results of those that run.
struct SubmissionCheck: Sendable {
    /// The folder that data paths lie below; nil when data is the workers' affair alone.
    let dataRoot: String?

    /// Bytes that the journal's disk must have left for another study.
    private static let freeByteCountMinimum = 1 << 20

    /// The answer to a submission that can't run; nil for everything else.
    func refusal(of request: ClientRequest, freeByteCount: Int) -> ClientReply? {
        guard case .submit(let content) = request.command else { return nil }
        guard freeByteCount >= Self.freeByteCountMinimum else {
            let message = """
                the journal's disk has less than \(Self.freeByteCountMinimum >> 20) MiB left, \
                which are kept for the studies that run: make room on it, then submit again
                """
            return ClientReply(id: request.id, body: .error(exitCode: 1, message: message))
        }
        guard let dataRoot,
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
