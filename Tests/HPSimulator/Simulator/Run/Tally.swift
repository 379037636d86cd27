/// What happened in simulations, so that one in which nothing did shows.
package struct Tally: Sendable, Equatable {
    package enum Count: Int, Sendable, CaseIterable {
        case seeds
        case virtualSeconds
        case events
        case messagesSent
        case messagesDropped
        case messagesDuplicated
        case messagesDelayed
        case messagesStale
        case connectionResets
        case partitions
        case clogs
        case coordinatorPauses
        case workerPauses
        case coordinatorStarts
        case coordinatorCrashes
        case crashesAtCommit
        case crashesAtSend
        case coordinatorPowerLosses
        case databaseSeeds
        case tornWrites
        case droppedWrites
        case inputErrors
        case fullWindows
        case workerCrashes
        case hostPowerLosses
        case workerTerminations
        case herdRestarts
        case spoolFullWindows
        case spooledResults
        case lies
        case attempts
        case lostAttempts
        case results
        case lateResults
        case duplicateVerdicts
        case supersededAttempts
        case convictions
        case operatorCommands
        case studiesComplete
        case studiesFailed
        case studiesCanceled
        case comparisons
        case comparisonsSkipped
        case handovers
        case checkpointPartsSent
        case checkpointsFetched
        case checkpointsRefused
        case archiveFailures
    }

    private var counts = [Int](repeating: 0, count: Count.allCases.count)

    /// Nothing happened.
    package init() {}

    package subscript(_ count: Count) -> Int {
        get { counts[count.rawValue] }
        set { counts[count.rawValue] = newValue }
    }

    /// Takes in what happened elsewhere.
    package mutating func add(_ other: Tally) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }
}

extension Tally.Count {
    /// The words of the case's name, with this between them.
    package func name(separator: String) -> String {
        "\(self)".reduce(into: "") { name, character in
            name += character.isUppercase ? separator + character.lowercased() : "\(character)"
        }
    }
}
