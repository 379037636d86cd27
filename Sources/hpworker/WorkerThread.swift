import Foundation
import HPCluster
import HPRunner

/// Runs a worker on a thread of its own: it blocks, and the cooperative pool must not.
enum WorkerThread {
    static func run(_ worker: Worker) async throws -> WorkerSession.Exit {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(with: Result { try worker.run() })
            }
            thread.name = "worker"
            thread.start()
        }
    }
}
