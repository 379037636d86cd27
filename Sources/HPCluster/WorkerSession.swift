package import HPSearch
import OrderedCollections

/// The worker's end of the protocol: what it holds, what it still owes, when it speaks.
///
/// A result stays here until the coordinator's verdict, and is sent again as needed. The shell
/// runs what `start` says, and keeps costly results on disk until `settled` names them.
package struct WorkerSession: Sendable {
    /// What happens to the worker; every event comes with the moment at which it is handled.
    package enum Event: Sendable {
        case received(CoordinatorMessage)
        /// A connection has come about: nothing that was said before it may have been heard.
        case connected
        /// Trials ended; those worth it are on disk already.
        case finished([TrialReport])
        /// The study can't be run here: no data, or other data than its first result's.
        case declined(study: StudyID, code: String, detail: String)
        /// A running trial's checkpoint is on the disk, in the place of the former one.
        case checkpointSaved(CheckpointHeader)
        /// As of which epoch the disk has the training of a trial; 0 for nothing.
        case checkpointLookedFor(Lease, epoch: Int)
        /// A checkpoint can't be read or written here.
        case checkpointUnusable(Lease)
        /// Time has passed.
        case clock
        /// The process was asked to leave.
        case shutdown
    }

    /// Trials to train, all of one shape.
    package struct Order: Sendable {
        package var study: StudyID
        package var studyDigest: String
        package var spec: StudySpec
        package var epochs: Double
        /// The study's pinned data digest; empty while nothing is pinned.
        package var dataDigest: String
        package var members: [Assignment.Member]

        package init(
            study: StudyID, studyDigest: String, spec: StudySpec, epochs: Double,
            dataDigest: String, members: [Assignment.Member]
        ) {
            self.study = study
            self.studyDigest = studyDigest
            self.spec = spec
            self.epochs = epochs
            self.dataDigest = dataDigest
            self.members = members
        }
    }

    /// Why the process ends.
    package enum Exit: Sendable, Hashable {
        case left
        /// `code` as the coordinator gives it: `version`, `role`, `key`.
        case refused(code: String, detail: String)
    }

    /// What an event asks of the shell.
    package struct Effects: Sendable {
        package var messages: [PeerMessage] = []
        package var start: [Order] = []
        /// Attempts to end, without a result.
        package var cancel: [Lease] = []
        /// Leases with a verdict: their results leave the disk.
        package var settled: [Lease] = []
        /// Members of orders to come whose checkpoints are looked for on the disk: each has a
        /// `checkpointLookedFor` for an answer.
        package var look: [(lease: Lease, studyDigest: String)] = []
        /// Parts of checkpoints that go to the disk, before anything starts.
        package var keep: [(part: CheckpointPart, studyDigest: String)] = []
        /// Read from the disk and sent, after the messages.
        package var upload: WantedPart?
        package var notices: [String] = []
        package var exit: Exit?

        /// Nothing.
        package init() {}
    }

    private struct Owed: Sendable {
        var report: TrialReport
        var sendAgainAt: Instant
        var tries = 0
    }

    private struct KnownStudy: Sendable {
        var spec: StudySpec
        var digest: String
    }

    private let identity: WorkerIdentity
    private let slots: Int
    private let engineRevision: String
    private let limits: ClusterLimits
    private var studies: [StudyID: KnownStudy] = [:]
    private var running: OrderedSet<Lease> = []
    private var owed: OrderedDictionary<Lease, Owed> = [:]
    /// Attempts with a final verdict: an assignment that arrives late or twice doesn't start them
    /// again.
    private var settled: OrderedSet<Lease> = []
    private var introductions = 0
    private var heartbeatSeconds: Double
    private var isRegistered = false
    private var speakAt: Instant
    private var lastHeard: Instant
    private var leaveBy: Instant?
    private var uploads: CheckpointUploads
    private var fetches: CheckpointFetches
    private var effects = Effects()

    /// A worker that holds `spooled` results of an earlier process.
    package init(
        identity: WorkerIdentity, slots: Int, engineRevision: String, spooled: [TrialReport],
        limits: ClusterLimits = ClusterLimits(), at now: Instant
    ) {
        self.identity = identity
        self.slots = slots
        self.engineRevision = engineRevision
        self.limits = limits
        self.heartbeatSeconds = limits.heartbeatSeconds
        self.speakAt = now
        self.lastHeard = now
        self.uploads = CheckpointUploads(limits: limits.checkpoints)
        self.fetches = CheckpointFetches(limits: limits.checkpoints)
        for report in spooled {
            owed[report.lease] = Owed(report: report, sendAgainAt: now)
        }
    }

    /// Every lease that the worker runs or has a result of without a verdict.
    package var held: [Lease] { Array(running) + Array(owed.keys) }

    /// Whether the coordinator knows this worker, as far as this worker knows.
    package var isConnected: Bool { isRegistered }

    /// The checkpoint that is being sent.
    package var upload: CheckpointHeader? { uploads.header }

    /// When `handle(.clock, at:)` has something to do.
    package var nextDeadline: Instant {
        let resend = isRegistered ? owed.values.map(\.sendAgainAt).min() : nil
        let upload = mayUpload ? uploads.nextDeadline : nil
        let fetch = fetches.nextDeadline(isConnected: isRegistered)
        return [speakAt, resend, leaveBy, upload, fetch].compactMap(\.self).min() ?? speakAt
    }

    /// Takes in one event.
    package mutating func handle(_ event: Event, at now: Instant) -> Effects {
        switch event {
        case .received(let message):
            lastHeard = now
            receive(message, at: now)
        case .connected:
            isRegistered = false
            introduce(at: now)
        case .finished(let reports): finish(reports, at: now)
        case .declined(let study, let code, let detail):
            running.removeAll { $0.study == study }
            uploads.forget(uploads.leases.filter { $0.study == study })
            fetches.drop({ $0.study == study }, at: now)
            effects.messages.append(.declineStudy(study: study, code: code, detail: detail))
            effects.notices.append("declined study \(study): \(detail)")
        case .checkpointSaved(let header): uploads.save(header, at: now)
        case .checkpointLookedFor(let lease, let epoch):
            fetches.look(lease, epoch: epoch, at: now)
        case .checkpointUnusable(let lease):
            if !fetches.fail(lease, "it can't be written here", at: now) {
                _ = uploads.fail(lease, at: now)
            }
        case .clock:
            speak(at: now)
            moveCheckpoints(at: now)
        case .shutdown: leave(at: now)
        }
        startWhatIsReady(at: now)
        exitIfDone(at: now)
        defer { effects = Effects() }
        return effects
    }

    // MARK: - Hearing

    private mutating func receive(_ message: CoordinatorMessage, at now: Instant) {
        switch message {
        case .welcome(let epoch, let heartbeatSeconds, let checkpointByteCountMaximum):
            keep(heartbeatSeconds)
            uploads.byteCountMaximum = checkpointByteCountMaximum
            uploads.connect(at: now)
            fetches.connect(at: now)
            if !isRegistered { effects.notices.append("registered, coordinator epoch \(epoch)") }
            isRegistered = true
            speakAt = now.advanced(bySeconds: self.heartbeatSeconds)
            sendOwed(all: true, at: now)
        case .whoAreYou:
            isRegistered = false
            introduce(at: now)
        case .refused(let code, let detail):
            effects.exit = .refused(code: code, detail: detail)
        case .heartbeatAcknowledged(let heartbeatSeconds): keep(heartbeatSeconds)
        case .reply: break
        case .assign(let assignment): accept(assignment, at: now)
        case .verdicts(let verdicts): settle(verdicts)
        case .cancel(let leases):
            forget(leases)
            fetches.forget(leases, at: now)
        case .checkpointReceipt(let receipt): uploads.receive(receipt, at: now)
        case .checkpointRefused(let lease, let detail): refuse(lease, detail, at: now)
        case .checkpointPart(let part):
            guard let next = fetches.receive(part, at: now),
                let study = studies[part.header.lease.study]
            else { break }
            effects.keep.append((next, study.digest))
        }
    }

    /// An interval that no coordinator gives is a sign of damage: the worker keeps its own.
    private mutating func keep(_ seconds: Double) {
        guard (0.01...60).contains(seconds) else { return }
        heartbeatSeconds = seconds
    }

    private mutating func accept(_ assignment: Assignment, at now: Instant) {
        let unknown = assignment.members.filter { member in
            !running.contains(member.lease) && owed[member.lease] == nil
        }
        // Should the coordinator hold the attempt open, it makes another: to it, an attempt that
        // ended here would never end.
        let ended = unknown.map(\.lease).filter(settled.contains)
        if !ended.isEmpty { effects.messages.append(.handBack(ended)) }
        let members = unknown.filter { !settled.contains($0.lease) }
        guard !members.isEmpty else { return }
        learn(assignment)
        guard leaveBy == nil, let known = studies[assignment.study] else {
            effects.messages.append(.handBack(members.map(\.lease)))
            return
        }
        running.append(contentsOf: members.map(\.lease))
        let order = Order(
            study: assignment.study, studyDigest: known.digest, spec: known.spec,
            epochs: assignment.epochs, dataDigest: assignment.dataDigest, members: members)
        if fetches.hold(order) {
            let offered = members.filter { $0.checkpoint != nil }
            effects.look += offered.map { ($0.lease, known.digest) }
        } else {
            start(order, at: now)
        }
    }

    private mutating func start(_ order: Order, at now: Instant) {
        uploads.begin(order.members.map(\.lease).filter(running.contains), at: now)
        effects.start.append(order)
    }

    private mutating func learn(_ assignment: Assignment) {
        guard let content = assignment.content else { return }
        do {
            let spec = try StudySpec(content: content)
            studies[assignment.study] = KnownStudy(spec: spec, digest: spec.contentDigest)
        } catch {
            studies[assignment.study] = nil
            effects.notices.append("can't read the spec of study \(assignment.study): \(error)")
        }
    }

    private mutating func settle(_ verdicts: [LeaseVerdict]) {
        for verdict in verdicts {
            // The coordinator may hand out again what it refused.
            if verdict.verdict != .rejected { remember(verdict.lease) }
            owed[verdict.lease] = nil
            effects.settled.append(verdict.lease)
            guard verdict.verdict == .rejected else { continue }
            effects.notices.append(
                "the result of trial \(verdict.lease.trial) was rejected: \(verdict.detail)")
        }
    }

    /// Attempts remembered as settled: more than can be on their way at once.
    private static let settledMaximum = 4096

    private mutating func remember(_ lease: Lease) {
        settled.append(lease)
        if settled.count > Self.settledMaximum { settled.removeFirst() }
    }

    private mutating func forget(_ leases: [Lease]) {
        uploads.forget(leases)
        for lease in leases {
            remember(lease)
            if running.remove(lease) != nil { effects.cancel.append(lease) }
            if owed.removeValue(forKey: lease) != nil { effects.settled.append(lease) }
        }
    }

    // MARK: - Speaking

    /// Reports of one frame, and what they may have recorded: half of a frame's limit, so that the
    /// longest single report fits too.
    private static let reportsPerMessage = 16
    private static let recordedBytesPerMessage = 4_000_000

    private mutating func finish(_ reports: [TrialReport], at now: Instant) {
        uploads.forget(reports.map(\.lease))
        for report in reports {
            guard running.remove(report.lease) != nil else {
                effects.settled.append(report.lease)
                continue
            }
            owed[report.lease] = Owed(report: report, sendAgainAt: now)
        }
        if isRegistered { sendOwed(all: false, at: now) }
    }

    private mutating func sendOwed(all: Bool, at now: Instant) {
        var due: [TrialReport] = []
        for index in owed.values.indices where all || owed.values[index].sendAgainAt <= now {
            let seconds = Double(1 << min(owed.values[index].tries, 4)) * heartbeatSeconds
            owed.values[index].tries += 1
            owed.values[index].sendAgainAt = now.advanced(bySeconds: seconds)
            due.append(owed.values[index].report)
        }
        var group: [TrialReport] = []
        var recordedBytes = 0
        for report in due {
            let isFull =
                group.count == Self.reportsPerMessage
                || recordedBytes + report.recordedBytes > Self.recordedBytesPerMessage
            if isFull, !group.isEmpty {
                effects.messages.append(.results(group))
                group = []
                recordedBytes = 0
            }
            group.append(report)
            recordedBytes += report.recordedBytes
        }
        if !group.isEmpty { effects.messages.append(.results(group)) }
    }

    private mutating func speak(at now: Instant) {
        let silence = limits.silenceSeconds(heartbeatSeconds: heartbeatSeconds)
        if now.seconds(since: lastHeard) > silence { isRegistered = false }
        if now >= speakAt {
            if isRegistered {
                speakAt = now.advanced(bySeconds: heartbeatSeconds)
                effects.messages.append(.heartbeat(held: held))
            } else {
                introduce(at: now)
            }
        }
        if isRegistered { sendOwed(all: false, at: now) }
    }

    private mutating func introduce(at now: Instant) {
        speakAt = now.advanced(bySeconds: limits.heartbeatSeconds)
        introductions += 1
        effects.messages.append(
            .hello(
                Hello(
                    protocolVersion: ClusterLimits.protocolVersion,
                    introduction: introductions, worker: identity, slots: slots,
                    engineRevision: engineRevision, held: held)))
    }

    // MARK: - Checkpoints

    /// Results go first: a part is sent when the coordinator has all that is known here.
    private var mayUpload: Bool { isRegistered && owed.isEmpty && leaveBy == nil }

    private mutating func moveCheckpoints(at now: Instant) {
        fetches.expire(at: now)
        if isRegistered, let request = fetches.next(at: now) {
            effects.messages.append(.checkpointRequest(request))
        }
        if mayUpload { effects.upload = uploads.next(at: now) }
    }

    private mutating func refuse(_ lease: Lease, _ detail: String, at now: Instant) {
        if fetches.fail(lease, detail, at: now) { return }
        guard uploads.fail(lease, at: now) else { return }
        effects.notices.append(
            "the coordinator doesn't keep a checkpoint of trial \(lease.trial): \(detail)")
    }

    private mutating func startWhatIsReady(at now: Instant) {
        for end in fetches.takeEnds() {
            switch end {
            case .whole(let lease, let epoch):
                effects.notices.append(
                    "the coordinator gave the checkpoint of trial \(lease.trial) as of epoch "
                        + "\(epoch)")
            case .failed(let lease, let why):
                effects.notices.append(
                    "trial \(lease.trial) begins anew, its checkpoint can't be had: \(why)")
            }
        }
        for order in fetches.takeReady() { start(order, at: now) }
    }

    // MARK: - Leaving

    /// Seconds that a leaving worker waits for the verdicts on what it owes.
    private static let farewellSeconds = 5.0

    private mutating func leave(at now: Instant) {
        guard leaveBy == nil else { return }
        leaveBy = now.advanced(bySeconds: Self.farewellSeconds)
        uploads.forget(running)
        fetches.drop({ _ in true }, at: now)
        if !running.isEmpty {
            effects.cancel.append(contentsOf: running)
            effects.messages.append(.handBack(Array(running)))
            running = []
        }
    }

    private mutating func exitIfDone(at now: Instant) {
        guard let leaveBy, effects.exit == nil, owed.isEmpty || now >= leaveBy else { return }
        effects.messages.append(.goodbye)
        effects.exit = .left
    }
}

extension TrialReport {
    /// Bytes of what was recorded, about.
    fileprivate var recordedBytes: Int {
        guard case .trained(_, _, _, _, let recordings) = outcome else { return 0 }
        let looks = recordings.diagnostics?.epochs ?? []
        let layers = looks.reduce(0) { $0 + $1.layers.count }
        let tiles = recordings.diagnostics?.firstLayer?.tiles ?? []
        // A layer's histograms come at three looks only.
        return 64 * recordings.curve.count + 80 * looks.count + 128 * layers
            + 3 * 256 * (looks.last?.layers.count ?? 0) + tiles.reduce(0) { $0 + $1.count }
            + 2 * (recordings.correctness?.bytes.count ?? 0)
    }
}
