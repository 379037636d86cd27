/// Where what a user's programs remember is kept: `$XDG_STATE_HOME/hpcoord`, or
/// `$HOME/.local/state/hpcoord`.
enum StateFolder {
    static func path(environment: [String: String]) -> String {
        // A relative path is to be ignored, says the XDG Base Directory Specification.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            return state + "/hpcoord"
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "."
        return home + "/.local/state/hpcoord"
    }
}
