/// Reads which examples a study trains on.
struct DataReader {
    let scalars: SpecScalars

    func read(_ node: SpecNode) throws(SearchError) -> DataSpec {
        let mapping = try SpecMapping(
            node, file: scalars.file, name: "data", keys: SpecKeys.data)
        let dataset = try dataset(mapping)
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

    private func dataset(_ mapping: SpecMapping) throws(SearchError) -> DataSpec.Dataset {
        let node = try mapping.required("dataset", example: "digits")
        let name = try scalars.text(node, "data.dataset")
        switch name {
        case "digits":
            try refuse(["path", "header", "label"], of: mapping, dataset: name)
            return .digits
        case "cifar10":
            try refuse(["header", "label"], of: mapping, dataset: name)
            guard let pathNode = mapping["path"] else {
                return .cifar10(path: "cifar-10-batches-bin")
            }
            return .cifar10(path: try path(pathNode))
        case "csv":
            let pathNode = try mapping.required("path", example: "table.csv")
            let labelNode = try mapping.required("label", example: "-1")
            var hasHeader = true
            if let node = mapping["header"] {
                hasHeader = try scalars.boolean(node, "data.header")
            }
            let column = try label(labelNode)
            if case .name = column, !hasHeader {
                throw scalars.fail(
                    labelNode, "`data.label` is a name but the table has no header",
                    fix: "give the column's position, from 0, or -1 for the last")
            }
            return .csv(path: try path(pathNode), header: hasHeader, label: column)
        default:
            throw scalars.refusedWord(
                node, "data.dataset", name, supported: ["digits", "cifar10", "csv"],
                unsupported: ["idx", "spiral"])
        }
    }

    private func refuse(
        _ keys: [String], of mapping: SpecMapping, dataset: String
    ) throws(SearchError) {
        for key in keys {
            guard let node = mapping[key] else { continue }
            throw scalars.fail(
                node, "`data.\(key)` means nothing for the data set \(dataset)",
                fix: "leave it out")
        }
    }

    /// A path below the worker's data root: what a spec names must not reach outside.
    private func path(_ node: SpecNode) throws(SearchError) -> String {
        let path = try scalars.text(node, "data.path")
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.hasPrefix("/"), !parts.contains(".."), !path.utf8.contains(0) else {
            throw scalars.fail(
                node, "`data.path` can't be \(scalars.shown(node))",
                fix: "it lies below the worker's --data-root: no leading / and no `..`")
        }
        return path
    }

    private func label(_ node: SpecNode) throws(SearchError) -> DataSpec.LabelColumn {
        if case .scalar(let text, true) = node.content, let position = Int(text) {
            return .position(position)
        }
        return .name(try scalars.text(node, "data.label"))
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
