import Foundation
import HPRunner
import HPServer
import Logging

/// A coordinator on a free port of loopback, and workers on threads of this process.
final class LocalCluster: Sendable {
    private let server: CoordinatorServer
    private let workerCount: Int
    private let dataRoot: String
    /// Shared: data that all train on is in memory once.
    private let loader: DataLoader
    private let spoolRoot: String
    private let logger = ProgramLog.make(level: .warning)

    init(dataDirectory: String, dataRoot: String, loader: DataLoader, workers: Int) throws {
        self.server = try CoordinatorServer(
            ServerConfiguration(bind: "tcp://127.0.0.1:*", dataDirectory: dataDirectory),
            logger: logger)
        self.workerCount = workers
        self.dataRoot = dataRoot
        self.loader = loader
        self.spoolRoot = dataDirectory + "/workers"
    }

    /// Ends the coordinator, and with it whatever waits for it.
    func stop() {
        server.stop()
    }

    /// Runs `body` while coordinator and workers are up, then ends them.
    func use<Result: Sendable>(
        _ body: @Sendable (String) async throws -> Result
    ) async throws -> Result {
        let (endpoints, continuation) = AsyncStream.makeStream(of: String.self)
        let serving = Task { [server] in
            defer { continuation.finish() }
            try await ServerThread.run(server) { continuation.yield($0) }
        }
        guard let endpoint = await endpoints.first(where: { _ in true }) else {
            try await serving.value
            throw CommandFailure(
                exitStatus: ExitStatus.failed, message: "the coordinator ended before it began")
        }
        let workers = try startWorkers(at: endpoint)
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body(endpoint))
        } catch {
            result = .failure(error)
        }
        for worker in workers { worker.worker.stop() }
        for worker in workers { _ = try? await worker.ended.value }
        server.stop()
        try await serving.value
        return try result.get()
    }

    private struct RunningWorker {
        var worker: Worker
        var ended: Task<Void, any Error>
    }

    private func startWorkers(at endpoint: String) throws -> [RunningWorker] {
        try (0..<workerCount).map { _ in
            let worker = try Worker(
                WorkerConfiguration(
                    connect: endpoint, slots: 1, dataRoot: dataRoot, spoolRoot: spoolRoot),
                loader: loader, logger: logger)
            return RunningWorker(worker: worker, ended: Task { try await run(worker) })
        }
    }

    private func run(_ worker: Worker) async throws {
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            let thread = Thread {
                continuation.resume(with: Swift.Result { _ = try worker.run() })
            }
            thread.name = "worker"
            thread.start()
        }
    }
}
