/// The optimizers' definitions in double precision, number by number: what the kernels that update
/// parameters are held against.
public struct ReferenceOptimizer: Sendable {
    private let configuration: TrainingConfiguration
    /// v, or Adam's m.
    private var velocity: [Double]
    /// s
    private var squares: [Double]
    /// t
    private var steps = 0

    /// Begins with nothing remembered.
    ///
    /// - Parameters:
    ///   - configuration: the optimizer and its numbers; the rate comes with each step.
    ///   - count: of the parameters.
    public init(_ configuration: TrainingConfiguration, count: Int) {
        self.configuration = configuration
        velocity = [Double](repeating: 0, count: count)
        squares = [Double](repeating: 0, count: count)
    }

    /// Follows a gradient.
    ///
    /// - Parameters:
    ///   - gradient: of the loss, regularization included.
    ///   - rate: the learning rate now.
    ///   - parameters: w, which moves; of the gradient's shape.
    /// - Precondition: there is a number for each parameter.
    public mutating func follow(_ gradient: [Double], rate: Double, parameters: inout [Double]) {
        precondition(gradient.count == parameters.count, "a number for each parameter")
        steps += 1
        for index in parameters.indices {
            parameters[index] += step(gradient[index], rate, index)
        }
    }

    private mutating func step(_ g: Double, _ rate: Double, _ index: Int) -> Double {
        let (momentum, epsilon) = (configuration.momentum, configuration.epsilon)
        switch configuration.optimizer {
        case .sgd: return -rate * g
        case .momentum:
            velocity[index] = momentum * velocity[index] - rate * g
            return velocity[index]
        case .nesterov:
            let before = velocity[index]
            velocity[index] = momentum * before - rate * g
            return (1 + momentum) * velocity[index] - momentum * before
        case .rmsprop:
            let decay = configuration.rmspropDecay
            squares[index] = decay * squares[index] + (1 - decay) * g * g
            return -rate * g / (squares[index].squareRoot() + epsilon)
        case .adam:
            let (beta1, beta2) = (configuration.beta1, configuration.beta2)
            velocity[index] = beta1 * velocity[index] + (1 - beta1) * g
            squares[index] = beta2 * squares[index] + (1 - beta2) * g * g
            let mean = velocity[index] / (1 - power(beta1))
            let square = squares[index] / (1 - power(beta2))
            return -rate * mean / (square.squareRoot() + epsilon)
        }
    }

    private func power(_ beta: Double) -> Double {
        (0..<steps).reduce(1) { power, _ in power * beta }
    }
}
