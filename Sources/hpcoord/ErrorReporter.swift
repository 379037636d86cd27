import ArgumentParser
import Foundation
import HPCluster
import HPDownload
import HPKeys
import HPNet
import HPReport
import HPRunner
import HPSearch
import HPServer
import HPStore
import HPTerminal
import HPTransport

/// Says an error once, on standard error, and chooses the exit code.
enum ErrorReporter {
    static func report(_ error: any Error) -> Int32 {
        if let silent = error as? SilentExit { return silent.exitStatus }
        if let error = error as? TerminalError, error.readerHasLeft { return error.exitCode }
        if let status = exitStatus(of: error) {
            say("\(error)", status)
            return status
        }
        return reportParserError(error)
    }

    private static func exitStatus(of error: any Error) -> Int32? {
        switch error {
        case let failure as CommandFailure: failure.exitStatus
        case is SearchError: ExitStatus.usage
        case let error as TransportError: error.exitCode
        case let error as KeyError: error.exitCode
        case let error as ServerError: error.exitCode
        case let error as StoreError: error.exitCode
        case is ClusterError: ExitStatus.corruptData
        case let error as NetError: error.exitCode
        case let error as DownloadError: error.exitCode
        case let error as SpoolError: error.exitCode
        case let error as TerminalError: error.exitCode
        default: nil
        }
    }

    /// Help and version go to standard output with code 0; usage errors to standard error.
    private static func reportParserError(_ error: any Error) -> Int32 {
        if HPCoord.exitCode(for: error).isSuccess {
            let text = HPCoord.fullMessage(for: error)
            do {
                try Output.write(text.hasSuffix("\n") ? text : text + "\n")
                return ExitStatus.success
            } catch {
                return report(error)
            }
        }
        let message = HPCoord.message(for: error).split(separator: "\n").joined(separator: " ")
        say("\(message); see `hpcoord --help`", ExitStatus.usage)
        return ExitStatus.usage
    }

    private static func say(_ message: String, _ status: Int32) {
        Output.complain(
            wantsJSON
                ? document(message, status)
                : "hpcoord: \(message)")
    }

    private static func document(_ message: String, _ status: Int32) -> String {
        let document = JSONValue.object([
            "schema": .text("hpcoord.error/1"), "exit_code": .integer(Int(status)),
            "message": .text(message),
        ])
        return document.documentText().split(separator: "\n").map { $0.drop { $0 == " " } }
            .joined(separator: " ")
    }

    private static var wantsJSON: Bool {
        let arguments = CommandLine.arguments
        let formats = ["json", "preflight-json"]
        if formats.contains(where: { arguments.contains("--format=\($0)") }) { return true }
        return zip(arguments, arguments.dropFirst()).contains {
            $0 == "--format" && formats.contains($1)
        }
    }
}
