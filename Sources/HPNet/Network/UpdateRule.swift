import CKernels

/// The optimizer's numbers of every member, laid out by column of each product, so that one
/// product may update weights of several members.
final class UpdateRule {
    /// Rows of numbers, one for each column of each product.
    private enum Row: Int, CaseIterable {
        case rate
        case regularization
        case momentum
        case decay
        case epsilon
        case unbiasVelocity
        case unbiasSquares
        /// Zeros: vectors aren't regularized.
        case none
    }

    private let layout: BundleLayout
    private let members: [TrainingConfiguration]
    private let optimizer: Optimizer
    private let numbers: UnsafeMutableBufferPointer<Float>
    /// β₁ᵗ and β₂ᵗ of Adam after t minibatches, by member.
    private var powers: [(Double, Double)]

    /// - Parameter minibatches: how many have been followed.
    /// - Precondition: members share an optimizer, as those of a bundle do.
    init(_ layout: BundleLayout, members: [TrainingConfiguration], minibatches: Int = 0) {
        self.layout = layout
        self.members = members
        optimizer = members[0].optimizer
        numbers = .zeros(layout.columnCount * Row.allCases.count)
        powers = members.map { member in
            (0..<minibatches).reduce((1, 1)) { power, _ in
                (power.0 * member.beta1, power.1 * member.beta2)
            }
        }
        for (place, member) in members.enumerated() {
            let isAdam = optimizer == .adam
            fill(.regularization, member.regularization, of: place)
            fill(.momentum, isAdam ? member.beta1 : member.momentum, of: place)
            fill(.decay, isAdam ? member.beta2 : member.rmspropDecay, of: place)
            fill(.epsilon, member.epsilon, of: place)
            setLearningRate(member.learningRate, of: place)
        }
    }

    deinit {
        numbers.deallocate()
    }

    /// From the next minibatch on.
    func setLearningRate(_ rate: Double, of member: Int) {
        fill(.rate, rate, of: member)
    }

    /// Must be called before each minibatch is followed.
    func beginMinibatch() {
        guard optimizer == .adam else { return }
        for (place, member) in members.enumerated() {
            powers[place] = (powers[place].0 * member.beta1, powers[place].1 * member.beta2)
            fill(.unbiasVelocity, 1 / (1 - powers[place].0), of: place)
            fill(.unbiasSquares, 1 / (1 - powers[place].1), of: place)
        }
    }

    /// What a product's weight gradient does.
    func weights(_ product: BundleLayout.Product, in arenas: ParameterArenas) -> hpk_update {
        update(at: product.weights, product, .regularization, arenas)
    }

    /// Follows the gradient of vectors of a product's members, which aren't regularized.
    ///
    /// - Parameters:
    ///   - gradient: shape (columns)
    ///   - start: the first member's vector in the arenas.
    func follow(
        _ gradient: UnsafePointer<Float>, at start: Int, _ product: BundleLayout.Product,
        in arenas: ParameterArenas
    ) {
        var update = update(at: start, product, .none, arenas)
        hpk_update_row(product.columns, gradient, &update)
    }

    private func update(
        at offset: Int, _ product: BundleLayout.Product, _ regularization: Row,
        _ arenas: ParameterArenas
    ) -> hpk_update {
        func row(_ row: Row) -> UnsafePointer<Float>? {
            let start = row.rawValue * layout.columnCount + product.columnOffset
            return numbers.baseAddress.map { UnsafePointer($0 + start) }
        }
        return hpk_update(
            rule: optimizer.kernel, w: arenas.parameters.baseAddress.map { $0 + offset },
            v: arenas.velocity?.baseAddress.map { $0 + offset },
            s: arenas.squares?.baseAddress.map { $0 + offset }, rate: row(.rate),
            reg: row(regularization), momentum: row(.momentum), decay: row(.decay),
            epsilon: row(.epsilon), unbias_v: row(.unbiasVelocity), unbias_s: row(.unbiasSquares))
    }

    private func fill(_ row: Row, _ number: Double, of member: Int) {
        for layer in layout.layers {
            for product in layer.products where product.members.contains(member) {
                let position = member - product.members.lowerBound
                let start =
                    row.rawValue * layout.columnCount + product.columnOffset
                    + position * layer.columns
                for index in start..<start + layer.columns { numbers[index] = Float(number) }
            }
        }
    }
}

/// Parameters of all members, and what the optimizer remembers of each of them.
final class ParameterArenas {
    let parameters: UnsafeMutableBufferPointer<Float>
    /// Velocities, or Adam's means of gradients; nil for an optimizer that has none.
    let velocity: UnsafeMutableBufferPointer<Float>?
    /// Means of squared gradients; nil for an optimizer that has none.
    let squares: UnsafeMutableBufferPointer<Float>?

    init(count: Int, optimizer: Optimizer) {
        parameters = .zeros(count)
        velocity = optimizer.hasVelocity ? .zeros(count) : nil
        squares = optimizer.hasSquares ? .zeros(count) : nil
    }

    deinit {
        for arena in all { arena.deallocate() }
    }

    /// Parameters first.
    var all: [UnsafeMutableBufferPointer<Float>] {
        [parameters] + [velocity, squares].compactMap(\.self)
    }
}

extension Optimizer {
    /// Parameters, and what the optimizer remembers of each of them.
    var arenaCount: Int { 1 + (hasVelocity ? 1 : 0) + (hasSquares ? 1 : 0) }

    fileprivate var kernel: hpk_rule {
        switch self {
        case .sgd: HPK_SGD
        case .momentum: HPK_MOMENTUM
        case .nesterov: HPK_NESTEROV
        case .rmsprop: HPK_RMSPROP
        case .adam: HPK_ADAM
        }
    }

    fileprivate var hasVelocity: Bool {
        switch self {
        case .momentum, .nesterov, .adam: true
        case .sgd, .rmsprop: false
        }
    }

    fileprivate var hasSquares: Bool {
        switch self {
        case .rmsprop, .adam: true
        case .sgd, .momentum, .nesterov: false
        }
    }
}
