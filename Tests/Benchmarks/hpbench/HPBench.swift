import ArgumentParser

/// Measures what the product is made of, on this machine.
@main
struct HPBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hpbench", abstract: "Measure hpcoord's parts on this machine.",
        subcommands: [
            EngineCommand.self, IdentityCommand.self, UnitsCommand.self, ParityCommand.self,
            ComponentsCommand.self, DiagnosticsCommand.self, GradientsCommand.self,
            BatchSizesCommand.self, LeaderCommand.self, FuzzSpecCommand.self,
            FuzzDataCommand.self, ReadDataCommand.self, CalibrationCommand.self,
            ObjectivesCommand.self,
        ])
}
