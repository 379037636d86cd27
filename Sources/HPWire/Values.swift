import HPCluster
package import HPSearch

/// Parameter values, domains, results and curves.
extension Hpcoord_V1_ParameterValue {
    init(_ value: ParameterValue) {
        switch value {
        case .boolean(let boolean): self.value = .boolean(boolean)
        case .integer(let integer): self.value = .integer(Int64(integer))
        case .number(let number): self.value = .number(number)
        case .text(let text): self.value = .text(text)
        case .list(let values): self.value = .list(Hpcoord_V1_ParameterValues(values))
        case .inactive: self.value = .inactive(true)
        }
    }
}

extension Hpcoord_V1_ParameterValues {
    init(_ values: [ParameterValue]) {
        self.values = values.map { Hpcoord_V1_ParameterValue($0) }
    }
}

extension ParameterValue {
    init(wire: Hpcoord_V1_ParameterValue) throws(WireError) {
        switch wire.value {
        case .boolean(let boolean): self = .boolean(boolean)
        case .integer(let integer): self = .integer(try HPWire.integer(integer, "integer"))
        case .number(let number): self = .number(number)
        case .text(let text): self = .text(text)
        case .list(let list): self = .list(try Self.values(wire: list.values))
        case .inactive(true): self = .inactive
        case .inactive(false), nil: throw .field("parameter value")
        }
    }

    static func values(
        wire: [Hpcoord_V1_ParameterValue]
    ) throws(WireError) -> [ParameterValue] {
        try converted(wire) { value throws(WireError) in try ParameterValue(wire: value) }
    }
}

extension Hpcoord_V1_ParameterDomain {
    init(_ domain: ParameterDomain) {
        switch domain {
        case .logUniform(let low, let high): self.domain = .logUniform(.init(low, high))
        case .uniform(let low, let high): self.domain = .uniform(.init(low, high))
        case .integer(let low, let high): self.domain = .integer(.init(low, high))
        case .logInteger(let low, let high): self.domain = .logInteger(.init(low, high))
        case .choice(let values): self.domain = .choice(.init(values))
        case .value(let value): self.domain = .value(.init(value))
        }
    }
}

extension Hpcoord_V1_NumberRange {
    init(_ low: Double, _ high: Double) {
        self.low = low
        self.high = high
    }
}

extension Hpcoord_V1_IntegerRange {
    init(_ low: Int, _ high: Int) {
        self.low = Int64(low)
        self.high = Int64(high)
    }
}

extension ParameterDomain {
    init(wire: Hpcoord_V1_ParameterDomain) throws(WireError) {
        switch wire.domain {
        case .logUniform(let range): self = .logUniform(low: range.low, high: range.high)
        case .uniform(let range): self = .uniform(low: range.low, high: range.high)
        case .integer(let range):
            self = .integer(
                low: try HPWire.integer(range.low, "bound"),
                high: try HPWire.integer(range.high, "bound"))
        case .logInteger(let range):
            self = .logInteger(
                low: try HPWire.integer(range.low, "bound"),
                high: try HPWire.integer(range.high, "bound"))
        case .choice(let values): self = .choice(try ParameterValue.values(wire: values.values))
        case .value(let value): self = .value(try ParameterValue(wire: value))
        case nil: throw .field("domain")
        }
    }
}

extension Hpcoord_V1_Move {
    init(_ move: Move) {
        parameter = move.parameter
        action = move.action.wire
        from = .init(move.from)
        to = .init(move.to)
        because = move.because
        evidence = move.evidence.map(UInt64.init)
    }
}

extension Move {
    init(wire: Hpcoord_V1_Move) throws(WireError) {
        self.init(
            parameter: wire.parameter, action: try Action(wire: wire.action),
            from: try ParameterDomain(wire: wire.from), to: try ParameterDomain(wire: wire.to),
            because: wire.because,
            evidence: try converted(wire.evidence) { number throws(WireError) in
                try integer(number, "evidence")
            })
    }
}

extension Hpcoord_V1_TrialResult {
    init(_ result: TrialResult) {
        objectiveCurve = result.objectiveCurve
        if let value = result.value { self.value = value }
        if let error = result.standardError { standardError = error }
        bestEpoch = result.bestEpoch
        epochs = result.epochs
        seconds = result.seconds
        if let metric = result.metrics.validationAccuracy { metrics.validationAccuracy = metric }
        if let metric = result.metrics.validationLoss { metrics.validationLoss = metric }
        if let metric = result.metrics.trainingAccuracy { metrics.trainingAccuracy = metric }
        if let metric = result.metrics.trainingLoss { metrics.trainingLoss = metric }
        if let metric = result.metrics.initialLoss { metrics.initialLoss = metric }
        flags = result.flags.map(\.wire)
    }
}

extension TrialResult {
    init(wire: Hpcoord_V1_TrialResult) throws(WireError) {
        let metrics = wire.metrics
        self.init(
            objectiveCurve: wire.objectiveCurve, value: wire.hasValue ? wire.value : nil,
            standardError: wire.hasStandardError ? wire.standardError : nil,
            bestEpoch: try amount(wire.bestEpoch, "best epoch"),
            epochs: try amount(wire.epochs, "epochs"),
            metrics: TrialMetrics(
                validationAccuracy: metrics.hasValidationAccuracy
                    ? metrics.validationAccuracy : nil,
                validationLoss: metrics.hasValidationLoss ? metrics.validationLoss : nil,
                trainingAccuracy: metrics.hasTrainingAccuracy ? metrics.trainingAccuracy : nil,
                trainingLoss: metrics.hasTrainingLoss ? metrics.trainingLoss : nil,
                initialLoss: metrics.hasInitialLoss ? metrics.initialLoss : nil),
            flags: try TrialFlag.list(wire: wire.flags),
            seconds: try amount(wire.seconds, "seconds"))
    }
}

extension Hpcoord_V1_Curve {
    init(_ points: [EpochMetrics]) {
        epoch = points.map(\.epoch)
        learningRate = points.map(\.learningRate)
        validationAccuracy = points.map(\.validationAccuracy)
        validationLoss = points.map(\.validationLoss)
        trainingAccuracy = points.map(\.trainingAccuracy)
        trainingLoss = points.map(\.trainingLoss)
    }

    func points() throws(WireError) -> [EpochMetrics] {
        let columns = [
            learningRate, validationAccuracy, validationLoss, trainingAccuracy, trainingLoss,
        ]
        guard columns.allSatisfy({ $0.count == epoch.count }) else { throw .field("curve") }
        return epoch.indices.map { index in
            EpochMetrics(
                epoch: epoch[index], learningRate: learningRate[index],
                validationAccuracy: validationAccuracy[index],
                validationLoss: validationLoss[index],
                trainingAccuracy: trainingAccuracy[index], trainingLoss: trainingLoss[index])
        }
    }
}

/// The curve of a trial as the journal's side table keeps it.
package enum CurveCodec {
    /// One point for each evaluation, in their order.
    package static func encode(_ points: [EpochMetrics]) -> [UInt8] {
        WireCodec.bytes(of: Hpcoord_V1_Curve(points))
    }

    /// - Throws: `WireError` when the bytes are no curve.
    package static func decode(_ bytes: [UInt8]) throws(WireError) -> [EpochMetrics] {
        try WireCodec.parse(Hpcoord_V1_Curve.self, bytes).points()
    }
}
