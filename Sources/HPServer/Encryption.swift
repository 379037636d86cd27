import Foundation
import HPKeys
import HPTransport
import Logging

/// The keys of a coordinator that encrypts.
struct Encryption: Sendable {
    let pair: KeyPair
    let list: AllowList
    private let folder: KeyFolder
    private let isNew: Bool
    private let fences: CurveFences

    /// Reads the keys below the data directory, or makes them.
    ///
    /// - Throws: `KeyError` when a file is damaged, open to others or can't be written.
    init(_ configuration: ServerConfiguration, logger: Logger) throws(KeyError) {
        folder = KeyFolder(dataDirectory: configuration.dataDirectory)
        (pair, isNew) = try folder.open(at: WallClock.now)
        fences = configuration.fences
        list = try AllowList(path: folder.authorizedPath) { [path = folder.authorizedPath] change in
            switch change {
            case .read(let count): logger.info("\(path) was read again: \(count) keys")
            case .refused(let error):
                logger.error("\(error); the keys that were read before stay in force")
            }
        }
    }

    var security: SocketSecurity {
        .curve(CurveServer(pair: pair, list: list, fences: fences))
    }

    /// Says what the next step is.
    func introduce(to logger: Logger, dataDirectory: String) {
        logger.info(
            """
            this coordinator's key is \(pair.publicKey.fingerprint), keys that are let in: \
            \(list.count)
            """)
        if list.count == 0 {
            logger.warning("nobody is let in: `hpcoord keys authorize NAME` lets one")
        }
        if isNew {
            let path = URL(fileURLWithPath: folder.administratorPath).standardizedFileURL.path
            logger.info(
                """
                keys were made: for commands on this machine, export HPCOORD_KEY=\(path); \
                `hpcoord keys authorize NAME --data-dir \(dataDirectory)` prints how to start a \
                worker elsewhere
                """)
        }
    }
}
