import CKernels

/// Multilayer perceptrons of one shape, trained on the same minibatches as one, with the memory
/// for one minibatch: nothing is allocated afterwards.
///
/// What each member computes has the same bits as if it were alone. T members; the outputs of a
/// layer of all members are one array: of the first layer shape (N, T·O), of a later one T arrays
/// of shape (N, O), one after the other.
final class Network {
    let configuration: NetworkConfiguration
    let shape: ParameterLayout
    let layout: BundleLayout
    let optimizer: Optimizer
    /// Parameters of all members as `layout` says, and the optimizer's memory of them.
    let arenas: ParameterArenas
    /// The minibatch, shape (N, features).
    let input: UnsafeMutableBufferPointer<Float>
    let members: Int
    /// Minibatches that the parameters have followed.
    private(set) var minibatches: Int
    /// By hidden layer; empty without batch normalization.
    let normalizers: [BatchNormalizer]
    let batchMaximum: Int
    /// What a hidden layer's activation reads where it must be kept, by layer; else empty.
    private let activationInputs: [UnsafeMutableBufferPointer<Float>]
    /// What each layer gives to the next.
    private let outputs: [UnsafeMutableBufferPointer<Float>]
    /// Gradients of two neighbouring layers' outputs, and of a maxout layer's pieces.
    private let dAbove: UnsafeMutableBufferPointer<Float>
    private let dBelow: UnsafeMutableBufferPointer<Float>
    private let dPieces: UnsafeMutableBufferPointer<Float>
    /// Gradients of two vectors of a product.
    private let dVectors: [UnsafeMutableBufferPointer<Float>]
    private let scratch: UnsafeMutableBufferPointer<Float>

    /// - Parameter minibatches: that the parameters have followed.
    init(
        _ configuration: NetworkConfiguration, shape: ParameterLayout, optimizer: Optimizer,
        members: Int, batchMaximum: Int, minibatches: Int = 0
    ) {
        self.configuration = configuration
        self.shape = shape
        self.optimizer = optimizer
        self.members = members
        self.batchMaximum = batchMaximum
        self.minibatches = minibatches
        layout = BundleLayout(of: shape, members: members)
        arenas = ParameterArenas(count: layout.count, optimizer: optimizer)
        input = .zeros(batchMaximum * shape.layers[0].inputs)
        let hidden = shape.layers.dropLast()
        normalizers =
            configuration.batchNormalization
            ? hidden.map {
                BatchNormalizer(columns: members * $0.columns, batchMaximum: batchMaximum)
            } : []
        activationInputs =
            configuration.activation.needsInputs
            ? hidden.map { .zeros(batchMaximum * members * $0.columns) } : []
        outputs = shape.layers.map { .zeros(batchMaximum * members * $0.units) }
        let widest = shape.layers.map(\.units).max() ?? 0
        dAbove = .zeros(batchMaximum * members * widest)
        dBelow = .zeros(batchMaximum * members * widest)
        let mostColumns = shape.layers.map(\.columns).max() ?? 0
        let hasPieces = configuration.activation.pieces > 1
        dPieces = .zeros(hasPieces ? batchMaximum * members * mostColumns : 0)
        dVectors = (0..<2).map { _ in .zeros(members * mostColumns) }
        scratch = .zeros(Self.scratchCount(layout, batchMaximum))
    }

    deinit {
        for buffer in [input, dAbove, dBelow, dPieces, scratch] + dVectors + outputs
            + activationInputs
        {
            buffer.deallocate()
        }
    }

    private static func scratchCount(_ layout: BundleLayout, _ batch: Int) -> Int {
        layout.layers.flatMap { layer in
            layer.products.map { product in
                max(
                    hpk_product_scratch_floats(batch, product.columns, layer.inputs),
                    hpk_product_update_scratch_floats(layer.inputs, product.columns, batch),
                    hpk_product_scratch_floats(batch, layer.inputs, layer.columns))
            }
        }.max() ?? 0
    }

    // MARK: - Forward

