/// One value of a parameter: what a trial is given and what a `choice` lists.
package enum ParameterValue: Sendable, Hashable {
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list([ParameterValue])
    /// The parameter's condition does not hold in this trial: the engine's own setting stands.
    case inactive
}

extension ParameterValue {
    /// The value as a number; nil for booleans, texts, lists and inactive ones.
    package var asNumber: Double? {
        switch self {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        case .boolean, .text, .list, .inactive: nil
        }
    }
}
