/// What is wrong with data.
public enum NetError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file or folder is not there or can't be read.
    case missing(path: String, fix: String)
    /// A file is not what its format says; `line` is from 1 where the format has lines.
    case corrupt(path: String, line: Int?, problem: String, fix: String)
    /// The environment asks for kernels that this processor doesn't have.
    case kernels(asked: String)
    /// The data can't be split as asked.
    case split(problem: String, fix: String)
    /// The data can't be prepared as asked.
    case preprocessing(problem: String, fix: String)

    /// The exit code of a program that ends for it.
    public var exitCode: Int32 {
        switch self {
        case .missing: 66
        case .corrupt: 65
        case .split, .preprocessing, .kernels: 2
        }
    }

    /// What is wrong, where, and what to do, in one line.
    public var description: String {
        switch self {
        case .missing(let path, let fix): "\(path): no such data, or it can't be read; \(fix)"
        case .corrupt(let path, let line, let problem, let fix):
            path + (line.map { ":\($0)" } ?? "") + ": \(problem); \(fix)"
        case .split(let problem, let fix), .preprocessing(let problem, let fix):
            "\(problem); \(fix)"
        case .kernels(let asked):
            """
            HPCOORD_KERNELS=\(asked) names no kernels of this processor; unset it, or choose what \
            it has: avx512 and avx2 on x86-64, neon on arm64, scalar everywhere
            """
        }
    }
}
