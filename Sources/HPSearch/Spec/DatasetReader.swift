/// Reads which data set a study trains on.
struct DatasetReader {
    let scalars: SpecScalars

    private static let names = ["digits", "cifar10", "idx", "csv", "spiral"]

    /// The keys beside `dataset` that each data set has.
    private static func keys(of name: String) -> [String] {
        switch name {
        case "cifar10", "idx": ["path"]
        case "csv": ["path", "header", "label", "columns", "missing"]
        case "spiral": ["classes", "points", "noise"]
        default: []
        }
    }

    func read(_ mapping: SpecMapping) throws(SearchError) -> DataSpec.Dataset {
        let node = try mapping.required("dataset", example: "digits")
        let name = try scalars.text(node, "data.dataset")
        guard Self.names.contains(name) else {
            throw scalars.refusedWord(
                node, "data.dataset", name, supported: Self.names, unsupported: [])
        }
        try refuseOthers(of: mapping, dataset: name)
        switch name {
        case "cifar10":
            guard let path = mapping["path"] else { return .cifar10(path: "cifar-10-batches-bin") }
            return .cifar10(path: try self.path(path))
        case "idx": return .idx(path: try path(try mapping.required("path", example: "mnist")))
        case "csv":
            let pathNode = try mapping.required("path", example: "table.csv")
            return .csv(
                try TableSpecReader(scalars: scalars).read(mapping, path: try path(pathNode)))
        case "spiral": return try spiral(mapping)
        default: return .digits
        }
    }

    /// Keys that only other data sets have.
    private func refuseOthers(
        of mapping: SpecMapping, dataset: String
    ) throws(SearchError) {
        let own = Self.keys(of: dataset)
        for key in Self.names.flatMap(Self.keys) where !own.contains(key) {
            guard let node = mapping[key] else { continue }
            throw scalars.fail(
                node, "`data.\(key)` means nothing for the data set \(dataset)",
                fix: "leave it out")
        }
    }

    private func spiral(_ mapping: SpecMapping) throws(SearchError) -> DataSpec.Dataset {
        var noise = 0.2
        if let node = mapping["noise"] {
            noise = try scalars.number(node, "data.noise")
            guard (0...10).contains(noise) else {
                throw scalars.fail(
                    node, "`data.noise` can't be \(scalars.shown(node))",
                    fix: "it is an angle's standard deviation, from 0 to 10 radians")
            }
        }
        return .spiral(
            classes: try count("classes", of: mapping, 2...100) ?? 3,
            points: try count("points", of: mapping, 2...100_000) ?? 100, noise: noise)
    }

    private func count(
        _ key: String, of mapping: SpecMapping, _ range: ClosedRange<Int>
    ) throws(SearchError) -> Int? {
        guard let node = mapping[key] else { return nil }
        let count = try scalars.integer(node, "data.\(key)")
        guard range.contains(count) else {
            throw scalars.fail(
                node, "`data.\(key)` can't be \(count)",
                fix: "give a count from \(range.lowerBound) to \(range.upperBound)")
        }
        return count
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
}
