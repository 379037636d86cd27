import ArgumentParser
import DataTesting
import HPNet

/// `hpbench batch-sizes`: whether DIVERGED is told of trainings and not of minibatches.
struct BatchSizesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch-sizes",
        abstract: "Train small tables at batch sizes of 1 to 64; who is DIVERGED and shouldn't be.",
        discussion: """
            Three generated tables, SGD, momentum and Adam, with and without batch normalization. \
            A false alarm is a trial at a sane rate that DIVERGED and, let go on, ends with a \
            finite loss below the limit. A late one is a rate that explodes and is not stopped \
            within its first epoch or 2,000 examples. It ends with 1 when there is either.
            """)

    @Option(help: "Epochs of each trial.")
    var epochs = 40.0

    @Option(help: "Sane rates at each batch size.")
    var rates = 8

    func validate() throws {
        guard epochs > 0, rates > 1 else {
            throw ValidationError("--epochs is above 0 and --rates above 1")
        }
    }

    func run() throws {
        var trials = 0
        var alarms: [String] = []
        for table in BlobTable.all {
            let data = try table.prepared()
            for optimizer in [Optimizer.sgd, .momentum, .adam] {
                for isNormalized in [false, true] {
                    for size in 1...64 {
                        let trial = DivergenceCase(
                            table, optimizer, batchNormalization: isNormalized, batchSize: size,
                            epochs: epochs)
                        let sane = trial.saneRates(count: rates)
                        alarms += trial.falseAlarms(at: sane, of: data)
                        alarms += trial.lateAlarms(of: data).map { "late: \($0)" }
                        trials += sane.count + DivergenceCase.explosiveRates.count
                    }
                }
            }
        }
        for alarm in alarms { print(alarm) }
        print("\(trials) trials, \(alarms.count) false or late alarms")
        if !alarms.isEmpty { throw ExitCode(1) }
    }
}
