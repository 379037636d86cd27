import ArgumentParser
import HPNet

/// `hpbench identity`: the weights of trials, alone and in bundles, as digests.
struct IdentityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "identity",
        abstract: "Train trials alone and in bundles; the digest of each one's weights.",
        discussion: """
            A trial for every activation, optimizer, schedule, first weights and preprocessing. It \
            ends with 1 when a trial has other weights in a bundle than alone.
            """)

    func run() throws {
        var areAlike = true
        for identity in IdentityCase.all {
            let digests = try IdentityCase.sizes.map(identity.digest)
            print("\(digests[0])  \(identity.name), \(Engine.kernels)")
            for (size, digest) in zip(IdentityCase.sizes, digests) where digest != digests[0] {
                print("\(digest)  \(identity.name), \(Engine.kernels), in a bundle of \(size)")
                areAlike = false
            }
        }
        if !areAlike { throw ExitCode(1) }
    }
}
