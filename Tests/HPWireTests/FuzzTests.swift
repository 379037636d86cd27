import HPCluster
import HPSearch
import HPWire
import Testing

@Suite("Codecs under noise")
struct FuzzTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `any message and record comes back as it was`(seed: UInt64) throws {
        var noise = Noise(seed: seed)
        for _ in 0..<250 {
            let peer = noise.peerMessage()
            try #require(try WireCodec.decodePeerMessage(WireCodec.encode(peer)) == peer)
            let word = noise.coordinatorMessage()
            try #require(try WireCodec.decodeCoordinatorMessage(WireCodec.encode(word)) == word)
            let record = noise.record()
            try #require(try JournalCodec.decode(JournalCodec.encode(record)) == record)
            let report = noise.report()
            try #require(try SpoolCodec.decode(SpoolCodec.encode(report)) == report)
            let curve = noise.list { $0.point() }
            try #require(try CurveCodec.decode(CurveCodec.encode(curve)) == curve)
            let looks = noise.diagnostics()
            try #require(try DiagnosticsCodec.decode(DiagnosticsCodec.encode(looks)) == looks)
            let rows = noise.correctness()
            let crossed = noise.crossed(rows.count)
            let back = try CorrectnessCodec.decode(
                CorrectnessCodec.encode(rows, crossed: crossed))
            try #require(back.correctness == rows && back.crossed == crossed)
        }
    }

    @Test func `a number keeps its bits`() throws {
        var noise = Noise(seed: 5)
        for _ in 0..<1000 {
            let number = Double(bitPattern: noise.bits())
            let point = EpochMetrics(
                epoch: number, learningRate: -0.0, validationAccuracy: .signalingNaN,
                validationLoss: -.infinity, trainingAccuracy: .nan,
                trainingLoss: .leastNonzeroMagnitude)
            let back = try CurveCodec.decode(CurveCodec.encode([point]))[0]
            try #require(back.epoch.bitPattern == number.bitPattern)
            #expect(back.learningRate.sign == .minus && back.validationLoss == -.infinity)
            #expect(back.validationAccuracy.isNaN && back.trainingAccuracy.isNaN)
            #expect(back.trainingLoss == .leastNonzeroMagnitude)
        }
    }

    /// Gives the bytes to every decoder: none may trap. Counts those that make sense of them.
    private func readings(of bytes: [UInt8], kind: Int) -> Int {
        let entry = JournalEntry(kind: kind, study: 1, trial: 2, attempt: 3, payload: bytes)
        var count = 0
        if (try? WireCodec.decodePeerMessage(bytes)) != nil { count += 1 }
        if (try? WireCodec.decodeCoordinatorMessage(bytes)) != nil { count += 1 }
        if (try? JournalCodec.decode(entry)) != nil { count += 1 }
        if (try? SpoolCodec.decode(bytes)) != nil { count += 1 }
        if (try? CurveCodec.decode(bytes)) != nil { count += 1 }
        if (try? DiagnosticsCodec.decode(bytes)) != nil { count += 1 }
        if (try? CorrectnessCodec.decode(bytes)) != nil { count += 1 }
        return count
    }

    @Test func `damaged messages and records never trap`() {
        var noise = Noise(seed: 1)
        var readable = 0
        for _ in 0..<6000 {
            let record = JournalCodec.encode(noise.record())
            let samples: [[UInt8]] = [
                WireCodec.encode(noise.peerMessage()), WireCodec.encode(noise.coordinatorMessage()),
                record.payload, SpoolCodec.encode(noise.report()),
                CurveCodec.encode(noise.list { $0.point() }),
                DiagnosticsCodec.encode(noise.diagnostics()),
                CorrectnessCodec.encode(noise.correctness(20), crossed: noise.crossed(20)),
            ]
            for sample in samples {
                readable += readings(of: noise.damage(sample), kind: record.kind)
            }
        }
        // Otherwise the damage would be so great that nothing behind the parser was reached.
        #expect(readable > 3000)
    }

    @Test func `random bytes never trap`() {
        var noise = Noise(seed: 2)
        for round in 0..<20_000 {
            let bytes = noise.bytes()
            _ = readings(of: bytes, kind: 1 + round % 9)
            // Behind a version that is accepted, so that bodies are reached.
            _ = readings(of: [8, 1] + bytes, kind: 1 + round % 9)
        }
    }
}
