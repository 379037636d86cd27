package import HPSearch

/// What a peer says to the coordinator.
package enum PeerMessage: Sendable, Hashable {
    case hello(Hello)
    /// Alive. `held` lists every lease that the worker runs or has a result of without a verdict.
    case heartbeat(held: [Lease])
    case results([TrialReport])
    /// Leases that the worker gives back unfinished; they never count against the trial.
    case handBack([Lease])
    /// This worker can't run trials of the study; `code` is machine-readable, `detail` a sentence
    /// with what to do. Its leases of that study go back.
    case declineStudy(study: StudyID, code: String, detail: String)
    /// The worker leaves; what it still holds goes back.
    case goodbye
    /// Of a running trial's checkpoint, for safekeeping; the next after the answer to this.
    case checkpointPart(CheckpointPart)
    case checkpointRequest(CheckpointRequest)
    case request(ClientRequest)
}

/// A worker introduces itself, on each connection and after `whoAreYou`.
package struct Hello: Sendable, Hashable {
    package var protocolVersion: Int
    /// Counts the introductions of this process from 1: one that arrives late or twice changes
    /// nothing.
    package var introduction: Int
    package var worker: WorkerIdentity
    package var slots: Int
    package var engineRevision: String
    package var held: [Lease]

    package init(
        protocolVersion: Int, introduction: Int, worker: WorkerIdentity, slots: Int,
        engineRevision: String, held: [Lease]
    ) {
        self.protocolVersion = protocolVersion
        self.introduction = introduction
        self.worker = worker
        self.slots = slots
        self.engineRevision = engineRevision
        self.held = held
    }
}

/// What came of one attempt.
package struct TrialReport: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// `state` is COMPLETE or DIVERGED.
        case trained(
            state: Trial.State, reason: String, detail: String, result: TrialResult,
            recordings: TrialRecordings)
        /// An error of the trial itself: it would fail again anywhere.
        case failed(reason: String, detail: String)
        /// CRASHED, OOM or TIMEOUT.
        case broke(outcome: AttemptOutcome, detail: String)
    }

    package var lease: Lease
    /// The study's content digest: a result for another study of the same number is refused.
    package var studyDigest: String
    package var dataDigest: String
    /// One line that says what the data were understood to be; nil where the assignment named
    /// the digest, which was pinned with such a line.
    package var dataSummary: String?
    package var engineRevision: String
    package var outcome: Outcome

    package init(
        lease: Lease, studyDigest: String, dataDigest: String, dataSummary: String? = nil,
        engineRevision: String, outcome: Outcome
    ) {
        self.lease = lease
        self.studyDigest = studyDigest
        self.dataDigest = dataDigest
        self.dataSummary = dataSummary
        self.engineRevision = engineRevision
        self.outcome = outcome
    }
}

/// What the coordinator says to a peer.
package enum CoordinatorMessage: Sendable, Hashable {
    /// `checkpointByteCountMaximum` is the largest checkpoint that is taken; 0 for none.
    case welcome(epoch: Int, heartbeatSeconds: Double, checkpointByteCountMaximum: Int)
    /// The coordinator doesn't know this session: introduce yourself.
    case whoAreYou
    /// The worker isn't let in, for good: another protocol version or engine.
    case refused(code: String, detail: String)
    /// The coordinator is alive; the interval of the next heartbeats depends on how many workers
    /// there are.
    case heartbeatAcknowledged(heartbeatSeconds: Double)
    case assign(Assignment)
    /// Final words on results, sent after the commit is durable.
    case verdicts([LeaseVerdict])
    /// The worker ends these attempts and forgets them.
    case cancel([Lease])
    case checkpointReceipt(CheckpointReceipt)
    /// Nothing is kept of the attempt's upload, or there is nothing to give it.
    case checkpointRefused(Lease, detail: String)
    case checkpointPart(CheckpointPart)
    case reply(ClientReply)
}

/// Trials of one shape, trained as one.
package struct Assignment: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
        package var lease: Lease
        package var replicate: Int
        package var parameters: [ParameterValue]
        /// Where an earlier attempt got to, if the coordinator has that.
        package var checkpoint: CheckpointOffer?

        package init(
            lease: Lease, replicate: Int, parameters: [ParameterValue],
            checkpoint: CheckpointOffer? = nil
        ) {
            self.lease = lease
            self.replicate = replicate
            self.parameters = parameters
            self.checkpoint = checkpoint
        }
    }

    package var study: StudyID
    /// The canonical text of the resolved spec, the first time this session hears of the study.
    package var content: String?
    package var epochs: Double
    /// The pinned data digest; empty while nothing is pinned.
    package var dataDigest: String
    package var members: [Member]

    package init(
        study: StudyID, content: String?, epochs: Double, dataDigest: String, members: [Member]
    ) {
        self.study = study
        self.content = content
        self.epochs = epochs
        self.dataDigest = dataDigest
        self.members = members
    }
}

