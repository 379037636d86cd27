import Foundation
import HPMath
import HPNet
import Testing

@Suite("Spiral")
struct SpiralTests {
    static func points(_ dataset: Dataset) -> [(x: Double, y: Double)] {
        guard case .floats(let floats) = dataset.features else { return [] }
        return stride(from: 0, to: floats.count, by: 2).map {
            (Double(floats[$0]), Double(floats[$0 + 1]))
        }
    }

    @Test func `without noise each arm winds four radians outwards from the origin`() {
        let dataset = Dataset.spiral(classCount: 5, pointsPerClass: 41, noise: 0, seed: 1)
        #expect((dataset.count, dataset.featureCount, dataset.classCount) == (205, 2, 5))
        for (row, point) in Self.points(dataset).enumerated() {
            let (arm, place) = row.quotientAndRemainder(dividingBy: 41)
            #expect(dataset.labels[row] == Int32(arm))
            let radius = Double(place) / 40
            let angle = 2 * Double.pi * Double(arm) / 5 + 4 * radius
            #expect(abs(point.x - radius * Foundation.sin(angle)) < 1e-7)
            #expect(abs(point.y - radius * Foundation.cos(angle)) < 1e-7)
        }
    }

    @Test func `noise turns points by its deviation and leaves their radius`() {
        let dataset = Dataset.spiral(classCount: 2, pointsPerClass: 20_000, noise: 0.2, seed: 7)
        var squares = 0.0
        for (row, point) in Self.points(dataset).enumerated() where row % 20_000 > 100 {
            let (arm, place) = row.quotientAndRemainder(dividingBy: 20_000)
            let radius = Double(place) / 19_999
            #expect(abs(Foundation.hypot(point.x, point.y) - radius) < 1e-6)
            let turn = Foundation.atan2(point.x, point.y) - Double.pi * Double(arm) - 4 * radius
            let nearest = turn - 2 * Double.pi * (turn / (2 * Double.pi)).rounded()
            squares += nearest * nearest
        }
        #expect(abs((squares / 39_798).squareRoot() - 0.2) < 0.003)
    }

    @Test func `the seed decides the points`() {
        let digests = [1, 1, 2].map {
            Dataset.spiral(classCount: 3, pointsPerClass: 100, noise: 0.2, seed: $0).digest
        }
        #expect(digests[0] == digests[1])
        #expect(digests[0] != digests[2])
    }

    /// The bits on every machine and in every build mode.
    @Test func `the digest is what it was`() {
        let dataset = Dataset.spiral(classCount: 3, pointsPerClass: 100, noise: 0.2, seed: 231)
        #expect(
            dataset.digest == "7238aef212a4404d44a7f4cb3edfe5de9c18b68a507bbfe422f878c602b35b15")
    }
}
