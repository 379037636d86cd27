import CKernels
import HPDigest

/// Everything that training of one member goes on from at the end of an epoch.
struct MemberState: Sendable, Hashable {
    /// The arenas' numbers in the order of `ParameterLayout`: parameters first, then what the
    /// optimizer remembers of them.
    var arenas: [[Float]]
    /// By hidden layer, with batch normalization: shape (columns) each.
    var runningMeans: [[Float]]
    var runningVariances: [[Float]]
}

extension Network {
    /// A member's parameters in the order of `shape`.
    func parameters(of member: Int) -> [Float] {
        numbers(of: member, in: arenas.parameters)
    }

    private func numbers(
        of member: Int, in arena: UnsafeMutableBufferPointer<Float>
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: shape.count) { numbers, count in
            guard let destination = numbers.baseAddress, let source = arena.baseAddress else {
                return
            }
            layout.forEachRun(of: member) { offset, length in
                (destination + count).update(from: source + offset, count: length)
                count += length
            }
        }
    }

    /// The reverse of `parameters(of:)`.
    func setParameters(of member: Int, to numbers: [Float]) {
        set(numbers, of: member, in: arenas.parameters)
    }

    private func set(
        _ numbers: [Float], of member: Int, in arena: UnsafeMutableBufferPointer<Float>
    ) {
        var next = 0
        layout.forEachRun(of: member) { offset, length in
            for index in 0..<length { arena[offset + index] = numbers[next + index] }
            next += length
        }
    }

    func state(of member: Int) -> MemberState {
        MemberState(
            arenas: arenas.all.map { numbers(of: member, in: $0) },
            runningMeans: running(of: member, \.runningMean),
            runningVariances: running(of: member, \.runningVariance))
    }

    /// - Precondition: the state is of a network of this shape and optimizer.
    func setState(of member: Int, to state: MemberState) {
        precondition(
            state.arenas.count == arenas.all.count
                && state.runningMeans.count == normalizers.count,
            "a state is of the same kind of network")
        for (arena, numbers) in zip(arenas.all, state.arenas) {
            set(numbers, of: member, in: arena)
        }
        for (layer, normalizer) in normalizers.enumerated() {
            let first = member * layout.layers[layer].columns
            for (column, mean) in state.runningMeans[layer].enumerated() {
                normalizer.runningMean[first + column] = mean
                normalizer.runningVariance[first + column] = state.runningVariances[layer][column]
            }
        }
    }

    /// A smaller network that goes on with some of the members.
    func keeping(_ remaining: [Int]) -> Network {
        let smaller = Network(
            configuration, shape: shape, optimizer: optimizer, members: remaining.count,
            batchMaximum: batchMaximum, minibatches: minibatches)
        for (place, member) in remaining.enumerated() {
            smaller.setState(of: place, to: state(of: member))
        }
        return smaller
    }

    private func running(
        of member: Int, _ statistic: KeyPath<BatchNormalizer, UnsafeMutableBufferPointer<Float>>
    ) -> [[Float]] {
        normalizers.enumerated().map { layer, normalizer in
            let columns = layout.layers[layer].columns
            let all = normalizer[keyPath: statistic]
            return (member * columns..<(member + 1) * columns).map { all[$0] }
        }
    }

    /// Sum of squares of a member's parameters: finite as long as they are.
    func sumOfSquares(of member: Int) -> Double {
        let numbers = parameters(of: member)
        return hpk_sum_of_squares(numbers.count, numbers)
    }

    /// SHA-256 of all parameters of a member; every NaN counts as the same NaN.
    func digest(of member: Int) -> String {
        var digest = SHA256()
        let canonical = parameters(of: member).map { $0.isNaN ? Float.nan : $0 }
        canonical.withUnsafeBytes { digest.update($0) }
        return digest.finish()
    }
}
