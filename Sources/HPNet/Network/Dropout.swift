import CKernels
import HPMath

/// Inverted dropout of every hidden layer (Srivastava et al. 2014, scaled in training as the
/// lecture has it): an output is kept with probability 1 − p and divided by it; evaluation drops
/// nothing.
///
/// All members of a bundle read the same random numbers, one for each example and unit, so a member
/// drops what it would drop alone, and rates are compared on common random numbers.
final class Dropout {
    /// One random number for each example and unit of a hidden layer, shape (N, O).
    private struct Layer {
        var stream = RandomStream(seed: 0, purpose: .dropout)
        let random: UnsafeMutableBufferPointer<UInt32>
        /// All members' outputs as they were, for the gradient of the activation.
        let undropped: UnsafeMutableBufferPointer<Float>
        let units: Int
    }

    private var layers: [Layer] = []
    private let seed: UInt64
    private let replicate: UInt32
    /// By place: what is below it is dropped; 0 for a member without dropout.
    private var thresholds: [UInt32]
    private var scales: [Float]

    /// Nil when no member drops anything.
    ///
    /// - Precondition: members share seed and replicate, as those of a bundle do.
    init?(_ shape: ParameterLayout, members: [TrainingConfiguration], batchMaximum: Int) {
        guard members.contains(where: { $0.dropout > 0 }) else { return nil }
        seed = members[0].seed
        replicate = members[0].replicate
        thresholds = members.map { UInt32($0.dropout * 0x1p32) }
        scales = members.map { Float(1 / (1 - $0.dropout)) }
        for layer in shape.layers.dropLast() {
            let count = batchMaximum * layer.units
            let random = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: count)
            random.initialize(repeating: 0)
            layers.append(
                Layer(
                    random: random, undropped: .zeros(count * members.count),
                    units: layer.units))
        }
    }

    deinit {
        for layer in layers {
            layer.random.deallocate()
            layer.undropped.deallocate()
        }
    }

    /// Begins the random numbers of an epoch, from 0: each has its own in each layer.
    func beginEpoch(_ epoch: Int) {
        for index in layers.indices {
            layers[index].stream = RandomStream(
                seed: seed, purpose: .dropout, a: UInt32(epoch * layers.count + index),
                b: replicate)
        }
    }

    /// Goes on with some of the members.
    func keep(_ places: [Int]) {
        thresholds = places.map { thresholds[$0] }
        scales = places.map { scales[$0] }
    }

    /// Drops outputs of a layer in a new minibatch.
    ///
    /// - Parameters:
    ///   - outputs: of all members, `count` in all.
    ///   - view: a member's part of them, shape (N, O).
    func forward(
        layer: Int, examples: Int, outputs: UnsafeMutablePointer<Float>, count: Int,
        view: (Int) -> MatrixView
    ) {
        layers[layer].undropped.baseAddress?.update(from: outputs, count: count)
        for index in 0..<examples * layers[layer].units {
            layers[layer].random[index] = layers[layer].stream.nextUInt32()
        }
        apply(layer, examples, view)
    }

    /// The gradient of the same map: ∂L/∂outputs, in place.
    func backward(layer: Int, examples: Int, view: (Int) -> MatrixView) {
        apply(layer, examples, view)
    }

    /// A layer's outputs before `forward`.
    func undropped(layer: Int) -> UnsafePointer<Float>? {
        layers[layer].undropped.baseAddress.map { UnsafePointer($0) }
    }

    private func apply(_ index: Int, _ examples: Int, _ view: (Int) -> MatrixView) {
        let layer = layers[index]
        guard let random = layer.random.baseAddress else { return }
        for place in thresholds.indices where thresholds[place] > 0 {
            let outputs = view(place)
            for row in 0..<examples {
                hpk_dropout(
                    layer.units, random + row * layer.units, thresholds[place], scales[place],
                    outputs.start + row * outputs.rowStride)
            }
        }
    }
}
