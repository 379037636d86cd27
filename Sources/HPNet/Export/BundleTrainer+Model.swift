extension BundleTrainer {
    /// A member as it is, with its scores of the validation split.
    ///
    /// It may be asked for while an evaluation is told of, or after training.
    ///
    /// - Precondition: the member is in the bundle: others may go on without one that has ended.
    public func model(of member: Int) -> TrainedModel {
        let place = place(of: member)
        return TrainedModel(
            configuration: network.configuration,
            parameters: network.state(of: place).tensors(network.shape),
            preprocessing: data.tensors,
            validation: data.validationTensors(
                logits: evaluator.validationScores(of: place, network)),
            dataName: data.dataset.name, dataDigest: data.dataset.digest,
            inputScale: data.dataset.inputScale, classNames: data.dataset.classNames,
            table: data.tableDescription)
    }
}

extension Trainer {
    /// The network as it is, with its scores of the validation split.
    public var model: TrainedModel { bundle.model(of: 0) }
}

extension Dataset {
    /// What a stored feature is multiplied by.
    fileprivate var inputScale: Float {
        switch features {
        case .bytes(_, let scale): scale
        case .floats: 1
        }
    }
}

extension PreparedData {
    /// How a table's cells become the numbers that preprocessing begins with, as JSON; nil for data
    /// that is no table.
    fileprivate var tableDescription: String? {
        guard let table = dataset.table else { return nil }
        let inputs = encoding?.inputs ?? (0..<dataset.featureCount).map { .init(feature: $0) }
        let members = inputs.map { input -> String in
            var member = "{\"column\": \(table.columns[input.feature])"
            if let category = input.category {
                member +=
                    ", \"category\": "
                    + Safetensors.quoted(table.categories[input.feature][category])
            } else if !table.offsets.isEmpty, input.offset == 0 {
                // Subtracted in double precision; what was added again is not.
                member += ", \"less\": \(table.offsets[input.feature])"
            }
            if !table.missingCounts.isEmpty { member += ", \"missing\": \(input.fill)" }
            return member + "}"
        }
        return """
            {"separator": "\(table.separator)", "header": \(table.hasHeader), \
            "decimal_comma": \(table.hasDecimalComma), "label": \(table.label), \
            "inputs": [\(members.joined(separator: ", "))]}
            """
    }

    /// What preprocessing subtracts and multiplies by, and the components that it turns to.
    fileprivate var tensors: [Safetensors.Tensor] {
        let vectors = [("preprocess.mean", subtract), ("preprocess.scale", multiply)].compactMap {
            name, numbers in
            numbers.map { Safetensors.Tensor(name, shape: [$0.count], $0) }
        }
        let components = projection.map { projection in
            Safetensors.Tensor(
                "preprocess.components", shape: [encoded.featureCount, featureCount],
                projection.matrix)
        }
        return vectors + [components].compactMap(\.self)
    }

    fileprivate func validationTensors(logits: [Float]) -> [Safetensors.Tensor] {
        let rows = split.validation
        return [
            Safetensors.Tensor("validation.rows", shape: [rows.count], rows.map(Int64.init)),
            Safetensors.Tensor(
                "validation.labels", shape: [rows.count],
                rows.map { Int64(dataset.labels[Int($0)]) }),
            Safetensors.Tensor(
                "validation.logits", shape: [rows.count, dataset.classCount], logits),
        ]
    }
}
