import HPCluster
import HPSearch

/// A small generator of its own: values need only be varied, and the same each time.
struct Noise {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func bits() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    mutating func below(_ bound: Int) -> Int { Int(bits() % UInt64(bound)) }
    mutating func chance() -> Bool { below(2) == 0 }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[below(elements.count)]
    }

    mutating func list<Element>(_ make: (inout Noise) -> Element) -> [Element] {
        (0..<below(5)).map { _ in make(&self) }
    }

    mutating func maybe<Element>(_ make: (inout Noise) -> Element) -> Element? {
        chance() ? make(&self) : nil
    }

    /// Any bit pattern but NaN, which equals nothing.
    mutating func number() -> Double {
        let number = Double(bitPattern: bits())
        return number.isNaN
            ? pick([0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude]) : number
    }

    mutating func amount() -> Double {
        let number = number().magnitude
        return number.isFinite ? number : 0.5
    }

    mutating func count() -> Int { Int(bits() >> UInt64(11 + below(53))) }

    mutating func text() -> String {
        let samples: [Character] = ["a", "é", "\n", "\"", "\0", "🙂", " ", "/"]
        return String((0..<below(12)).map { _ in pick(samples) })
    }

    mutating func bytes() -> [UInt8] {
        (0..<below(80)).map { _ in UInt8(truncatingIfNeeded: bits()) }
    }

    /// Changes, removes or inserts up to four bytes.
    mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(4) where !bytes.isEmpty {
            let index = below(bytes.count)
            switch below(4) {
            case 0: bytes[index] = UInt8(below(256))
            case 1: bytes[index] ^= 1 << UInt8(below(8))
            case 2: bytes.remove(at: index)
            default: bytes.insert(UInt8(below(256)), at: index)
            }
        }
        return bytes
    }
}

extension Noise {
    mutating func lease() -> Lease {
        Lease(study: count() + 1, trial: count() + 1, attempt: count())
    }

    mutating func worker() -> WorkerIdentity {
        WorkerIdentity(id: text() + "0", incarnation: bits(), name: text())
    }

    mutating func value(depth: Int = 0) -> ParameterValue {
        switch below(depth < 3 ? 5 : 4) {
        case 0: .boolean(chance())
        case 1: .integer(Int(truncatingIfNeeded: bits()))
        case 2: .number(number())
        case 3: .text(text())
        default: .list(list { $0.value(depth: depth + 1) })
        }
    }

    mutating func domain() -> ParameterDomain {
        switch below(6) {
        case 0: .logUniform(low: number(), high: number())
        case 1: .uniform(low: number(), high: number())
        case 2: .integer(low: Int(truncatingIfNeeded: bits()), high: -count())
        case 3: .logInteger(low: count(), high: count())
        case 4: .choice(list { $0.value() })
        default: .value(value())
        }
    }

    mutating func metrics() -> TrialMetrics {
        TrialMetrics(
            validationAccuracy: maybe { $0.number() }, validationLoss: maybe { $0.number() },
            trainingAccuracy: maybe { $0.number() }, trainingLoss: maybe { $0.number() },
            initialLoss: maybe { $0.number() })
    }

    mutating func result() -> TrialResult {
        TrialResult(
            objectiveCurve: list { $0.number() }, value: maybe { $0.number() },
            standardError: maybe { $0.number() }, bestEpoch: amount(), epochs: amount(),
            metrics: metrics(), flags: flags(), seconds: amount())
    }

    mutating func point() -> EpochMetrics {
        EpochMetrics(
            epoch: number(), learningRate: number(), validationAccuracy: number(),
            validationLoss: number(), trainingAccuracy: number(), trainingLoss: number())
    }

    mutating func flags() -> [TrialFlag] {
        TrialFlag.allCases.filter { _ in below(3) == 0 }
    }

    mutating func diagnostics() -> TrialDiagnostics {
        TrialDiagnostics(epochs: list { $0.look() }, firstLayer: maybe { $0.images() })
    }

    private mutating func look() -> EpochDiagnostics {
        EpochDiagnostics(
            epoch: number(), dataLoss: number(), regularizationLoss: number(),
            minibatchLoss: maybe { noise in
                MinibatchLoss(
                    mean: noise.number(), standardDeviation: noise.number(),
                    first: noise.number(), last: noise.number())
            }, layers: list { $0.layer() })
    }

