import HPMath
import HPNet

/// A table that studies search a small part of, so that enough of it is left to tell the truth.
struct LeaderTable: Sendable {
    let name: String
    let features: Int
    let classes: Int
    /// Between the centres of two classes, by column, in standard deviations of a class; nil for
    /// the embedded digits.
    let distance: Double?
    let trainingCount: Int
    let validationCount: Int
    /// Rows that no search sees.
    private let freshCount = 2000

    /// Digits, the shapes of five well-known small tables, and two that are larger.
    static let all = [
        LeaderTable("digits", 64, 10, nil, 500, 250),
        LeaderTable("pima", 8, 2, 0.35, 460, 154),
        LeaderTable("wheat", 7, 3, 0.7, 126, 42),
        LeaderTable("ionosphere", 34, 2, 0.2, 210, 70),
        LeaderTable("banknote", 4, 2, 0.9, 300, 100),
        LeaderTable("iris", 4, 3, 1.0, 90, 30),
        LeaderTable("wide", 100, 4, 0.2, 400, 200),
        LeaderTable("hard", 10, 5, 0.3, 500, 500),
    ]

    private init(
        _ name: String, _ features: Int, _ classes: Int, _ distance: Double?,
        _ trainingCount: Int, _ validationCount: Int
    ) {
        self.name = name
        self.features = features
        self.classes = classes
        self.distance = distance
        self.trainingCount = trainingCount
        self.validationCount = validationCount
    }

    /// The rows that a study searches, and the same training rows beside fresh ones for validation.
    func data(seed: UInt64) throws -> (searched: PreparedData, fresh: PreparedData) {
        let whole = distance == nil ? Dataset.digits : blobs(seed: seed)
        let split = try DataSplit(
            of: whole, training: .count(trainingCount), validation: .count(validationCount),
            seed: seed)
        let used = Set(split.training + split.validation)
        let fresh = (0..<UInt32(whole.count)).filter { !used.contains($0) }
        let steps: [Preprocessing] = distance == nil ? [.zeroMean] : [.normalize]
        return (
            PreparedData(dataset: whole, split: split, preprocessing: steps),
            PreparedData(
                dataset: whole,
                split: DataSplit(
                    training: split.training, validation: fresh,
                    trainingSample: split.trainingSample),
                preprocessing: steps)
        )
    }

    /// A Gaussian blob for each class, and one row in twenty with another's label.
    private func blobs(seed: UInt64) -> Dataset {
        var stream = RandomStream(seed: seed, purpose: .examples)
        let centres = (0..<classes).map { _ in
            (0..<features).map { _ in (distance ?? 0) * stream.nextNormal() }
        }
        let rows = trainingCount + validationCount + freshCount
        var values: [Float] = []
        var labels: [Int32] = []
        for row in 0..<rows {
            for column in 0..<features {
                values.append(Float(centres[row % classes][column] + stream.nextNormal()))
            }
            let isMislabeled = stream.next(below: 20) == 0
            labels.append(Int32(isMislabeled ? stream.next(below: classes) : row % classes))
        }
        return Dataset(
            name: name, features: .floats(values), labels: labels, featureCount: features,
            classCount: classes)
    }
}
