/// Reads how a study's table is read.
struct TableSpecReader {
    let scalars: SpecScalars

    /// - Parameter path: the file of `mapping`, read before.
    func read(_ mapping: SpecMapping, path: String) throws(SearchError) -> TableSpec {
        let labelNode = try mapping.required("label", example: "-1")
        var table = TableSpec(path: path, label: try column(labelNode, "data.label"))
        if let node = mapping["header"] { table.header = try header(node) }
        if let node = mapping["missing"] {
            table.missing = try scalars.word(node, "data.missing", as: TableSpec.Missing.self)
        }
        if case .name = table.label, table.header == false {
            throw scalars.fail(
                labelNode, "`data.label` is a name but the table has no header",
                fix: "give the column's position, from 0, or -1 for the last")
        }
        if let node = mapping["columns"] { try columns(node, &table) }
        return table
    }

    /// Nil for `auto`.
    private func header(_ node: SpecNode) throws(SearchError) -> Bool? {
        switch node.content {
        case .scalar("true", true): return true
        case .scalar("false", true): return false
        case .scalar("auto", _): return nil
        default:
            throw scalars.fail(
                node, "`data.header` can't be \(scalars.shown(node))",
                fix: "it is auto, true or false")
        }
    }

    private func columns(_ node: SpecNode, _ table: inout TableSpec) throws(SearchError) {
        let mapping = try SpecMapping(
            node, file: scalars.file, name: "data.columns", keys: SpecKeys.columns)
        var seen = [table.label]
        table.dropped = try list(mapping, "drop", table, &seen)
        table.categorical = try list(mapping, "categorical", table, &seen)
    }

    private func list(
        _ mapping: SpecMapping, _ key: String, _ table: TableSpec,
        _ seen: inout [TableSpec.Column]
    ) throws(SearchError) -> [TableSpec.Column] {
        guard let node = mapping[key] else { return [] }
        let name = mapping.path(key)
        guard case .list(let nodes) = node.content else {
            throw scalars.fail(
                node, "`\(name)` is a list of columns, not \(node.kind)",
                fix: "write `\(key): [NAME]`")
        }
        var columns: [TableSpec.Column] = []
        for node in nodes {
            let column = try column(node, name)
            if case .name = column, table.header == false {
                throw scalars.fail(
                    node, "`\(name)` has a name but the table has no header",
                    fix: "give the column's position, from 0")
            }
            guard !seen.contains(column) else {
                throw scalars.fail(
                    node,
                    "`\(name)` has \(scalars.shown(node)), which is "
                        + (column == table.label ? "the label" : "named before"),
                    fix: "name each column once")
            }
            seen.append(column)
            columns.append(column)
        }
        return columns
    }

    private func column(_ node: SpecNode, _ name: String) throws(SearchError) -> TableSpec.Column {
        if case .scalar(let text, true) = node.content, let position = Int(text) {
            return .position(position)
        }
        return .name(try scalars.text(node, name))
    }
}
