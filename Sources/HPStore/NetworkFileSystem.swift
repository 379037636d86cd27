import CSQLite
import Foundation

/// File systems of other machines: their locks and syncs don't promise what SQLite's log needs.
enum NetworkFileSystem {
    /// Linux's numbers of file systems, `linux/magic.h`. 9P is not among them: sandboxes and
    /// virtual machines reach their own host's disk by it.
    private static let names: [Int: String] = [
        0x6969: "NFS", 0x517B: "SMB", 0xFE53_4D42: "SMB", 0xFF53_4D42: "CIFS",
        0x5346_414F: "AFS", 0x00C3_6400: "Ceph",
    ]

    /// - Throws: `StoreError.unusable` when a folder lies on one.
    static func refuse(_ folder: String) throws(StoreError) {
        var status = statfs()
        guard statfs(folder, &status) == 0 else {
            throw .unusable(directory: folder, explanation: systemMessage(errno))
        }
        guard let name = name(ofType: Int(status.f_type)) else { return }
        throw .unusable(
            directory: folder,
            explanation: """
                it lies on a network file system (\(name)), where a journal is not safe: it has \
                to lie on a disk of this machine
                """)
    }

    /// The name of a network file system by its number; nil for all others.
    static func name(ofType type: Int) -> String? {
        // Some systems hand over 32 bits with their sign.
        names[type & 0xFFFF_FFFF]
    }
}
