import ArgumentParser
import HPCluster

/// Hands out nothing more of a study until `resume`.
struct Pause: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Hand out nothing more of a study; trials that run go on.")

    @Argument(help: "The study's name.")
    var study: String

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        try Operation.perform(.pause(study: study), at: connection)
    }
}

/// Undoes `pause`.
struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Go on with a paused study.")

    @Argument(help: "The study's name.")
    var study: String

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        try Operation.perform(.resume(study: study), at: connection)
    }
}

/// Ends a study once what runs has finished.
struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a study's running trials finish, then end it.")

    @Argument(help: "The study's name.")
    var study: String

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        try Operation.perform(.stop(study: study), at: connection)
    }
}

/// Ends a study now.
struct Cancel: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a study and its running trials.")

    @Argument(help: "The study's name.")
    var study: String

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        try Operation.perform(.cancel(study: study), at: connection)
    }
}

enum Operation {
    static func perform(
        _ command: ClientRequest.Command, at connection: ConnectionOptions
    ) throws {
        var client = try CoordinatorClient(connection)
        guard let progress = try client.ask(command).progress else { return }
        try Output.write(StudyLine.text(progress) + "\n")
    }
}
