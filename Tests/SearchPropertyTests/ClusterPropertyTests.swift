import ClusterTesting
import HPCluster
import HPMath
import HPReport
import HPSearch
import RandomStudies
import Testing

/// A study's fingerprint is a function of its spec: not of its workers, nor of their order.
@Suite("A thousand random specs on simulated workers")
struct ClusterPropertyTests {
    @Test(arguments: 0..<10)
    func `1, 3 and 17 workers in any order give one fingerprint`(part: Int) throws {
        for number in stride(from: part, to: PlanPropertyTests.specCount, by: 10) {
            let spec = RandomSpecs.spec(number)
            let prints = try [1, 3, 17].map { count in
                var cluster = try SimulatedCluster(spec, workerCount: count)
                return try cluster.run()
            }
            #expect(Set(prints).count == 1, "\(spec.name)")
        }
    }
}

/// A coordinator and workers that finish what they hold in an order drawn at random.
struct SimulatedCluster {
    let journal = MemoryJournal()
    private(set) var coordinator: Coordinator
    private var now = Instant(nanoseconds: 0)
    private var stream: RandomStream
    private let objective: RandomObjective
    private let digest: String
    private let sessions: [SessionID]
    private var held: [[Assignment.Member]]

    init(_ spec: StudySpec, workerCount: Int) throws {
        coordinator = try Coordinator(replaying: [], at: now)
        _ = coordinator.start(at: now)
        stream = RandomStream(
            seed: spec.seed, purpose: .shuffle, a: 90, b: UInt32(workerCount))
        objective = RandomObjective(spec)
        digest = spec.contentDigest
        sessions = (0..<workerCount).map { SessionID([UInt8($0)]) }
        held = sessions.map { _ in [] }
        for (index, session) in sessions.enumerated() {
            receive(
                .hello(
                    Hello(
                        protocolVersion: ClusterLimits.protocolVersion, introduction: 1,
                        worker: WorkerIdentity(
                            id: "w\(index)", incarnation: 1, name: "w\(index)"),
                        slots: 1, engineRevision: "engine/1", held: [])), from: session)
        }
        receive(
            .request(ClientRequest(id: 1, command: .submit(content: spec.content))),
            from: SessionID([99]))
    }

    /// Runs to the end of the study.
    mutating func run() throws -> String {
        while true {
            let busy = held.indices.filter { !held[$0].isEmpty }
            guard !busy.isEmpty else { break }
            let worker = busy[stream.next(below: busy.count)]
            // Members of a bundle come in one by one or together, in any order.
            stream.shuffle(&held[worker])
            let count = 1 + stream.next(below: held[worker].count)
            let done = held[worker].suffix(count)
            held[worker].removeLast(count)
            receive(.results(done.map(report)), from: sessions[worker])
        }
        let study = try #require(coordinator.state.studies.first?.study)
        #expect(coordinator.contradictions() == [])
        guard let print = Fingerprint.digest(of: study) else {
            // Nothing of a stage was COMPLETE: the study failed, the same way each time.
            return "\(study.state) \(study.trials.count)"
        }
        return print
    }

    private mutating func receive(_ message: PeerMessage, from session: SessionID) {
        let effects = coordinator.handle(.received(from: session, message), at: now)
        for outbound in (try? journal.commit(effects))?.messages ?? [] {
            guard case .assign(let assignment) = outbound.message,
                let worker = sessions.firstIndex(of: outbound.session)
            else { continue }
            held[worker] += assignment.members
        }
    }

    private func report(_ member: Assignment.Member) -> TrialReport {
        let value = objective.value(member.parameters, replicate: member.replicate)
        return TrialReport(
            lease: member.lease, studyDigest: digest, dataDigest: "data",
            engineRevision: "engine/1",
            outcome: .trained(
                state: value == nil ? .diverged : .complete, reason: value == nil ? "nan" : "",
                detail: "",
                result: TrialResult(
                    objectiveCurve: value.map { [$0] } ?? [], value: value,
                    standardError: value.map { _ in objective.standardError }, bestEpoch: 1,
                    epochs: 1, metrics: TrialMetrics(), seconds: 0),
                recordings: TrialRecordings()))
    }
}
