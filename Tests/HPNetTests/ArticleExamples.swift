import HPNet

/// The Swift of every article, word for word: what it prints must be what the article says.
enum ArticleExamples {
    /// By article.
    static let all: [String: @Sendable (_ print: (Any...) -> Void) throws -> Void] = [
        "TheExponentialLinearUnit": theExponentialLinearUnit,
        "TheHyperbolicTangent": theHyperbolicTangent,
        "TheLeakyRectifier": theLeakyRectifier,
        "TheMaxoutUnit": theMaxoutUnit,
        "TheParametricRectifier": theParametricRectifier,
        "TheRectifier": theRectifier,
        "TheSigmoid": theSigmoid,
        "CheckingGradients": checkingGradients,
        "ChoosingADeviation": choosingADeviation,
        "HeInitialization": heInitialization,
        "LargeWeights": largeWeights,
        "SmallWeights": smallWeights,
        "XavierInitialization": xavierInitialization,
        "ZeroWeights": zeroWeights,
        "DroppingUnits": droppingUnits,
        "NormalizingMinibatches": normalizingMinibatches,
        "ShrinkingWeights": shrinkingWeights,
        "TheAffineMap": theAffineMap,
        "TheLossOfAClassifier": theLossOfAClassifier,
        "AdaptiveMoments": adaptiveMoments,
        "DividingByRecentGradients": dividingByRecentGradients,
        "GradientDescent": gradientDescent,
        "MomentumDescent": momentumDescent,
        "NesterovMomentum": nesterovMomentum,
        "KeepingPrincipalComponents": keepingPrincipalComponents,
        "NormalizingFeatures": normalizingFeatures,
        "TakingTheMeanOff": takingTheMeanOff,
        "WhiteningFeatures": whiteningFeatures,
        "ExponentialDecay": exponentialDecay,
        "InverseTimeDecay": inverseTimeDecay,
        "StepDecay": stepDecay,
    ]

    static func theExponentialLinearUnit(_ print: (Any...) -> Void) {
        let x = Matrix(rows: 1, columns: 3, [-2, 0, 2])
        let y = ELU().forward(x)
        print(y.numbers)
        let dx = ELU().backward(Matrix(rows: 1, columns: 3, [1, 1, 1]), y: y)
        print(dx.numbers)
    }

    static func theHyperbolicTangent(_ print: (Any...) -> Void) {
        let x = Matrix(rows: 1, columns: 3, [-2, 0, 2])
        let y = Tanh().forward(x)
        print(y.numbers)
        let dx = Tanh().backward(Matrix(rows: 1, columns: 3, [1, 1, 1]), y: y)
        print(dx.numbers)
    }

    static func theLeakyRectifier(_ print: (Any...) -> Void) {
        let x = Matrix(rows: 1, columns: 3, [-2, 0, 2])
        let leaky = LeakyReLU(slope: 0.1)
        let y = leaky.forward(x)
        print(y.numbers)
        let dx = leaky.backward(Matrix(rows: 1, columns: 3, [1, 1, 1]), y: y)
        print(dx.numbers)
    }

    static func theMaxoutUnit(_ print: (Any...) -> Void) {
        let z = Matrix(rows: 1, columns: 6, [1, 5, 2, 5, 2, 4])
        let maxout = Maxout(pieces: 3)
        print(maxout.forward(z).numbers)
        let dz = maxout.backward(Matrix(rows: 1, columns: 2, [7, 8]), z: z)
        print(dz.numbers)
    }

    static func theParametricRectifier(_ print: (Any...) -> Void) {
        let x = Matrix(rows: 2, columns: 2, [-2, 3, -4, -1])
        let prelu = PReLU(slopes: [0.25, 0.5])
        print(prelu.forward(x).numbers)
        let gradients = prelu.backward(Matrix(rows: 2, columns: 2, [1, 1, 1, 1]), x: x)
        print(gradients.x.numbers)
        print(gradients.slopes)
    }