    /// Computes the scores of the examples in `input`.
    ///
    /// - Precondition: `count` is at most the largest minibatch.
    func forward(examples count: Int, for purpose: Purpose) {
        precondition(count <= batchMaximum, "the minibatch is larger than was planned")
        for (index, layer) in layout.layers.enumerated() {
            let isHidden = index < layout.layers.count - 1
            for product in layer.products {
                let member = product.members.lowerBound
                let region = Region(product, layer, examples: count)
                let affine = affineOutputs(of: index) + region.columnStart
                affineForward(
                    examples: count, inputs: layer.inputs, outputs: product.columns,
                    x: inputs(of: member, layer: index, examples: count),
                    weights: weights(product), y: affine, scratch: base(scratch))
                if let biases = layer.vector(.biases) {
                    hpk_add_bias(count, product.columns, vector(biases, product), affine)
                }
                if isHidden { activate(index, region, purpose) }
            }
            if isHidden, let dropout = purpose.dropout {
                let y = base(outputs[index])
                dropout.forward(
                    layer: index, examples: count, outputs: y,
                    count: count * members * layer.units
                ) { outputs(of: $0, layer: index, examples: count, in: y) }
            }
        }
    }

    /// A product's numbers in the arrays of its layer.
    private struct Region {
        var product: BundleLayout.Product
        var examples: Int
        /// Offset in arrays that have a number for each column of the affine map.
        var columnStart: Int
        /// Offset in arrays that have a number for each unit.
        var unitStart: Int
        /// Numbers in the former, and in the latter.
        var columnCount: Int
        var unitCount: Int

        init(_ product: BundleLayout.Product, _ layer: BundleLayout.Layer, examples: Int) {
            self.product = product
            self.examples = examples
            columnStart = examples * layer.columns * product.members.lowerBound
            unitStart = examples * layer.units * product.members.lowerBound
            columnCount = examples * product.columns
            unitCount = examples * layer.units * product.members.count
        }

        /// Of the layer's normalizer.
        func part(_ layer: BundleLayout.Layer) -> BatchNormalizer.Part {
            let first = product.members.lowerBound * layer.columns
            return BatchNormalizer.Part(
                columns: first..<first + product.columns, start: columnStart, examples: examples)
        }
    }

    /// Where a layer's product writes: what follows reads it there.
    private func affineOutputs(of index: Int) -> UnsafeMutablePointer<Float> {
        if index < normalizers.count { return base(normalizers[index].normalized) }
        if index < activationInputs.count { return base(activationInputs[index]) }
        return base(outputs[index])
    }

    /// From the affine map of a hidden layer to its outputs.
    private func activate(_ index: Int, _ region: Region, _ purpose: Purpose) {
        let layer = layout.layers[index]
        let y = base(outputs[index]) + region.unitStart
        let x =
            index < activationInputs.count
            ? base(activationInputs[index]) + region.columnStart : y
        if index < normalizers.count {
            normalize(index, region, purpose, to: x)
        }
        switch configuration.activation {
        case .sigmoid, .tanh, .relu, .leakyReLU, .elu:
            configuration.activation.forwardElementwise(x, to: y, count: region.unitCount)
        case .prelu:
            guard let slopes = layer.vector(.slopes) else { return }
            hpk_prelu_forward(
                region.examples, region.product.columns, vector(slopes, region.product), x, y)
        case .maxout(let pieces):
            for member in region.product.members {
                let z = pieceInputs(of: member, layer: index, examples: region.examples)
                let units = outputs(
                    of: member, layer: index, examples: region.examples, in: base(outputs[index]))
                hpk_maxout_forward(
                    region.examples, layer.units, pieces, z.start, z.rowStride, units.start,
                    units.rowStride)
            }
        }
    }

