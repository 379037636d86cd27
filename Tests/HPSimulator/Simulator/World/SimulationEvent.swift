import HPCluster
import HPServer

/// What can happen next.
enum SimulationEvent {
    case frameToCoordinator(Frame)
    case frameToWorker(Frame)
    case frameToClient(Frame)
    case coordinatorStarts
    case coordinatorWakes(token: Int)
    /// The commit of a turn is over, its frames leave.
    case coordinatorSends(life: Int)
    case coordinatorResumes(life: Int)
    case diskHasRoom
    case workerStarts(Int)
    case workerConnects(Int, life: Int)
    case workerWakes(Int, life: Int, token: Int)
    case workerResumes(Int, life: Int)
    /// Free slots take what was ordered.
    case slotsBegin(Int, life: Int)
    case memberEnds(Int, life: Int, bundle: Int, member: Int)
    case resultsAreDue(Int, life: Int, bundle: Int)
    case memberSaves(Int, life: Int, bundle: Int, member: Int, epoch: Int)
    /// The disk has done what was ordered of the folder of checkpoints next.
    case archiveWorks(life: Int)
    case linkHeals(Int)
    case spoolHasRoom(Int)
    case fault(FaultKind)
    case commandIsDue(Int)
    /// Somebody looks after paused studies.
    case attendantLooks
    case second
}

/// A class of faults; each comes again and again until the healed phase.
enum FaultKind: CaseIterable {
    case coordinatorCrash
    case coordinatorPause
    case fullDisk
    case reset
    case partition
    case clog
    case workerCrash
    case workerPause
    case workerTermination
    case herd
    case fullSpool
    case lie
    case operatorWhim
}
