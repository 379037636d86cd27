import HPCluster
import HPReport
import HPStore
import HPTransport

extension Documents {
    /// The coordinator's health at the moment of the snapshot.
    static func examine(
        _ snapshot: Snapshot, _ store: JournalStore
    ) throws(StoreError) -> Examination {
        let condition = store.condition
        return Examination(
            versions: [
                .init("hpcoord", Release.version),
                .init("protocol", "\(ClusterLimits.protocolVersion)"),
                .init("libzmq", Transport.libraryVersion),
                .init("SQLite", try store.libraryVersion()),
            ],
            endpoint: snapshot.endpoint,
            security: snapshot.security.text, securityProblem: snapshot.security.problem,
            journal: Examination.JournalCondition(
                path: condition.path, byteCount: condition.byteCount,
                freeByteCount: condition.freeByteCount, epoch: snapshot.core.state.epoch,
                degradation: snapshot.degradation),
            workers: snapshot.workers,
            studies: snapshot.core.diagnoses(at: snapshot.takenAt),
            refusedFrames: snapshot.refusedFrames,
            contradictions: snapshot.core.contradictions())
    }
}