    static func theRectifier(_ print: (Any...) -> Void) {
        let x = Matrix(rows: 1, columns: 3, [-2, 0, 2])
        let y = ReLU().forward(x)
        print(y.numbers)
        let dx = ReLU().backward(Matrix(rows: 1, columns: 3, [1, 1, 1]), y: y)
        print(dx.numbers)
    }

    static func theSigmoid(_ print: (Any...) -> Void) {
        let x = Matrix(rows: 1, columns: 3, [-2, 0, 2])
        let y = Sigmoid().forward(x)
        print(y.numbers)
        let dx = Sigmoid().backward(Matrix(rows: 1, columns: 3, [1, 1, 1]), y: y)
        print(dx.numbers)
    }

    static func checkingGradients(_ print: (Any...) -> Void) {
        let smooth = GradientCheck.ofSmallNetwork(activation: .tanh, batchNormalization: true)
        print(smooth.isPassed, smooth.limit)
        let bent = GradientCheck.ofSmallNetwork(activation: .relu, batchNormalization: false)
        print(bent.isPassed, bent.limit)
        print(bent.rows.map(\.name).prefix(2))
    }

    static func choosingADeviation(_ print: (Any...) -> Void) throws {
        let split = try DataSplit(
            of: .digits, training: .count(300), validation: .count(100), seed: 1)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.normalize])
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [100], initialization: .scale(0.05)),
            training: TrainingConfiguration(learningRate: 0.01, epochs: 1), data: data)
        let weights = trainer.parameters.prefix(64 * 100)
        let meanSquare = weights.reduce(0) { $0 + $1 * $1 } / Float(weights.count)
        print(meanSquare.squareRoot())
    }

    static func heInitialization(_ print: (Any...) -> Void) throws {
        let split = try DataSplit(
            of: .digits, training: .count(300), validation: .count(100), seed: 1)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.normalize])
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [100, 100, 100, 100], initialization: .he),
            training: TrainingConfiguration(learningRate: 0.01, epochs: 1), data: data)
        let layers = trainer.train().diagnostics?.epochs[0].layers ?? []
        print(layers.dropLast().map(\.activation.standardDeviation))
    }

    static func largeWeights(_ print: (Any...) -> Void) throws {
        let split = try DataSplit(
            of: .digits, training: .count(300), validation: .count(100), seed: 1)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.normalize])
        let trainer = Trainer(
            network: NetworkConfiguration(
                hidden: [100, 100, 100, 100], activation: .tanh, initialization: .large),
            training: TrainingConfiguration(learningRate: 0.01, epochs: 1), data: data)
        let layers = trainer.train().diagnostics?.epochs[0].layers ?? []
        print(layers.dropLast().map { $0.saturatedShare ?? 0 })
    }

    static func smallWeights(_ print: (Any...) -> Void) throws {
        let split = try DataSplit(
            of: .digits, training: .count(300), validation: .count(100), seed: 1)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.normalize])
        let trainer = Trainer(
            network: NetworkConfiguration(
                hidden: [100, 100, 100, 100], activation: .tanh, initialization: .small),
            training: TrainingConfiguration(learningRate: 0.01, epochs: 1), data: data)
        let layers = trainer.train().diagnostics?.epochs[0].layers ?? []
        print(layers.dropLast().map(\.activation.standardDeviation))
    }

    static func xavierInitialization(_ print: (Any...) -> Void) throws {
        let split = try DataSplit(
            of: .digits, training: .count(300), validation: .count(100), seed: 1)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.normalize])
        let trainer = Trainer(
            network: NetworkConfiguration(
                hidden: [100, 100, 100, 100], activation: .tanh, initialization: .xavier),
            training: TrainingConfiguration(learningRate: 0.01, epochs: 1), data: data)
        let layers = trainer.train().diagnostics?.epochs[0].layers ?? []
        print(layers.dropLast().map(\.activation.standardDeviation))
    }

    static func zeroWeights(_ print: (Any...) -> Void) throws {
        let split = try DataSplit(
            of: .digits, training: .count(300), validation: .count(100), seed: 1)
        let data = PreparedData(dataset: .digits, split: split, preprocessing: [.normalize])
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: [50], activation: .tanh, initialization: .zero),
            training: TrainingConfiguration(learningRate: 0.1, epochs: 5), data: data)
        let outcome = trainer.train()
        print(outcome.diagnostics?.epochs.last?.layers[0].isSymmetric ?? false)
        print(Set(trainer.parameters.prefix(64 * 50)).count)
    }

    static func droppingUnits(_ print: (Any...) -> Void) {
        let mask = Matrix(rows: 1, columns: 4, [2, 0, 2, 0])
        let dropout = InvertedDropout(mask: mask)
        print(dropout.forward(Matrix(rows: 1, columns: 4, [1, 2, 3, 4])).numbers)
        print(dropout.backward(Matrix(rows: 1, columns: 4, [1, 1, 1, 1])).numbers)
    }

    static func normalizingMinibatches(_ print: (Any...) -> Void) {
        let x = Matrix(rows: 4, columns: 1, [1, 3, 5, 7])
        let normalization = BatchNormalization(gamma: [2], beta: [-1])
        let (y, normalized) = normalization.forward(x)
        print(normalized.x.numbers)
        print(y.numbers)
        let gradients = normalization.backward(
            Matrix(rows: 4, columns: 1, [1, 0, 0, 0]), normalized)
        print(gradients.x.numbers)
    }

    static func shrinkingWeights(_ print: (Any...) -> Void) {
        let l2 = L2Regularization(strength: 0.1)
        print(l2.loss([3, -4]))
        print(l2.gradient([3, -4]))
    }

    static func theAffineMap(_ print: (Any...) -> Void) {
        let weights = Matrix(rows: 3, columns: 2, [1, 2, 3, 4, 5, 6])
        let affine = Affine(weights: weights, biases: [10, 20])
        let x = Matrix(rows: 1, columns: 3, [1, 0, -1])
        print(affine.forward(x).numbers)
        let gradients = affine.backward(Matrix(rows: 1, columns: 2, [1, -1]), x: x)
        print(gradients.x.numbers)
        print(gradients.weights.numbers)
        print(gradients.biases)
    }

    static func theLossOfAClassifier(_ print: (Any...) -> Void) {
        let loss = SoftmaxCrossEntropy(labels: [2])
        let result = loss.forward(Matrix(rows: 1, columns: 3, [1, 2, 3]))
        print(result.loss)
        print(result.probabilities.numbers)
        print(loss.backward(result.probabilities).numbers)
    }

    static func adaptiveMoments(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(optimizer: .adam, learningRate: 0.1, epochs: 1)
        var optimizer = ReferenceOptimizer(training, count: 2)
        var w = [1.0, 1.0]
        optimizer.follow([2, 0.002], rate: 0.1, parameters: &w)
        print(w)
        optimizer.follow([-2, 0.002], rate: 0.1, parameters: &w)
        print(w)
    }

    static func dividingByRecentGradients(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(
            optimizer: .rmsprop, learningRate: 0.01, rmspropDecay: 0.99, epochs: 1)
        var optimizer = ReferenceOptimizer(training, count: 2)
        var w = [1.0, 1.0]
        optimizer.follow([2, 0.002], rate: 0.01, parameters: &w)
        print(w)
    }

    static func gradientDescent(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(optimizer: .sgd, learningRate: 0.1, epochs: 1)
        var optimizer = ReferenceOptimizer(training, count: 1)
        var w = [1.0]
        optimizer.follow([2], rate: 0.1, parameters: &w)
        print(w)
        optimizer.follow([-1], rate: 0.1, parameters: &w)
        print(w)
    }

    static func momentumDescent(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(
            optimizer: .momentum, learningRate: 0.1, momentum: 0.9, epochs: 1)
        var optimizer = ReferenceOptimizer(training, count: 1)
        var w = [1.0]
        optimizer.follow([2], rate: 0.1, parameters: &w)
        print(w)
        optimizer.follow([-1], rate: 0.1, parameters: &w)
        print(w)
    }

    static func nesterovMomentum(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(
            optimizer: .nesterov, learningRate: 0.1, momentum: 0.9, epochs: 1)
        var optimizer = ReferenceOptimizer(training, count: 1)
        var w = [1.0]
        optimizer.follow([2], rate: 0.1, parameters: &w)
        print(w)
        optimizer.follow([-1], rate: 0.1, parameters: &w)
        print(w)
    }

    static func keepingPrincipalComponents(_ print: (Any...) -> Void) throws {
        let dataset = Dataset(
            name: "pairs", features: .floats([0, 10, 2, 30, 0, 10, 2, 30]), labels: [0, 1, 0, 1],
            featureCount: 2, classCount: 2)
        let split = try DataSplit(of: dataset, training: .count(2), validation: .count(2), seed: 1)
        let data = PreparedData(
            dataset: dataset, split: split, preprocessing: [.pca(components: 1)])
        print(data.featureCount)
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: []),
            training: TrainingConfiguration(learningRate: 0.1, epochs: 1), data: data)
        for tensor in trainer.model.preprocessing {
            print(tensor.name, tensor.floats ?? [])
        }
    }

    static func normalizingFeatures(_ print: (Any...) -> Void) throws {
        let dataset = Dataset(
            name: "pairs", features: .floats([0, 10, 2, 30, 0, 10, 2, 30]), labels: [0, 1, 0, 1],
            featureCount: 2, classCount: 2)
        let split = try DataSplit(of: dataset, training: .count(2), validation: .count(2), seed: 1)
        let data = PreparedData(dataset: dataset, split: split, preprocessing: [.normalize])
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: []),
            training: TrainingConfiguration(learningRate: 0.1, epochs: 1), data: data)
        for tensor in trainer.model.preprocessing {
            print(tensor.name, tensor.floats ?? [])
        }
    }

    static func takingTheMeanOff(_ print: (Any...) -> Void) throws {
        let dataset = Dataset(
            name: "pairs", features: .floats([0, 10, 2, 30, 0, 10, 2, 30]), labels: [0, 1, 0, 1],
            featureCount: 2, classCount: 2)
        let split = try DataSplit(of: dataset, training: .count(2), validation: .count(2), seed: 1)
        let data = PreparedData(dataset: dataset, split: split, preprocessing: [.zeroMean])
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: []),
            training: TrainingConfiguration(learningRate: 0.1, epochs: 1), data: data)
        for tensor in trainer.model.preprocessing {
            print(tensor.floats ?? [])
        }
    }

    static func whiteningFeatures(_ print: (Any...) -> Void) throws {
        let dataset = Dataset(
            name: "pairs", features: .floats([0, 10, 2, 30, 0, 10, 2, 30]), labels: [0, 1, 0, 1],
            featureCount: 2, classCount: 2)
        let split = try DataSplit(of: dataset, training: .count(2), validation: .count(2), seed: 1)
        let whitening = Preprocessing.whiten(components: 1, epsilon: 1e-5)
        let data = PreparedData(dataset: dataset, split: split, preprocessing: [whitening])
        let trainer = Trainer(
            network: NetworkConfiguration(hidden: []),
            training: TrainingConfiguration(learningRate: 0.1, epochs: 1), data: data)
        for tensor in trainer.model.preprocessing {
            print(tensor.name, tensor.floats ?? [])
        }
    }

    static func exponentialDecay(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(
            learningRate: 0.8, learningRateDecay: 0.5, schedule: .exponential, epochs: 4)
        print((0..<4).map { training.learningRate(inEpoch: $0) })
    }

    static func inverseTimeDecay(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(
            learningRate: 0.8, learningRateDecay: 0.5, schedule: .inverse, epochs: 4)
        print((0..<4).map { training.learningRate(inEpoch: $0) })
    }

    static func stepDecay(_ print: (Any...) -> Void) {
        let training = TrainingConfiguration(
            learningRate: 0.8, learningRateDecay: 0.5, schedule: .step(epochs: 2), epochs: 4)
        print((0..<4).map { training.learningRate(inEpoch: $0) })
    }
}
