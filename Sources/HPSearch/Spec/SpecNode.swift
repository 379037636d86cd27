/// A spec's text as a tree with places, independent of whether it was YAML or JSON.
struct SpecNode {
    struct Entry {
        var key: String
        var place: SpecPlace
        var value: SpecNode
    }

    enum Content {
        /// A scalar; a plain one may be a number or a boolean, a quoted one is a text.
        case scalar(String, isPlain: Bool)
        case list([SpecNode])
        case mapping([Entry])
    }

    var content: Content
    var place: SpecPlace

    /// What a person would call this kind of value.
    var kind: String {
        switch content {
        case .scalar: "a single value"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}
