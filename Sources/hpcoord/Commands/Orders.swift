import ArgumentParser
import HPCluster

/// Lets a worker finish what it runs, and gives it nothing more.
struct Drain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let a worker finish what it runs, and give it nothing more.")

    @OptionGroup var worker: WorkerArgument
    @OptionGroup var connection: ConnectionOptions

    func run() throws { try worker.order(.draining, at: connection) }
}

/// Takes a worker's trials away, and believes none of its results.
struct Quarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a worker's trials elsewhere at once, and take no result from it.")

    @OptionGroup var worker: WorkerArgument
    @OptionGroup var connection: ConnectionOptions

    func run() throws { try worker.order(.quarantined, at: connection) }
}

/// Undoes `drain` and `quarantine`.
struct ReleaseWorker: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Give a worker trials again after `drain` or `quarantine`.")

    @OptionGroup var worker: WorkerArgument
    @OptionGroup var connection: ConnectionOptions

    func run() throws { try worker.order(.released, at: connection) }
}

/// The worker that an order is about.
struct WorkerArgument: ParsableArguments {
    @Argument(help: "The worker's name, or the beginning of its id.")
    var worker: String

    func order(_ standing: WorkerStanding, at connection: ConnectionOptions) throws {
        var client = try CoordinatorClient(connection)
        try Output.write(try client.ask(.order(worker: worker, standing)).document)
    }
}
