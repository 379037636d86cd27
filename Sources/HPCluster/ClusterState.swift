package import HPSearch

/// What an operator last ordered of a worker.
package struct WorkerOrder: Sendable, Equatable {
    package var name: String
    package var standing: WorkerStanding
}

/// All that is durable: the fold of the journal, the same live and on replay.
package struct ClusterState: Sendable, Equatable {
    /// How many coordinator processes served this journal.
    package private(set) var epoch = 0
    /// In order of submission; the study with id `n` at index `n - 1`.
    package private(set) var studies: [StudyRun] = []
    /// Workers that an operator ordered about and has not released, by id.
    package private(set) var orders: [String: WorkerOrder] = [:]

    package init() {}

    /// Replays a journal.
    ///
    /// - Throws: `ClusterError.journalInconsistent` at the first record that contradicts the
    ///   others.
    package init(replaying records: [JournalRecord]) throws(ClusterError) {
        for (index, record) in records.enumerated() {
            if let explanation = apply(record) {
                throw .journalInconsistent(position: index + 1, explanation: explanation)
            }
        }
    }

    package func standing(of worker: String) -> WorkerStanding {
        orders[worker]?.standing ?? .released
    }

    package func study(named name: String) -> StudyRun? {
        studies.first { $0.study.spec.name == name }
    }

    package func study(_ id: StudyID) -> StudyRun? {
        studies.indices.contains(id - 1) ? studies[id - 1] : nil
    }

    /// Takes in one fact; returns what contradicts the facts before it, or nil.
    package mutating func apply(_ record: JournalRecord) -> String? {
        switch record {
        case .coordinatorStarted(let epoch):
            self.epoch = epoch
            return nil
        case .studySubmitted(let id, let content):
            return submit(id: id, content: content)
        case .stageBegan(let id, let stage):
            return update(id) { run in
                run.begin(stage)
                return nil
            }
        case .trialCreated(let id, let created):
            return update(id) { $0.create(created) }
        case .attemptLeased(let lease, let worker, let alone):
            return update(lease.study) { $0.lease(lease, to: worker, alone: alone) }
        case .attemptEnded(let lease, let outcome, _):
            return update(lease.study) { $0.endAttempt(lease, outcome: outcome) }
        case .trialFinished(let finished):
            return update(finished.study) { $0.finish(finished) }
        case .studyPinned(let id, let dataDigest, let dataSummary, let engineRevision):
            return update(id) { run in
                run.pin(dataDigest, dataSummary, engineRevision: engineRevision)
                return nil
            }
        case .studyChanged(let id, let state, let reason, let detail):
            return update(id) { run in
                run.change(to: state, reason: reason, detail: detail)
                return nil
            }
        case .workerOrdered(let id, let name, let standing):
            orders[id] =
                standing == .released ? nil : WorkerOrder(name: name, standing: standing)
            return nil
        }
    }

    private mutating func submit(id: StudyID, content: String) -> String? {
        guard id == studies.count + 1 else { return "study \(id) follows \(studies.count)" }
        do {
            let spec = try StudySpec(content: content)
            studies.append(
                StudyRun(
                    study: Study(
                        id: id, spec: spec, specDigest: spec.specDigest,
                        contentDigest: spec.contentDigest)))
            return nil
        } catch {
            return "the spec of study \(id) can't be read: \(error)"
        }
    }

    private mutating func update(
        _ id: StudyID, _ body: (inout StudyRun) -> String?
    ) -> String? {
        guard studies.indices.contains(id - 1) else { return "study \(id) does not exist" }
        return body(&studies[id - 1])
    }
}
