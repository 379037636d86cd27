import HPMath
package import HPNet

/// A generated table of the shape of a well-known one: a Gaussian blob for each class, columns of
/// different units.
package struct BlobTable: Sendable {
    /// Of the table whose shape it has.
    package let name: String
    package let rows: Int
    package let features: Int
    package let classes: Int
    /// Between the centres of two classes, by column, in standard deviations of a class.
    let distance: Double

    /// The shape of the Pima Indians' diabetes table: most trainings reach an accuracy of 0.8.
    package static let pima = BlobTable(
        name: "pima", rows: 768, features: 8, classes: 2, distance: 0.35)
    /// The shape of the table of wheat seeds: 0.9.
    package static let wheat = BlobTable(
        name: "wheat", rows: 210, features: 7, classes: 3, distance: 0.7)
    /// The shape of the ionosphere table: 0.9.
    package static let ionosphere = BlobTable(
        name: "ionosphere", rows: 351, features: 34, classes: 2, distance: 0.3)

    package static let all = [pima, wheat, ionosphere]

    /// The same rows each time; classes by turns.
    package var dataset: Dataset {
        let seed = UInt64(rows * 100 + features)
        var layout = RandomStream(seed: seed, purpose: .sampling)
        let units = (0..<features).map { _ in HPMath.exp(3 * layout.nextNormal()) }
        let origins = units.map { $0 * 4 * layout.nextUnit() }
        let centres = (0..<classes).map { _ in
            (0..<features).map { _ in distance * layout.nextNormal() }
        }
        var examples = RandomStream(seed: seed, purpose: .examples)
        let labels = (0..<rows).map { Int32($0 % classes) }
        let values = labels.flatMap { label in
            (0..<features).map { column in
                let place = centres[Int(label)][column] + examples.nextNormal()
                return Float(origins[column] + units[column] * place)
            }
        }
        return Dataset(
            name: name, features: .floats(values), labels: labels, featureCount: features,
            classCount: classes)
    }

    /// Split as most would: three fifths to train, a fifth to validate.
    package func prepared(
        _ preprocessing: [Preprocessing] = [.normalize]
    ) throws -> PreparedData {
        let dataset = dataset
        let split = try DataSplit(
            of: dataset, training: .fraction(0.6), validation: .fraction(0.2), seed: 1)
        return PreparedData(dataset: dataset, split: split, preprocessing: preprocessing)
    }
}