    private mutating func layer() -> LayerDiagnostics {
        LayerDiagnostics(
            weightUpdateRatio: maybe { $0.number() }, biasUpdateRatio: maybe { $0.number() },
            scaleUpdateRatio: maybe { $0.number() }, slopeUpdateRatio: maybe { $0.number() },
            activation: distribution(), gradient: distribution(),
            saturatedShare: maybe { $0.number() }, deadShare: maybe { $0.number() },
            isSymmetric: below(2) == 0)
    }

    private mutating func distribution() -> NumberDistribution {
        NumberDistribution(
            mean: number(), standardDeviation: number(),
            histogram: maybe { noise in
                Histogram(
                    low: noise.number(), high: noise.number(),
                    counts: (0..<Histogram.binCount).map { _ in
                        UInt32(truncatingIfNeeded: noise.bits())
                    })
            })
    }

    private mutating func images() -> WeightImages {
        let (rows, columns, channels) = (1 + below(64), 1 + below(64), 1 + below(4))
        return WeightImages(
            rows: rows, columns: columns, channels: channels,
            tiles: (0..<below(4)).map { _ in
                (0..<rows * columns * channels).map { _ in UInt8(below(256)) }
            })
    }

    private mutating func recordings() -> TrialRecordings {
        let correctness = maybe { $0.correctness() }
        return TrialRecordings(
            curve: list { $0.point() }, diagnostics: maybe { $0.diagnostics() },
            correctness: correctness,
            crossedCorrectness: chance() ? correctness.flatMap { crossed($0.count) } : nil)
    }

    mutating func correctness(_ count: Int? = nil) -> RowCorrectness {
        RowCorrectness((0..<(count ?? 1 + below(50))).map { _ in chance() })
    }

    mutating func crossed(_ count: Int) -> CrossedCorrectness? {
        let outside = (0..<CrossedCorrectness.foldCount(of: count)).map { fold in
            below(count - CrossedCorrectness.rowCount(ofFold: fold, of: count) + 1)
        }
        return CrossedCorrectness(rows: correctness(count), rightOutside: outside)
    }

    mutating func report() -> TrialReport {
        let outcome: TrialReport.Outcome =
            switch below(3) {
            case 0:
                .trained(
                    state: pick(Trial.State.allCases), reason: text(), detail: text(),
                    result: result(),
                    recordings: recordings())
            case 1: .failed(reason: text(), detail: text())
            default: .broke(outcome: pick(AttemptOutcome.allCases), detail: text())
            }
        return TrialReport(
            lease: lease(), studyDigest: text(), dataDigest: text(),
            dataSummary: maybe { $0.text() }, engineRevision: text(), outcome: outcome)
    }
}

extension Noise {
    mutating func peerMessage() -> PeerMessage {
        switch below(9) {
        case 0:
            .hello(
                Hello(
                    protocolVersion: below(100), introduction: count(),
                    worker: worker(), slots: below(65_537), engineRevision: text(),
                    held: list { $0.lease() }))
        case 1: .heartbeat(held: list { $0.lease() })
        case 2: .results(list { $0.report() })
        case 3: .handBack(list { $0.lease() })
        case 4: .declineStudy(study: count(), code: text(), detail: text())
        case 5: .goodbye
        case 6: .checkpointPart(checkpointPart())
        case 7: .checkpointRequest(CheckpointRequest(lease: lease(), offset: count()))
        default: .request(ClientRequest(id: bits(), command: command()))
        }
    }

    private mutating func command() -> ClientRequest.Command {
        switch below(7) {
        case 0: .submit(content: text())
        case 1: .pause(study: text())
        case 2: .resume(study: text())
        case 3: .stop(study: text())
        case 4: .cancel(study: text())
        case 5: .order(worker: text(), pick(WorkerStanding.allCases))
        default:
            .query(
                .init(
                    kind: pick(ClientRequest.Query.Kind.allCases), study: text(), trial: count(),
                    format: text(), top: count()))
        }
    }

