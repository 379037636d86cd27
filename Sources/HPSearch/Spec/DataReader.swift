/// Reads which examples a study trains on.
struct DataReader {
    let scalars: SpecScalars

    func read(_ node: SpecNode) throws(SearchError) -> DataSpec {
        let mapping = try SpecMapping(
            node, file: scalars.file, name: "data", keys: SpecKeys.data)
        let dataset = try DatasetReader(scalars: scalars).read(mapping)
        let isCIFAR = if case .cifar10 = dataset { true } else { false }
        var data = DataSpec(
            dataset: dataset, training: isCIFAR ? .count(49_000) : .fraction(0.7),
            validation: isCIFAR ? .count(1000) : .fraction(0.15), preprocessing: [])
        if let node = mapping["split"] { try split(node, &data) }
        if let node = mapping["preprocess"] {
            data.preprocessing = try PreprocessingReader(scalars: scalars).read(node)
        }
        return data
    }

    private func split(_ node: SpecNode, _ data: inout DataSpec) throws(SearchError) {
        let mapping = try SpecMapping(
            node, file: scalars.file, name: "data.split", keys: SpecKeys.split)
        data.training = try amount(
            try mapping.required("train", example: "0.7"), "data.split.train")
        data.validation = try amount(
            try mapping.required("validation", example: "0.15"), "data.split.validation")
        if case .fraction(let training) = data.training,
            case .fraction(let validation) = data.validation, training + validation > 1
        {
            throw scalars.fail(
                node, "`data.split` asks for more than all examples",
                fix: "fractions add up to at most 1: what is left is the test set")
        }
    }

    private func amount(
        _ node: SpecNode, _ name: String
    ) throws(SearchError) -> DataSpec.Amount {
        if case .scalar(let text, true) = node.content, let count = SpecScalars.integer(in: text) {
            guard count >= 1 else {
                throw scalars.fail(
                    node, "`\(name)` can't be \(count)", fix: "give a count of at least 1")
            }
            return .count(count)
        }
        let fraction = try scalars.number(node, name)
        guard fraction > 0, fraction < 1 else {
            throw scalars.fail(
                node, "`\(name)` can't be \(scalars.shown(node))",
                fix: "give a count (49000) or a fraction between 0 and 1 (0.7)")
        }
        return .fraction(fraction)
    }
}
