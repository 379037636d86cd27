/// A data set as a compressed tar archive that its authors publish.
package struct DatasetArchive: Sendable, Hashable {
    /// A file that belongs to the data set.
    package struct File: Sendable, Hashable {
        package var name: String
        /// Nil for any.
        package var byteCount: Int?

        package init(name: String, byteCount: Int?) {
            self.name = name
            self.byteCount = byteCount
        }
    }

    /// The archive's own file name.
    package var name: String
    package var url: String
    package var byteCount: Int
    /// In 64 lowercase hexadecimal digits.
    package var sha256: String
    /// The one folder of the archive, in which all files lie.
    package var folder: String
    /// The files that must be there for the data set to be complete.
    package var files: [File]

    package init(
        name: String, url: String, byteCount: Int, sha256: String, folder: String, files: [File]
    ) {
        self.name = name
        self.url = url
        self.byteCount = byteCount
        self.sha256 = sha256
        self.folder = folder
        self.files = files
    }

    /// CIFAR-10, binary version (Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny
    /// Images").
    package static let cifar10 = DatasetArchive(
        name: "cifar-10-binary.tar.gz",
        url: "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz", byteCount: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        folder: "cifar-10-batches-bin",
        files: ((1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"]).map {
            File(name: $0, byteCount: 10_000 * (1 + 3 * 32 * 32))
        })
}
