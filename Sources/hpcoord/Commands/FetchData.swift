import ArgumentParser
import Foundation
import HPDownload

/// What studies train on.
struct DataCommands: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Fetch data sets.", subcommands: [FetchData.self])
}

/// Downloads a data set from its authors.
struct FetchData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Download a data set, verify its SHA-256 and unpack it.",
        discussion: """
            Interrupted, the same command goes on where this one ended. Prints the data set's \
            folder, and a command that uses it.
            """)

    enum Source: String, ExpressibleByArgument, CaseIterable {
        case cifar10
    }

    @Argument(help: "The data set: cifar10 (162 MiB, 176 MiB unpacked).")
    var dataset: Source

    @Option(help: ArgumentHelp("Where its folder goes.", valueName: "dir"))
    var to = "."

    @Option(help: ArgumentHelp("Another place of the same archive.", visibility: .hidden))
    var url: String?

    @Option(help: ArgumentHelp("Of another archive.", visibility: .hidden))
    var sha256: String?

    @Option(help: ArgumentHelp("Of another archive.", visibility: .hidden))
    var bytes: Int?

    func validate() throws {
        guard (sha256 == nil) == (bytes == nil) else {
            throw ValidationError("--sha256 and --bytes go together.")
        }
    }

    func run() throws {
        let progress = FetchProgressLine(totalByteCount: archive.byteCount)
        let fetch = DatasetFetch(archive, to: to) { progress.show($0) }
        EndOnInterruption.begin()
        defer { progress.clear() }
        if try fetch.run() { Output.complain("hpcoord: the data set is there already") }
        progress.clear()
        try Output.write(
            """
            \(fetch.folder)
            hpcoord check examples/cifar10-two-layer.yaml --data-root \(to)

            """)
    }

    private var archive: DatasetArchive {
        var archive = DatasetArchive.cifar10
        if let url { archive.url = url }
        if let sha256, let bytes {
            archive.sha256 = sha256
            archive.byteCount = bytes
            for index in archive.files.indices { archive.files[index].byteCount = nil }
        }
        return archive
    }
}

/// Ends the process at a signal with the code for it: what came stays, and needs no goodbye.
private enum EndOnInterruption {
    private static let message: StaticString =
        "\nhpcoord: interrupted; the same command goes on where this one ended\n"

    static func begin() {
        // Whoever started this program may have blocked them.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] {
            sigaddset(&signals, number)
            signal(number) { _ in
                _ = Glibc.write(
                    STDERR_FILENO, EndOnInterruption.message.utf8Start,
                    EndOnInterruption.message.utf8CodeUnitCount)
                _exit(ExitStatus.interrupted)
            }
        }
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
}
