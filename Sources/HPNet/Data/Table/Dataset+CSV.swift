extension Dataset {
    /// A table with a class in one column: cells separated by commas, semicolons or tabs, with
    /// quotes as in RFC 4180, also compressed by gzip.
    ///
    /// The separator is found out from the first rows, and so is, unless `options` say it, whether
    /// the first row names the columns: when columns are asked for by name, or when it has words
    /// above columns of numbers and no number above one. A last column without any cell is no
    /// column. Numbers may have decimal commas where the separator is no comma.
    ///
    /// Classes are numbered in the order of their labels: by value when all are numbers (equal
    /// numbers are one class, however written), by UTF-8 bytes otherwise; so are categories.
    ///
    /// - Parameters:
    ///   - file: its path.
    ///   - options: what its columns are, and what becomes of missing values.
    /// - Throws: `NetError.missing`, or `.corrupt` with the line.
    public static func csv(file: String, _ options: TableOptions) throws(NetError) -> Dataset {
        let file = try TableFile(file)
        let format = try TableFormat(of: file, options)
        let columns = try TableColumns(of: file, format, options)
        let rowMaximum = try file.rowMaximum(
            columns: columns.cellCount,
            mayBeEmpty: options.missing != .error || !options.dropped.isEmpty)
        var reading = TableReading(
            path: file.path, format, columns, options, rowMaximum: rowMaximum)
        try reading.read(file)
        let offsets = reading.offsets
        if !offsets.isEmpty {
            reading = TableReading(
                path: file.path, format, columns, options, rowMaximum: rowMaximum,
                offsets: offsets)
            try reading.read(file)
        }
        return try reading.dataset()
    }
}
