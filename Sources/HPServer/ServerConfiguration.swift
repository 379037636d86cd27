import HPTransport

/// How a coordinator is started.
package struct ServerConfiguration: Sendable {
    /// `tcp://127.0.0.1:5231`, or port `*` for any free one.
    package var bind: String
    /// The folder of the journal; made if it is missing.
    package var dataDirectory: String

    /// Studies whose data is not below this folder are refused; nil leaves that to the workers.
    package var dataRoot: String?

    /// Whether peers need keys on loopback, too; off loopback they always do.
    package var encrypts: Bool

    /// What the journal's disk keeps free of checkpoints.
    package var reservedByteCount = CheckpointFolder.usualReservedByteCount

    /// What keeps strangers out: whole, except in tests of what happens when a part is missing.
    var fences = CurveFences.all

    package init(
        bind: String, dataDirectory: String, dataRoot: String? = nil, encrypts: Bool = false
    ) {
        self.bind = bind
        self.encrypts = encrypts
        self.dataRoot = dataRoot
        self.dataDirectory = dataDirectory
    }
}
