import Foundation
import HPServer

/// Runs the coordinator's driver on a thread of its own: it blocks, and the cooperative pool
/// must not.
enum ServerThread {
    static func run(
        _ server: CoordinatorServer, ready: @escaping @Sendable (String) -> Void
    ) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(with: Result { try server.run(ready: ready) })
            }
            thread.name = "coordinator"
            thread.start()
        }
    }
}