/// The coordinator's final word on a result.
package struct LeaseVerdict: Sendable, Hashable {
    package enum Verdict: String, Sendable, CaseIterable {
        case committed
        /// This very result was committed before.
        case duplicate
        /// Another attempt's result was committed first.
        case superseded
        /// The trial or its study was canceled.
        case canceled
        /// The result can't be used: unknown trial or attempt, or other data or engine.
        case rejected
    }

    package var lease: Lease
    package var verdict: Verdict
    package var detail: String

    package init(lease: Lease, verdict: Verdict, detail: String = "") {
        self.lease = lease
        self.verdict = verdict
        self.detail = detail
    }
}

/// What a client command asks; `id` pairs it with its reply.
package struct ClientRequest: Sendable, Hashable {
    package enum Command: Sendable, Hashable {
        /// `content` is the canonical text of the resolved spec.
        case submit(content: String)
        case pause(study: String)
        case resume(study: String)
        case stop(study: String)
        case cancel(study: String)
        /// Applies the moves that a stage with `narrow: confirm` waits for.
        case acceptNarrowing(study: String)
        /// Gives a worker nothing more, keeps it from work at once, or undoes both; `worker` is its
        /// name, or the beginning of its id.
        case order(worker: String, WorkerStanding)
        case query(Query)
    }

    /// Asks for a document; the coordinator's state doesn't change.
    package struct Query: Sendable, Hashable {
        package enum Kind: String, Sendable, CaseIterable {
            case list
            case status
            case report
            case trial
            case fingerprint
            case workers
            case audit
            case narrow
            /// The coordinator's health.
            case doctor
            /// The study examined against its journal; `top` is how many trials to name for a
            /// repetition.
            case verify
            /// What a trial's result came from, to train it again.
            case evidence
        }

        package var kind: Kind
        /// A study's name; empty where the kind needs none.
        package var study: String
        package var trial: Int
        /// `table`, `json`, ...
        package var format: String
        /// At most this many rows; 0 for the kind's default.
        package var top: Int

        package init(
            kind: Kind, study: String = "", trial: Int = 0, format: String = "table", top: Int = 0
        ) {
            self.kind = kind
            self.study = study
            self.trial = trial
            self.format = format
            self.top = top
        }
    }

    package var id: UInt64
    package var command: Command

    package init(id: UInt64, command: Command) {
        self.id = id
        self.command = command
    }
}

/// The answer to a client request; a large document comes in several chunks.
package struct ClientReply: Sendable, Hashable {
    package enum Body: Sendable, Hashable {
        /// The study as the command left it.
        case accepted(StudyProgress)
        /// Part `index` of `count` of a document in UTF-8.
        case document(bytes: [UInt8], index: Int, count: Int, progress: StudyProgress?)
        case evidence(TrialEvidence)
        /// `exitCode` as documented; `message` says what was wrong and what to do.
        case error(exitCode: Int, message: String)
    }

    package var id: UInt64
    package var body: Body

    package init(id: UInt64, body: Body) {
        self.id = id
        self.body = body
    }
}

/// A committed result and the assignment that it came from.
package struct TrialEvidence: Sendable, Hashable {
    package var assignment: Assignment
    package var report: TrialReport

    package init(assignment: Assignment, report: TrialReport) {
        self.assignment = assignment
        self.report = report
    }
}

/// What a progress line shows of a study.
package struct StudyProgress: Sendable, Hashable {
    package var study: String
    package var state: Study.State
    package var reason: String
    package var detail: String
    package var planned: Int
    /// Trials in a terminal state.
    package var done: Int
    package var running: Int
    package var complete: Int
    package var stage: String
    /// Nil while nothing is COMPLETE.
    package var best: Leader?
    package var busyWorkers: Int
    package var connectedWorkers: Int
    /// Why connected workers decline the study; empty when none does.
    package var obstacles: [String]

    package init(
        study: String, state: Study.State, reason: String, detail: String, planned: Int, done: Int,
        running: Int, complete: Int, stage: String, best: Leader?, busyWorkers: Int,
        connectedWorkers: Int, obstacles: [String]
    ) {
        self.study = study
        self.state = state
        self.reason = reason
        self.detail = detail
        self.planned = planned
        self.done = done
        self.running = running
        self.complete = complete
        self.stage = stage
        self.best = best
        self.busyWorkers = busyWorkers
        self.connectedWorkers = connectedWorkers
        self.obstacles = obstacles
    }
}
