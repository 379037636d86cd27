import HPMath

extension Dataset {
    /// The spiral of CS231n's notes, in which no line parts the classes ("Putting it together:
    /// Minimal Neural Network Case Study"): each class is an arm that winds outwards from the
    /// origin.
    ///
    /// Point i of N of class c has the radius i / (N − 1) and the angle
    /// 2π·c / classes + 4·radius + noise·ε with ε standard normal; its features are radius · sin
    /// and radius · cos of it. Arms are spread evenly, whatever their number; the notes' three
    /// begin four radians apart.
    ///
    /// - Parameters:
    ///   - classCount: the number of arms.
    ///   - pointsPerClass: N, so that there are N examples of each class.
    ///   - noise: the standard deviation of the angle, in radians.
    ///   - seed: the same seed gives the same points on every machine.
    /// - Precondition: at least two classes, at least two points in each, `noise` from 0 to 10.
    public static func spiral(
        classCount: Int, pointsPerClass: Int, noise: Double, seed: UInt64
    ) -> Dataset {
        precondition(classCount >= 2 && pointsPerClass >= 2, "a spiral has arms of points")
        precondition((0...10).contains(noise), "the noise of a spiral is an angle from 0 to 10")
        var features: [Float] = []
        var labels: [Int32] = []
        for arm in 0..<classCount {
            var stream = RandomStream(seed: seed, purpose: .examples, a: UInt32(arm))
            let start = 2 * Double.pi * Double(arm) / Double(classCount)
            for point in 0..<pointsPerClass {
                let radius = Double(point) / Double(pointsPerClass - 1)
                let angle = start + 4 * radius + noise * stream.nextNormal()
                features.append(Float(radius * sin(angle)))
                features.append(Float(radius * cos(angle)))
                labels.append(Int32(arm))
            }
        }
        return Dataset(
            name: "spiral", features: .floats(features), labels: labels, featureCount: 2,
            classCount: classCount)
    }
}
