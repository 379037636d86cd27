/// How a coordinator is started.
package struct ServerConfiguration: Sendable {
    /// `tcp://127.0.0.1:5231`, or port `*` for any free one.
    package var bind: String
    /// The folder of the journal; made if it is missing.
    package var dataDirectory: String

    package init(bind: String, dataDirectory: String) {
        self.bind = bind
        self.dataDirectory = dataDirectory
    }
}
