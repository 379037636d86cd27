import HPNet
import Testing

@Suite("Images of the first layer")
struct WeightImageTests {
    static func images(
        _ network: NetworkConfiguration, _ preprocessing: [Preprocessing] = [.zeroMean],
        epochs: Double = 2
    ) throws -> (TrainingDiagnostics.WeightImages?, [Float]) {
        let trainer = Trainer(
            network: network, training: TrainingConfiguration(learningRate: 0.01, epochs: epochs),
            data: try TrainingTests.digits(preprocessing: preprocessing))
        let diagnostics = try #require(trainer.train().diagnostics)
        return (diagnostics.firstLayer, trainer.parameters)
    }

    @Test func `a tile shows a unit's weights from the smallest to the largest`() throws {
        let (found, parameters) = try Self.images(NetworkConfiguration(hidden: [7]))
        let images = try #require(found)
        #expect(images.shape == ImageShape(rows: 8, columns: 8, channels: 1))
        #expect(images.tiles.count == 7)
        for (unit, tile) in images.tiles.enumerated() {
            let weights = (0..<64).map { parameters[$0 * 7 + unit] }
            #expect(tile.min() == 0 && tile.max() == 255)
            let darkest = try #require(weights.indices.min { weights[$0] < weights[$1] })
            #expect(tile[darkest] == 0)
            for (left, right) in zip(weights.indices, weights.indices.dropFirst())
            where weights[left] < weights[right] {
                #expect(tile[left] <= tile[right])
            }
        }
    }

    @Test func `there are at most 25 of them`() throws {
        let (images, _) = try Self.images(
            NetworkConfiguration(hidden: [40], activation: .maxout(pieces: 2)))
        #expect(images?.tiles.count == 25)
    }

    @Test func `principal components are no pixels, and a linear classifier has no units`() throws {
        let network = NetworkConfiguration(hidden: [7])
        #expect(try Self.images(network, [.pca(components: 64)]).0 == nil)
        #expect(try Self.images(NetworkConfiguration(hidden: [])).0 == nil)
    }

    @Test func `weights that are all alike are gray`() throws {
        let (images, _) = try Self.images(
            NetworkConfiguration(hidden: [3], initialization: .zero), epochs: 0.5)
        #expect(images?.tiles.allSatisfy { $0.allSatisfy { $0 == 128 } } == true)
    }
}
