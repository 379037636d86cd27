import ArgumentParser
import Foundation
import HPKeys
import HPNet
import HPRunner
import HPTerminal
import HPTransport

/// Says an error once, on standard error, and chooses the exit code.
enum WorkerErrors {
    static func report(_ error: any Error) -> Int32 {
        switch error {
        case let refusal as Refusal: return say("\(refusal)", refusal.exitStatus)
        case let error as TransportError: return say("\(error)", error.exitCode)
        case let error as KeyError: return say("\(error)", error.exitCode)
        case let error as NetError: return say("\(error)", error.exitCode)
        case let error as SpoolError: return say("\(error)", error.exitCode)
        default: return reportParserError(error)
        }
    }

    private static func say(_ message: String, _ status: Int32) -> Int32 {
        StandardStream.error.offer("hpworker: \(message)\n")
        return status
    }

    /// Help and version go to standard output with code 0; usage errors to standard error.
    private static func reportParserError(_ error: any Error) -> Int32 {
        if HPWorker.exitCode(for: error).isSuccess {
            let text = HPWorker.fullMessage(for: error) + "\n"
            do {
                try StandardStream.output.write(text)
                return 0
            } catch {
                return error.readerHasLeft ? error.exitCode : say("\(error)", error.exitCode)
            }
        }
        let message = HPWorker.message(for: error).split(separator: "\n").joined(separator: " ")
        return say("\(message); see `hpworker --help`", 2)
    }
}
