import HPCluster
package import HPSearch

/// How long a study has been worked on since this process began to serve it.
package struct StudyElapsed: Sendable {
    package var study: StudyID
    package var seconds: Double
}

/// Times studies for people's eyes: nothing here is durable or decides anything.
final class StudyTimekeeper {
    private var began: [StudyID: Instant] = [:]
    private var ended: [StudyID: Instant] = [:]

    func observe(_ studies: [StudyRun], at now: Instant) {
        for run in studies {
            let id = run.study.id
            if run.study.state.isTerminal {
                if began[id] != nil, ended[id] == nil { ended[id] = now }
            } else if began[id] == nil {
                began[id] = now
            }
        }
    }

    func elapsed(at now: Instant) -> [StudyElapsed] {
        began.keys.sorted().compactMap { id in
            began[id].map {
                StudyElapsed(study: id, seconds: (ended[id] ?? now).seconds(since: $0))
            }
        }
    }
}
