import Glibc

/// What SQLite asks a disk to do.
package enum DiskOperation: Int, Sendable, Hashable, CaseIterable {
    case open, read, write, truncate, sync, delete, size, access
}

/// What a disk answers instead.
package enum DiskFault: Sendable, Hashable, CaseIterable {
    /// The device fails (EIO).
    case device
    /// No block is free (ENOSPC).
    case noSpace
    /// Half of the bytes are written, then no block is free.
    case shortWrite
    /// The owner has used up its quota (EDQUOT).
    case noQuota
    /// The file would become longer than it may (EFBIG).
    case tooBig
    /// The machine stops: nothing is done from here on, until `CrashDisk.crash`.
    case powerLoss

    /// Whether this can be the answer to an operation.
    package func canHit(_ operation: DiskOperation) -> Bool {
        switch self {
        case .device, .powerLoss: true
        case .noSpace, .shortWrite, .noQuota, .tooBig: operation == .write
        }
    }

    var systemError: Int32 {
        switch self {
        case .device, .powerLoss: EIO
        case .noSpace, .shortWrite: ENOSPC
        case .noQuota: EDQUOT
        case .tooBig: EFBIG
        }
    }
}

/// When a disk fails.
package enum FaultPlan: Sendable, Hashable {
    case never
    /// The `count`-th operation from now on that the fault can hit fails, from 1.
    case once(DiskFault, at: Int)
    /// That one and all after it.
    case always(DiskFault, from: Int)
    /// Each operation fails by chance: of those that a rule's operation names, this share.
    case byChance([Chance])

    package struct Chance: Sendable, Hashable {
        package var operation: DiskOperation
        package var fault: DiskFault
        /// From 0 to 1.
        package var probability: Double

        /// - Precondition: the fault can hit the operation.
        package init(_ operation: DiskOperation, _ fault: DiskFault, probability: Double) {
            precondition(fault.canHit(operation), "\(fault) can't hit \(operation)")
            self.operation = operation
            self.fault = fault
            self.probability = probability
        }
    }
}

/// A plan at work: it counts operations and draws numbers.
struct FaultSource: Sendable {
    var plan: FaultPlan = .never {
        didSet { seen = 0 }
    }
    /// Operations that the plan's fault could have hit.
    private(set) var seen = 0

    mutating func fault(
        for operation: DiskOperation, using generator: inout SplitMix64
    ) -> DiskFault? {
        switch plan {
        case .never: return nil
        case .once(let fault, let place): return count(operation, fault) == place ? fault : nil
        case .always(let fault, let place):
            return count(operation, fault).map { $0 >= place } == true ? fault : nil
        case .byChance(let chances):
            return chances.first { chance in
                chance.operation == operation && generator.nextUnit() < chance.probability
            }?.fault
        }
    }

    /// The operation's number among those that the fault can hit; nil when it can't hit this one.
    private mutating func count(_ operation: DiskOperation, _ fault: DiskFault) -> Int? {
        guard fault.canHit(operation) else { return nil }
        seen += 1
        return seen
    }
}

/// Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators".
package struct SplitMix64: Sendable, RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// Uniform on the multiples of 2⁻⁵³ in [0, 1).
    package mutating func nextUnit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }
}