    private func normalize(
        _ index: Int, _ region: Region, _ purpose: Purpose,
        to x: UnsafeMutablePointer<Float>
    ) {
        let layer = layout.layers[index]
        guard let gamma = layer.vector(.gamma), let beta = layer.vector(.beta) else { return }
        switch purpose {
        case .training:
            normalizers[index].forwardOverMinibatch(
                region.part(layer), followed: minibatches)
        case .probing: normalizers[index].forwardOverMinibatch(region.part(layer), followed: nil)
        case .evaluation: normalizers[index].forwardByRunningStatistics(region.part(layer))
        }
        hpk_scale_and_shift(
            region.examples, region.product.columns, vector(gamma, region.product),
            vector(beta, region.product),
            base(normalizers[index].normalized) + region.columnStart, x)
    }

    /// Moves what the last `forward` kept of its first examples to where it would lie if these had
    /// been all.
    func keepFirst(_ examples: Int, of all: Int) {
        // The first layer's rows are those of all members.
        for index in layout.layers.indices.dropFirst() {
            let layer = layout.layers[index]
            let inputs = index < activationInputs.count ? base(activationInputs[index]) : nil
            for member in 0..<members {
                let y = base(outputs[index])
                (y + member * examples * layer.units).update(
                    from: y + member * all * layer.units, count: examples * layer.units)
                guard let inputs else { continue }
                (inputs + member * examples * layer.columns).update(
                    from: inputs + member * all * layer.columns, count: examples * layer.columns)
            }
        }
    }

    // MARK: - Backward

    /// Follows the gradient of the last `forward`, after `setScoreGradients` of every member.
    ///
    /// - Parameter watcher: told of each update.
    func backward(
        examples count: Int, rule: UpdateRule, dropout: Dropout? = nil,
        watcher: UpdateRatios? = nil
    ) {
        rule.beginMinibatch()
        watcher?.beginMinibatch(self)
        var dy = base(outputs[layout.layers.count - 1])
        var spare = (base(dAbove), base(dBelow))
        for index in layout.layers.indices.reversed() {
            let layer = layout.layers[index]
            if index < layout.layers.count - 1 {
                dropout?.backward(layer: index, examples: count) {
                    outputs(of: $0, layer: index, examples: count, in: dy)
                }
                dy = activationBackward(index, dy, examples: count, rule, dropout)
            }
            let dx = spare.0
            for product in layer.products {
                let region = Region(product, layer, examples: count)
                if index > 0 {
                    inputGradient(index, region, dy, to: dx)
                }
                watcher?.willUpdate(product, of: layer, weights(product))
                affineBackwardToWeights(
                    examples: count, inputs: layer.inputs, outputs: product.columns,
                    x: inputs(of: product.members.lowerBound, layer: index, examples: count),
                    dy: dy + region.columnStart, update: rule.weights(product, in: arenas),
                    scratch: base(scratch))
                watcher?.didUpdate(product, of: layer, weights(product))
                if let biases = layer.vector(.biases) {
                    hpk_sum_rows(
                        count, product.columns, dy + region.columnStart, base(dVectors[0]))
                    follow(base(dVectors[0]), biases, product, rule)
                }
            }
            dy = dx
            spare = (spare.1, spare.0)
        }
        minibatches += 1
    }

    /// The gradients of the outputs of all layers after a `forward` for probing and
    /// `setScoreGradients`; the parameters stay.
    ///
    /// - Parameter onGradient: told of each layer's, from the last to the first: ∂L/∂outputs of
    ///   all members, of which `outputs(of:layer:examples:in:)` is one's part.
    func probeGradients(
        examples count: Int, onGradient: (Int, UnsafeMutablePointer<Float>) -> Void
    ) {
        var dy = base(outputs[layout.layers.count - 1])
        var spare = (base(dAbove), base(dBelow))
        for index in layout.layers.indices.reversed() {
            onGradient(index, dy)
            if index == 0 { return }
            if index < layout.layers.count - 1 {
                dy = activationBackward(index, dy, examples: count, nil, nil)
            }
            let layer = layout.layers[index]
            for product in layer.products {
                inputGradient(
                    index, Region(product, layer, examples: count), dy, to: spare.0)
            }
            dy = spare.0
            spare = (spare.1, spare.0)
        }
    }

