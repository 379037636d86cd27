/// How a document other than the report is written.
package enum DocumentFormat: String, Sendable, CaseIterable {
    case table
    case json
}

extension [String] {
    /// The lines as a text that ends with a newline.
    var asText: String { map { $0 + "\n" }.joined() }
}
