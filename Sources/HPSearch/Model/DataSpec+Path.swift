extension DataSpec {
    /// A file that must be there, below the data root; nil for embedded data.
    package var requiredPath: String? {
        switch dataset {
        case .digits: nil
        case .cifar10(let path): path + "/data_batch_1.bin"
        case .csv(let path, _, _): path
        }
    }
}
