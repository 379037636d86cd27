import ArgumentParser
import HPSearch

/// The words that name commands.
enum Verbs {
    /// Refuses a word that names no command, where the parser would call it an unexpected argument.
    ///
    /// - Parameter arguments: of the program, without its name.
    static func check(_ arguments: [String]) throws(CommandFailure) {
        var command: any ParsableCommand.Type = HPCoord.self
        var path = "hpcoord"
        for argument in arguments {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, !argument.hasPrefix("-"), argument != "help" else { return }
            guard let next = commands.first(where: { $0._commandName == argument }) else {
                throw unknown(argument, path, commands.map { $0._commandName })
            }
            command = next
            path += " \(argument)"
        }
    }

    private static func unknown(
        _ word: String, _ path: String, _ verbs: [String]
    ) -> CommandFailure {
        let near = nearest(to: word, of: verbs).map { "did you mean `\(path) \($0)`? " } ?? ""
        return CommandFailure(
            exitStatus: ExitStatus.usage,
            message: "there is no command `\(path) \(word.prefix(40))`; \(near)`\(path) --help` "
                + "lists them")
    }
}