    /// ∂L/∂outputs of the layer below, of a product's members.
    private func inputGradient(
        _ index: Int, _ region: Region, _ dy: UnsafeMutablePointer<Float>,
        to dx: UnsafeMutablePointer<Float>
    ) {
        let layer = layout.layers[index]
        affineBackwardToInput(
            examples: region.examples, inputs: layer.inputs, outputs: layer.columns,
            dy: dy + region.columnStart, weights: weights(region.product),
            dx: outputs(
                of: region.product.members.lowerBound, layer: index - 1,
                examples: region.examples, in: dx),
            scratch: base(scratch))
    }

    /// From ∂L/∂outputs of a hidden layer to ∂L/∂(affine map); follows the gradients of what lies
    /// between, where there is a rule.
    private func activationBackward(
        _ index: Int, _ dy: UnsafeMutablePointer<Float>, examples count: Int, _ rule: UpdateRule?,
        _ dropout: Dropout?
    ) -> UnsafeMutablePointer<Float> {
        let layer = layout.layers[index]
        let y = dropout?.undropped(layer: index) ?? UnsafePointer(base(outputs[index]))
        var result = dy
        if case .maxout = configuration.activation { result = base(dPieces) }
        for product in layer.products {
            let region = Region(product, layer, examples: count)
            switch configuration.activation {
            case .sigmoid, .tanh, .relu, .leakyReLU, .elu:
                configuration.activation.backwardElementwise(
                    y: y + region.unitStart, dy: dy + region.unitStart, count: region.unitCount)
            case .prelu: preluBackward(index, region, dy, rule)
            case .maxout(let pieces):
                for member in product.members {
                    maxoutBackward(
                        index, member, pieces, examples: count, y: y, dy: dy, dz: result)
                }
            }
            if index < normalizers.count { normalizeBackward(index, region, result, rule) }
        }
        return result
    }

    private func preluBackward(
        _ index: Int, _ region: Region, _ dy: UnsafeMutablePointer<Float>, _ rule: UpdateRule?
    ) {
        guard let slopes = layout.layers[index].vector(.slopes) else { return }
        hpk_prelu_backward(
            region.examples, region.product.columns, vector(slopes, region.product),
            base(activationInputs[index]) + region.columnStart, dy + region.columnStart,
            base(dVectors[0]))
        if let rule { follow(base(dVectors[0]), slopes, region.product, rule) }
    }

    private func maxoutBackward(
        _ index: Int, _ member: Int, _ pieces: Int, examples count: Int,
        y: UnsafePointer<Float>, dy: UnsafeMutablePointer<Float>,
        dz: UnsafeMutablePointer<Float>
    ) {
        let units = layout.layers[index].units
        let z = pieceInputs(of: member, layer: index, examples: count)
        let largest = outputs(
            of: member, layer: index, examples: count, in: UnsafeMutablePointer(mutating: y))
        let gradient = outputs(of: member, layer: index, examples: count, in: dy)
        let routed = columns(of: member, layer: index, examples: count, in: dz)
        hpk_maxout_backward(
            count, units, pieces, z.start, z.rowStride, largest.start, largest.rowStride,
            gradient.start, gradient.rowStride, routed.start, routed.rowStride)
    }

    private func normalizeBackward(
        _ index: Int, _ region: Region, _ dy: UnsafeMutablePointer<Float>, _ rule: UpdateRule?
    ) {
        let layer = layout.layers[index]
        guard let gamma = layer.vector(.gamma), let beta = layer.vector(.beta) else { return }
        normalizers[index].backward(
            region.part(layer), gamma: vector(gamma, region.product),
            dy: dy + region.columnStart, dGamma: base(dVectors[0]), dBeta: base(dVectors[1]))
        guard let rule else { return }
        follow(base(dVectors[0]), gamma, region.product, rule)
        follow(base(dVectors[1]), beta, region.product, rule)
    }

