/// Why a coordinator doesn't begin to serve.
package enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The self-test found that strangers could get in, or that nobody could.
    case insecure(failures: [String])

    package var description: String {
        switch self {
        case .insecure(let failures):
            """
            the security self-test failed, so nothing was served: \
            \(failures.joined(separator: "; ")); check which libzmq is installed, and report this \
            as a defect
            """
        }
    }

    /// What a program that can't go on ends with.
    package var exitCode: Int32 { 69 }
}
