import ClusterTesting
import HPCluster
import HPReport
import HPSearch
import RandomStudies
import Testing

/// `hpcoord verify` on studies that ran in order, and on journals that were tampered with.
@Suite("Verification")
struct VerificationTests {
    private func verification(
        of number: Int, tampered: ([JournalRecord]) -> [JournalRecord] = { $0 }
    ) throws -> Verification {
        var cluster = try SimulatedCluster(RandomSpecs.spec(number), workerCount: 3)
        _ = try cluster.run()
        let run = try #require(cluster.coordinator.state.studies.first)
        return Verification(of: run, epoch: 1, records: tampered(cluster.journal.committed))
    }

    @Test func `what ran in order is in order`() throws {
        for number in 0..<50 {
            let verification = try verification(of: number)
            #expect(verification.isFulfilled, "\(verification)")
        }
    }

    @Test func `another result in the journal is found by the replay`() throws {
        let verification = try verification(of: 3) { records in
            records.map { record in
                guard case .trialFinished(var finished) = record, finished.trial == 1 else {
                    return record
                }
                finished.detail = "another"
                return .trialFinished(finished)
            }
        }
        #expect(verification.checks.first { !$0.isFulfilled }?.name == "replay")
    }

    @Test func `a missing lease is found`() throws {
        let verification = try verification(of: 3) { records in
            var records = records
            let index = records.firstIndex { if case .attemptLeased = $0 { true } else { false } }
            if let index { records.remove(at: index) }
            return records
        }
        #expect(!verification.isFulfilled)
    }

    @Test func `parameters that the sampler never drew are found`() throws {
        var cluster = try SimulatedCluster(RandomSpecs.spec(3), workerCount: 1)
        _ = try cluster.run()
        // As a defective coordinator would have both kept and written them.
        let records = cluster.journal.committed.map { record in
            guard case .trialCreated(let study, var trial) = record, trial.number == 2 else {
                return record
            }
            trial.replicate += 1
            return JournalRecord.trialCreated(study: study, trial: trial)
        }
        let run = try #require(try ClusterState(replaying: records).studies.first)
        let verification = Verification(of: run, epoch: 1, records: records)
        #expect(verification.checks.first { !$0.isFulfilled }?.name == "plan")
    }

    @Test(arguments: [("hpnet/3", 1), ("hpnet/4", 2)])
    func `plans of a release with other rules are not examined`(
        revision: String, plans: Int
    ) throws {
        var cluster = try SimulatedCluster(RandomSpecs.spec(3), workerCount: 1)
        _ = try cluster.run()
        let records = cluster.journal.committed.map { record in
            guard case .studyPinned(let study, let digest, let summary, _) = record
            else { return record }
            return JournalRecord.studyPinned(
                study: study, dataDigest: digest, dataSummary: summary, engineRevision: revision)
        }
        let run = try #require(try ClusterState(replaying: records).studies.first)
        let checks = Verification(of: run, epoch: 1, records: records).checks
            .filter { $0.name == "plan" }
        #expect(checks.count == (plans == 1 ? 1 : run.study.stages.count))
        #expect(checks[0].detail.hasPrefix("not examined") == (plans == 1))
    }

    @Test func `a result without its recordings is found`() throws {
        var cluster = try SimulatedCluster(RandomSpecs.spec(3), workerCount: 1)
        _ = try cluster.run()
        let study = try #require(cluster.coordinator.state.studies.first?.study)
        let all = Verification.recordings(of: study) { _ in TrialRecordings() }
        #expect(all.isFulfilled && all.detail.hasSuffix("match their checksums"))
        let last = try #require(study.trials.last { $0.result != nil }).number
        let check = Verification.recordings(of: study) { $0 == last ? nil : TrialRecordings() }
        #expect(check.detail == "trial \(last) has a result and no learning curve")
        #expect(!check.isFulfilled)
    }

    @Test func `the best, the last and others between them are trained again`() throws {
        var cluster = try SimulatedCluster(RandomSpecs.spec(3), workerCount: 1)
        _ = try cluster.run()
        let study = try #require(cluster.coordinator.state.studies.first?.study)
        let all = Verification.trialsToRerun(of: study, count: .max)
        let three = Verification.trialsToRerun(of: study, count: 3)
        #expect(three.count == 3 && three.first == all.first && three.last == all.last)
        #expect(Verification.trialsToRerun(of: study, count: 1) == [all[0]])
        #expect(Verification.trialsToRerun(of: study, count: 0) == [])
    }
}
