extension DataSpec {
    /// The file or folder of the data, below the data root; nil for data that has none.
    package var path: String? {
        switch dataset {
        case .digits, .spiral: nil
        case .cifar10(let path), .idx(let path): path
        case .csv(let table): table.path
        }
    }

    /// A file or folder that must be there, below the data root; nil for data that needs none.
    package var requiredPath: String? {
        guard case .cifar10(let path) = dataset else { return path }
        return path + "/data_batch_1.bin"
    }
}