    mutating func coordinatorMessage() -> CoordinatorMessage {
        switch below(11) {
        case 0:
            .welcome(
                epoch: count(), heartbeatSeconds: amount(), checkpointByteCountMaximum: count())
        case 1: .whoAreYou
        case 2: .refused(code: text(), detail: text())
        case 3: .heartbeatAcknowledged(heartbeatSeconds: amount())
        case 4: .assign(assignment())
        case 5:
            .verdicts(
                list {
                    LeaseVerdict(
                        lease: $0.lease(), verdict: $0.pick(LeaseVerdict.Verdict.allCases),
                        detail: $0.text())
                })
        case 6: .cancel(list { $0.lease() })
        case 7:
            .checkpointReceipt(
                CheckpointReceipt(lease: lease(), epoch: count() + 1, byteCount: count()))
        case 8: .checkpointRefused(lease(), detail: text())
        case 9: .checkpointPart(checkpointPart())
        default: .reply(ClientReply(id: bits(), body: body()))
        }
    }

    private mutating func assignment() -> Assignment {
        Assignment(
            study: count(), content: maybe { $0.text() }, epochs: amount(), dataDigest: text(),
            members: list {
                .init(
                    lease: $0.lease(), replicate: $0.below(1 << 32),
                    parameters: $0.list { $0.value() },
                    checkpoint: $0.maybe {
                        CheckpointOffer(epoch: $0.count() + 1, byteCount: $0.count() + 1)
                    })
            })
    }

    private mutating func checkpointPart() -> CheckpointPart {
        let (offset, bytes) = (below(1000), [1] + bytes())
        return CheckpointPart(
            header: CheckpointHeader(
                lease: lease(), epoch: count() + 1, value: amount(),
                byteCount: offset + bytes.count + below(1000)),
            offset: offset, bytes: bytes)
    }

    private mutating func body() -> ClientReply.Body {
        switch below(3) {
        case 0: .accepted(progress())
        case 1:
            .document(
                bytes: bytes(), index: count(), count: count(), progress: maybe { $0.progress() })
        default: .error(exitCode: below(256), message: text())
        }
    }

    private mutating func progress() -> StudyProgress {
        StudyProgress(
            study: text(), state: pick(Study.State.allCases), reason: text(), detail: text(),
            planned: count(), done: count(), running: count(), complete: count(), stage: text(),
            best: maybe {
                Leader(
                    value: $0.number(), trial: $0.count(), configuration: $0.count() + 1,
                    completeCount: $0.count(), replicateCount: $0.count())
            },
            busyWorkers: count(), connectedWorkers: count(), obstacles: list { $0.text() })
    }
}

extension Noise {
    mutating func record() -> JournalRecord {
        switch below(10) {
        case 0: .coordinatorStarted(epoch: count())
        case 1: .studySubmitted(study: count() + 1, content: text())
        case 2: .stageBegan(study: count() + 1, stage: stage())
        case 3:
            .trialCreated(
                study: count() + 1,
                trial: CreatedTrial(
                    number: count() + 1, stage: count(), configuration: count(),
                    replicate: count(), parameters: list { $0.value() }))
        case 4: .attemptLeased(lease: lease(), worker: worker(), alone: chance())
        case 5:
            .attemptEnded(
                lease: lease(), outcome: pick(AttemptOutcome.allCases), detail: text())
        case 6: .trialFinished(finished())
        case 7:
            .studyPinned(
                study: count() + 1, dataDigest: text(), dataSummary: maybe { $0.text() },
                engineRevision: text())
        case 8:
            .workerOrdered(
                worker: text(), name: text(), standing: pick(WorkerStanding.allCases))
        default:
            .studyChanged(
                study: count() + 1, state: pick(Study.State.allCases), reason: text(),
                detail: text())
        }
    }

    private mutating func stage() -> Stage {
        Stage(
            index: count(), name: text(), epochs: amount(), domains: list { $0.domain() },
            moves: list {
                Move(
                    parameter: $0.text(), action: $0.pick(Move.Action.allCases), from: $0.domain(),
                    to: $0.domain(), because: $0.text(), evidence: $0.list { $0.count() })
            }, firstTrial: count(), trialCount: count())
    }

    private mutating func finished() -> FinishedTrial {
        FinishedTrial(
            study: count() + 1, trial: count() + 1, attempt: count(),
            state: pick(Trial.State.allCases), reason: text(), detail: text(),
            result: maybe { $0.result() }, worker: text())
    }
}
