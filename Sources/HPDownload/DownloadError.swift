import Glibc
package import HPNet

/// Why a data set could not be fetched.
package enum DownloadError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no libcurl on this machine.
    case noClient
    /// The server can't be reached, doesn't have it, or stopped sending.
    case unavailable(url: String, reason: String, fix: String)
    /// What the server has is not the archive.
    case otherContent(url: String, problem: String)
    /// The archive is not what was published, or can't be unpacked.
    case damaged(NetError)
    /// There is a folder of that name that is not the whole data set.
    case incomplete(path: String, problem: String)
    /// Another process is fetching into the same folder.
    case taken(path: String)
    /// The system refused; `explanation` is its own.
    case unusable(path: String, explanation: String)

    /// The exit code of a program that ends for it.
    package var exitCode: Int32 {
        switch self {
        case .noClient, .unavailable: 66
        case .otherContent, .damaged, .incomplete: 65
        case .taken, .unusable: 73
        }
    }

    /// What is wrong, where, and what to do, in one line.
    package var description: String {
        switch self {
        case .noClient:
            "there is no libcurl on this machine; install it (Debian's libcurl4), or unpack the "
                + "archive by hand"
        case .unavailable(let url, let reason, let fix): "\(url): \(reason); \(fix)"
        case .otherContent(let url, let problem):
            "\(url): \(problem); this is not the archive that was published: look what is there"
        case .damaged(let error): error.description
        case .incomplete(let path, let problem):
            "\(path): \(problem); move the folder away, and the same command fetches it anew"
        case .taken(let path):
            "\(path): another process is fetching there; wait for it, or choose another folder"
        case .unusable(let path, let explanation):
            "\(path) can't be used: \(explanation); choose another folder with --to"
        }
    }

    /// What a failed system call says of `path`.
    static func system(_ path: String) -> DownloadError {
        .unusable(path: path, explanation: String(cString: strerror(errno)))
    }
}
