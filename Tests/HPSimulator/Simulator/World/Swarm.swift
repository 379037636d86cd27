/// What a simulation is like: each class of faults on or off, and how often, drawn from the seed.
///
/// Faults that are always all on hide one another: a cluster that never works loses nothing.
struct Swarm: Sendable {
    struct Network: Sendable {
        /// Per message.
        var dropChance = 0.0
        var duplicateChance = 0.0
        var slowChance = 0.0
        /// The longest delay of a slow message.
        var slowestSeconds = 1.0
        /// As on one TCP connection: messages keep their order, and only a reset loses any.
        var isOrdered = true
        /// Means over all workers' connections; nil for never.
        var resetMeanSeconds: Double?
        var partitionMeanSeconds: Double?
        var clogMeanSeconds: Double?
    }

    struct Coordinator: Sendable {
        var crashMeanSeconds: Double?
        /// Of the crashes.
        var powerLossShare = 0.0
        var pauseMeanSeconds: Double?
        /// Per commit that writes.
        var crashAtCommitChance = 0.0
        /// Per turn that has something to say.
        var crashAtSendChance = 0.0
        var inputErrorChance = 0.0
        var fullMeanSeconds: Double?
        /// The longest time that a commit takes.
        var slowestCommitSeconds = 0.02
        /// The longest time that the folder of checkpoints takes for one order.
        var slowestArchiveSeconds = 0.01
        /// Per read or write there.
        var archiveFailureChance = 0.0
    }

    struct Workers: Sendable {
        var crashMeanSeconds: Double?
        /// Of the crashes, with the host's power: what was not synchronized is lost.
        var powerLossShare = 0.0
        var pauseMeanSeconds: Double?
        var terminationMeanSeconds: Double?
        var herdMeanSeconds: Double?
        var spoolFullMeanSeconds: Double?
        /// Per trial that would train: the process is killed for its memory, or the like.
        var accidentChance = 0.0
    }

    var workerCount = 1
    var slotMaximum = 1
    /// Peers have keys and roles, as with encryption.
    var isEncrypted = false
    var usesSQLite = false
    var safetySeconds = 60.0
    var trialMaximum = 10
    var studyCount = 1
    var trainingMaximumSeconds = 1.0
    var killerShare = 0.0
    /// Workers with other data, or another engine.
    var misfitCount = 0
    var liarCount = 0
    var lieMeanSeconds = 5.0
    /// Operators who pause, resume, drain and the like.
    var operatorMeanSeconds: Double?
    /// Operators who stop or cancel a study.
    var endsStudies = false
    var network = Network()
    var coordinator = Coordinator()
    var workers = Workers()

    init(seed: UInt64) {
        var random = SimulationRandom(seed: seed, use: .swarm)
        workerCount = random.happens(0.03) ? 64 : Int(random.logUniform(1, 16.99))
        slotMaximum = random.integer(in: 1...3)
        isEncrypted = random.happens(0.5)
        usesSQLite = random.happens(0.25)
        safetySeconds = random.logUniform(60, 1200)
        trialMaximum = Int(random.logUniform(2, 120.99))
        studyCount = random.pick([1, 1, 2, 3])
        trainingMaximumSeconds = random.logUniform(0.1, 120)
        if random.happens(0.25) { killerShare = random.uniform(0.02, 0.2) }
        if random.happens(0.2) { misfitCount = random.integer(in: 1...2) }
        if random.happens(0.3) { liarCount = 1 + workerCount / 10 }
        lieMeanSeconds = random.logUniform(1, 60)
        if random.happens(0.5) { operatorMeanSeconds = safetySeconds / random.logUniform(1, 10) }
        endsStudies = random.happens(0.25)
        network = Self.network(safetySeconds, &random)
        coordinator = Self.coordinator(safetySeconds, &random)
        workers = Self.workers(safetySeconds, &random)
        coordinator.slowestArchiveSeconds = random.pick([0.01, 1, 20])
        if random.happens(0.7) { coordinator.archiveFailureChance = random.logUniform(0.002, 0.2) }
    }

    private static func mean(
        _ chance: Double, _ seconds: Double, upTo count: Double, _ random: inout SimulationRandom
    ) -> Double? {
        random.happens(chance) ? seconds / random.logUniform(1, count) : nil
    }

    private static func network(
        _ seconds: Double, _ random: inout SimulationRandom
    ) -> Network {
        var network = Network()
        network.isOrdered = random.happens(0.4)
        if random.happens(0.5) { network.dropChance = random.logUniform(0.001, 0.3) }
        if random.happens(0.5) { network.duplicateChance = random.logUniform(0.001, 0.5) }
        if random.happens(0.6) { network.slowChance = random.logUniform(0.001, 0.3) }
        network.slowestSeconds = random.logUniform(0.1, 300)
        network.resetMeanSeconds = mean(0.5, seconds, upTo: 30, &random)
        network.partitionMeanSeconds = mean(0.5, seconds, upTo: 10, &random)
        network.clogMeanSeconds = mean(0.3, seconds, upTo: 10, &random)
        return network
    }

    private static func coordinator(
        _ seconds: Double, _ random: inout SimulationRandom
    ) -> Coordinator {
        var coordinator = Coordinator()
        coordinator.crashMeanSeconds = mean(0.6, seconds, upTo: 15, &random)
        coordinator.powerLossShare = random.pick([0, 0.5, 1])
        coordinator.pauseMeanSeconds = mean(0.3, seconds, upTo: 5, &random)
        if random.happens(0.4) { coordinator.crashAtCommitChance = random.logUniform(0.001, 0.1) }
        if random.happens(0.3) { coordinator.crashAtSendChance = random.logUniform(0.001, 0.05) }
        if random.happens(0.2) { coordinator.inputErrorChance = random.logUniform(0.001, 0.05) }
        coordinator.fullMeanSeconds = mean(0.25, seconds, upTo: 5, &random)
        coordinator.slowestCommitSeconds = random.logUniform(0.002, 2)
        return coordinator
    }

    private static func workers(
        _ seconds: Double, _ random: inout SimulationRandom
    ) -> Workers {
        var workers = Workers()
        workers.crashMeanSeconds = mean(0.6, seconds, upTo: 20, &random)
        workers.powerLossShare = random.pick([0, 0.5, 1])
        workers.pauseMeanSeconds = mean(0.4, seconds, upTo: 10, &random)
        workers.terminationMeanSeconds = mean(0.3, seconds, upTo: 10, &random)
        workers.herdMeanSeconds = mean(0.15, seconds, upTo: 3, &random)
        workers.spoolFullMeanSeconds = mean(0.2, seconds, upTo: 3, &random)
        if random.happens(0.2) { workers.accidentChance = random.logUniform(0.001, 0.05) }
        return workers
    }
}