    private func follow(
        _ gradient: UnsafePointer<Float>, _ vector: BundleLayout.Vector,
        _ product: BundleLayout.Product, _ rule: UpdateRule
    ) {
        rule.follow(
            gradient, at: vector.offset(of: product.members.lowerBound), product, in: arenas)
    }

    // MARK: - Scores

    /// Copies a member's scores of the last `forward`, shape (N, C).
    func copyScores(
        of member: Int, examples count: Int, to destination: UnsafeMutablePointer<Float>
    ) {
        copy(
            from: scores(of: member, examples: count),
            to: MatrixView(start: destination, rowStride: classes), rows: count)
    }

    /// Replaces a member's scores by ∂L/∂scores, shape (N, C).
    func setScoreGradients(
        of member: Int, examples count: Int, from source: UnsafeMutablePointer<Float>
    ) {
        copy(
            from: MatrixView(start: source, rowStride: classes),
            to: scores(of: member, examples: count), rows: count)
    }

    private func scores(of member: Int, examples count: Int) -> MatrixView {
        let last = layout.layers.count - 1
        return outputs(of: member, layer: last, examples: count, in: base(outputs[last]))
    }

    private func copy(from: MatrixView, to: MatrixView, rows: Int) {
        if from.rowStride == classes, to.rowStride == classes {
            to.start.update(from: from.start, count: rows * classes)
            return
        }
        for row in 0..<rows {
            (to.start + row * to.rowStride).update(
                from: from.start + row * from.rowStride, count: classes)
        }
    }

    private var classes: Int { shape.layers[shape.layers.count - 1].units }

    // MARK: - Views

    /// What a layer's product of a member reads, shape (N, I).
    private func inputs(of member: Int, layer: Int, examples count: Int) -> MatrixView {
        guard layer > 0 else {
            return MatrixView(start: base(input), rowStride: shape.layers[0].inputs)
        }
        return outputs(
            of: member, layer: layer - 1, examples: count, in: base(outputs[layer - 1]))
    }

    /// What a layer gave to the next in the last `forward`, all members'.
    func outputs(ofLayer index: Int) -> UnsafeMutablePointer<Float> { base(outputs[index]) }

    /// A member's part of an array of all members' outputs, shape (N, O).
    func outputs(
        of member: Int, layer: Int, examples count: Int, in all: UnsafeMutablePointer<Float>
    ) -> MatrixView {
        view(of: member, layer, layout.layers[layer].units, count, all)
    }

    /// A member's part of an array of all members' affine maps, shape (N, columns).
    private func columns(
        of member: Int, layer: Int, examples count: Int, in all: UnsafeMutablePointer<Float>
    ) -> MatrixView {
        view(of: member, layer, layout.layers[layer].columns, count, all)
    }

    private func pieceInputs(of member: Int, layer: Int, examples count: Int) -> MatrixView {
        columns(
            of: member, layer: layer, examples: count, in: base(activationInputs[layer]))
    }

    private func view(
        of member: Int, _ layer: Int, _ width: Int, _ count: Int,
        _ all: UnsafeMutablePointer<Float>
    ) -> MatrixView {
        layer == 0
            ? MatrixView(start: all + member * width, rowStride: members * width)
            : MatrixView(start: all + member * count * width, rowStride: width)
    }

    private func weights(_ product: BundleLayout.Product) -> UnsafePointer<Float> {
        UnsafePointer(base(arenas.parameters) + product.weights)
    }

    /// The vectors of a product's members, one after the other.
    private func vector(
        _ vector: BundleLayout.Vector, _ product: BundleLayout.Product
    ) -> UnsafePointer<Float> {
        UnsafePointer(
            base(arenas.parameters) + vector.offset(of: product.members.lowerBound))
    }

    private func base(
        _ buffer: UnsafeMutableBufferPointer<Float>
    ) -> UnsafeMutablePointer<Float> {
        guard let base = buffer.baseAddress else {
            preconditionFailure("a buffer has memory, were it for no number")
        }
        return base
    }
}
