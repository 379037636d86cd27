import Foundation
import HPCluster
import HPSearch

/// Says what a study was begun on, as its coordinator's status says it.
struct StudyOrigin {
    private let study: String
    /// Nil before the first result.
    private let dataDigest: String?
    private let engineRevision: String?

    /// - Throws: `CommandFailure` when the coordinator doesn't answer.
    init(of study: String, through client: inout CoordinatorClient) throws {
        self.study = study
        let query = ClientRequest.Query(kind: .status, study: study, format: "json")
        let status = try client.ask(.query(query), patienceSeconds: 30).document
        let origin = try JSONDecoder().decode(Status.self, from: Data(status.utf8)).study
        dataDigest = origin.data_sha256
        engineRevision = origin.engine
    }

    private struct Status: Decodable {
        struct Study: Decodable {
            var data_sha256: String?
            var engine: String?
        }

        var study: Study
    }

    /// Refuses to go on with a study, or to print its report, where that would be of something
    /// else: of other data, or trained on with another engine.
    ///
    /// - Parameter isOver: whether nothing of it is trained any more.
    /// - Throws: `CommandFailure` that says what differs and what to do.
    func require(_ data: DataSummary, revision: String, isOver: Bool) throws {
        if let dataDigest, dataDigest != data.digest {
            throw CommandFailure(
                exitStatus: ExitStatus.corruptData,
                message: """
                    study \"\(study)\" was begun on other data: \(data.source) is now SHA-256 \
                    \(data.digest.prefix(12))..., it was \(dataDigest.prefix(12))...: restore the \
                    data, or search on these under another name (`study:`)
                    """)
        }
        if let engineRevision, engineRevision != revision, !isOver {
            throw CommandFailure(
                exitStatus: ExitStatus.refused,
                message: """
                    study \"\(study)\" was begun with engine \(engineRevision), this is \
                    \(revision): end it with the release that it was begun with, or search anew \
                    under another name (`study:`)
                    """)
        }
    }
}
