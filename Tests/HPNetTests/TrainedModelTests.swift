import DataTesting
import Testing

@testable import HPNet

@Suite("A trained model")
struct TrainedModelTests {
    private func data(_ preprocessing: [Preprocessing]) throws -> PreparedData {
        let split = try DataSplit(
            of: .digits, training: .count(200), validation: .count(90), seed: 4)
        return PreparedData(dataset: .digits, split: split, preprocessing: preprocessing)
    }

    /// A model's scores of the validation rows, from its arrays alone, in double precision.
    private func scores(_ file: Safetensors, _ network: NetworkConfiguration) throws -> [[Double]] {
        guard case .bytes(let pixels, let scale) = Dataset.digits.features else { return [] }
        func vector(_ name: String) -> [Double]? { file[name]?.floats?.map(Double.init) }
        let mean = vector("preprocess.mean")
        let factor = vector("preprocess.scale")
        return try #require(file["validation.rows"]?.integers).map { row in
            var x = (0..<64).map { column in
                let pixel = Double(pixels[Int(row) * 64 + column]) * Double(scale)
                return (pixel - (mean?[column] ?? 0)) * (factor?[column] ?? 1)
            }
            for layer in 0...network.hidden.count {
                let weight = try #require(vector("layers.\(layer).weight"))
                let bias = vector("layers.\(layer).bias")
                let outputs = weight.count / x.count
                var y = (0..<outputs).map { output in
                    (bias?[output] ?? 0)
                        + x.indices.reduce(0) { $0 + weight[output * x.count + $1] * x[$1] }
                }
                if layer < network.hidden.count {
                    y = normalized(y, layer, vector)
                    y = activated(y, network.activation, vector("layers.\(layer).activation.slope"))
                }
                x = y
            }
            return x
        }
    }

    private func normalized(
        _ y: [Double], _ layer: Int, _ vector: (String) -> [Double]?
    ) -> [Double] {
        guard let gamma = vector("layers.\(layer).norm.weight"),
            let beta = vector("layers.\(layer).norm.bias"),
            let mean = vector("layers.\(layer).norm.running_mean"),
            let variance = vector("layers.\(layer).norm.running_var")
        else { return y }
        return y.indices.map {
            gamma[$0] * (y[$0] - mean[$0]) / (variance[$0] + 1e-5).squareRoot() + beta[$0]
        }
    }

    private func activated(
        _ y: [Double], _ activation: Activation, _ slopes: [Double]?
    ) -> [Double] {
        switch activation {
        case .relu: y.map { max($0, 0) }
        case .prelu: zip(y, slopes ?? []).map { $0 > 0 ? $0 : $1 * $0 }
        case .maxout(let pieces):
            (0..<y.count / pieces).map { unit in
                (0..<pieces).map { y[$0 * (y.count / pieces) + unit] }.max() ?? 0
            }
        case .sigmoid, .tanh, .leakyReLU, .elu: []
        }
    }

    @Test(
        arguments: [Activation.relu, .prelu, .maxout(pieces: 3)], [true, false])
    func `its arrays alone give its scores and its accuracy`(
        activation: Activation, batchNormalization: Bool
    ) throws {
        let network = NetworkConfiguration(
            hidden: [9, 7], activation: activation, batchNormalization: batchNormalization)
        let trainer = Trainer(
            network: network,
            training: TrainingConfiguration(learningRate: 0.05, batchSize: 20, epochs: 3, seed: 2),
            data: try data(batchNormalization ? [.normalize] : []))
        let outcome = trainer.train()
        let file = trainer.model.safetensors(adding: ["study": "s", "format": "other"])
        let own = try #require(file["validation.logits"]?.floats)
        let labels = try #require(file["validation.labels"]?.integers)
        var correct = 0
        for (row, scores) in try scores(file, network).enumerated() {
            for (column, score) in scores.enumerated() {
                #expect(abs(score - Double(own[row * 10 + column])) < 1e-4)
            }
            let best = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
            correct += best == Int(labels[row]) ? 1 : 0
        }
        #expect(Double(correct) / 90 == outcome.evaluations.last?.validationAccuracy)
        #expect(file.metadata["format"] == "hpcoord.weights/1")
        #expect(file.metadata["hidden"] == "[9, 7]")
        #expect(file.metadata["study"] == "s")
        #expect((file.metadata["batch_norm_epsilon"] == "1e-05") == batchNormalization)
    }

    @Test func `asking for it between epochs changes no bit`() throws {
        let data = try data([.zeroMean])
        let network = NetworkConfiguration(hidden: [8], batchNormalization: true)
        let members = [0.01, 0.1].map {
            TrainingConfiguration(
                optimizer: .adam, learningRate: $0, dropout: 0.2, batchSize: 30, epochs: 3)
        }
        func digests(asking: Bool) -> ([String], [TrainingOutcome]) {
            let trainer = BundleTrainer(network: network, members: members, data: data)
            var outcomes: [TrainingOutcome] = []
            trainer.train(
                onEvaluation: { member, _ in if asking { _ = trainer.model(of: member) } },
                onEnd: { outcomes.append($1) })
            return (trainer.weightsDigests, outcomes)
        }
        let (asked, undisturbed) = (digests(asking: true), digests(asking: false))
        #expect(asked.0 == undisturbed.0)
        #expect(asked.1 == undisturbed.1)
    }

    @Test func `classes have the names that a table gives them`() throws {
        try TemporaryFolder.with { folder in
            func names(_ table: String) throws -> [String] {
                let file = try folder.write("table.csv", Array(table.utf8))
                return try Dataset.csv(file: file, TableOptions(label: .position(1))).classNames
            }
            let words = try names("1,b\n2,a\n3,b\n")
            #expect(words == ["a", "b"])
            let numbers = try names("1,10\n2,2.0\n3,2\n")
            #expect(numbers == ["2.0", "10"])
        }
    }
}
