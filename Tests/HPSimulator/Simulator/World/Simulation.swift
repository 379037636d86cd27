import HPCluster
import HPServer

/// A cluster in one thread: the real coordinator and the real sessions of its workers, on a
/// network, disks and clocks that misbehave as the seed has it.
///
/// First faults come and go; then all stop, every process runs, and what must end has to end.
final class Simulation {
    let seed: UInt64
    let swarm: Swarm
    let saboteur: Saboteur
    let storage: any SimulatedStorage
    var checkpoints = SimulatedCheckpoints()
    var studies: [SimulatedStudy]

    var now = Instant(nanoseconds: 0)
    var queue = EventQueue<SimulationEvent>()
    var network: Network
    var sessions = Sessions()
    var coordinator = SimulatedCoordinator()
    var workers: [SimulatedWorker] = []
    var clients = Clients()
    var observer = Observer()
    var tally = Tally()
    /// Told of each event: who, and what.
    let trace: ((Instant, String, String) -> Void)?

    var faultRandom: SimulationRandom
    var archiveRandom: SimulationRandom
    var workerRandom: SimulationRandom
    var trainingRandom: SimulationRandom
    var liarRandom: SimulationRandom
    var operatorRandom: SimulationRandom

    var isHealed = false
    var healedAt = Instant(nanoseconds: 0)
    var examination = Examination()
    /// Why the run is over.
    var isOver = false
    var unfinished: [String] = []

    init(seed: UInt64, bug: KnownBug?, trace: ((Instant, String, String) -> Void)? = nil) {
        self.seed = seed
        self.trace = trace
        var swarm = Swarm(seed: seed)
        // A defect is found the same way on the fast disk.
        if bug != nil { swarm.usesSQLite = false }
        self.swarm = swarm
        saboteur = Saboteur(bug: bug)
        storage = swarm.usesSQLite ? SQLiteStorage(seed: seed) : MemoryStorage(seed: seed)
        storage.synchronizes = bug != .skipsSync
        network = Network(swarm, seed: seed)
        faultRandom = SimulationRandom(seed: seed, use: .faults)
        archiveRandom = SimulationRandom(seed: seed, use: .archive)
        workerRandom = SimulationRandom(seed: seed, use: .workers)
        trainingRandom = SimulationRandom(seed: seed, use: .training)
        liarRandom = SimulationRandom(seed: seed, use: .liars)
        operatorRandom = SimulationRandom(seed: seed, use: .operators)
        var random = SimulationRandom(seed: seed, use: .workload)
        studies = (0..<swarm.studyCount).map { index in
            SimulatedStudy(
                name: "study-\(index)", trialMaximum: swarm.trialMaximum / swarm.studyCount,
                swarm: swarm, random: &random)
        }
        tally[.seeds] = 1
        tally[.databaseSeeds] = swarm.usesSQLite ? 1 : 0
    }

    /// Runs to the end, or to the first violation.
    func run() {
        begin()
        while observer.violations.isEmpty, !isOver, let next = queue.next() {
            now = next.time
            tally[.events] += 1
            handle(next.event)
        }
        tally[.virtualSeconds] = Int(now.seconds(since: Instant(nanoseconds: 0)))
        if observer.violations.isEmpty { finish() }
    }

    private func begin() {
        makeWorkers()
        planCommands()
        schedule(.coordinatorStarts, after: 0)
        for index in workers.indices {
            schedule(.workerStarts(index), after: workerRandom.uniform(0, 5))
        }
        for kind in FaultKind.allCases { scheduleFault(kind) }
        schedule(.attendantLooks, after: 30)
        schedule(.second, after: 1)
    }

    private func handle(_ event: SimulationEvent) {
        switch event {
        case .frameToCoordinator(let frame): arriveAtCoordinator(frame)
        case .frameToWorker(let frame): arriveAtWorker(frame)
        case .frameToClient(let frame): arriveAtClient(frame)
        case .coordinatorStarts: startCoordinator()
        case .coordinatorWakes(let token): wakeCoordinator(token)
        case .coordinatorSends(let life): sendFrames(life)
        case .coordinatorResumes(let life): resumeCoordinator(life)
        case .diskHasRoom: storage.isFull = false
        case .workerStarts(let index): startWorker(index)
        case .workerConnects(let index, let life): connectWorker(index, life)
        case .workerWakes(let index, let life, let token): wakeWorker(index, life, token)
        case .workerResumes(let index, let life): resumeWorker(index, life)
        case .slotsBegin(let index, let life): beginBundles(index, life)
        case .memberEnds(let index, let life, let bundle, let member):
            endMember(index, life, bundle, member)
        case .resultsAreDue(let index, let life, let bundle): emitResults(index, life, bundle)
        case .memberSaves(let index, let life, let bundle, let member, let epoch):
            saveCheckpoint(index, life, bundle, member, epoch)
        case .archiveWorks(let life): workArchive(life)
        case .linkHeals(let index): network.block(index, toCoordinator: false, toWorker: false)
        case .spoolHasRoom(let index): workers[index].spool.isFull = false
        case .fault(let kind): commit(kind)
        case .commandIsDue(let index): giveCommand(index)
        case .attendantLooks: attend()
        case .second: passSecond()
        }
    }

    // MARK: - Shared by the parts

    func schedule(_ event: SimulationEvent, after seconds: Double) {
        queue.schedule(event, at: now.advanced(bySeconds: seconds))
    }

    func tell(_ who: @autoclosure () -> String, _ what: @autoclosure () -> String) {
        trace?(now, who(), what())
    }

    /// What the clock of a process shows.
    func clock(aheadBy seconds: Double) -> Instant { now.advanced(bySeconds: seconds) }

    private func finish() {
        guard let driver = coordinator.driver else {
            observer.report(LivenessChecker.name, "no coordinator runs at the end")
            return
        }
        observer.observe(
            .ended(
                Ending(
                    records: observer.records, live: driver.core.state, unfinished: unfinished)))
        if observer.violations.isEmpty {
            compareWithReference(driver.core.state)
            compareRecordings(driver.core.state)
        }
        countEnds()
    }
}
