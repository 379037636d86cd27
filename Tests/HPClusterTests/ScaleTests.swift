import HPCluster
import HPSearch
import Testing

@Suite("Scale")
struct ScaleTests {
    /// Seconds for one worker to run a study of so many trials.
    private func seconds(trials: Int) throws -> Double {
        var cluster = try ClusterFixture(looksForContradictions: false)
        let spec = try ClusterFixture.spec(
            stages: "- {name: coarse, trials: \(trials), epochs: 1}")
        _ = cluster.submit(spec)
        var worker = FakeWorker(1, studyDigest: spec.contentDigest)
        let clock = ContinuousClock()
        let duration = clock.measure {
            cluster.connect(&worker)
            for _ in 0..<trials where !worker.members.isEmpty { cluster.finish(&worker) }
        }
        #expect(cluster.study.state == .complete)
        return duration / .seconds(1)
    }

    @Test func `what a trial costs does not grow with the study`() throws {
        let ratios = try (0..<3).map { _ in try seconds(trials: 8000) / seconds(trials: 1000) }
        // 8 when every event costs the same, 64 when each copies the study.
        #expect(ratios.sorted()[1] < 24, "\(ratios)")
    }
}
