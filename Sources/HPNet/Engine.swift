import CKernels
import Glibc

/// The training engine: networks, data, training, with the same bits on every machine.
public enum Engine {
    /// Raised when any bit of any result changes: results of different revisions are not mixed.
    public static let revision = "hpnet/3"

    /// The kernels in use: avx512, avx2, neon or scalar. Results don't depend on them.
    public static var kernels: String { String(cString: hpk_kernels().pointee.name) }

    /// Refuses to go on with other kernels than the environment asks for.
    ///
    /// - Throws: `NetError.kernels` when `HPCOORD_KERNELS` names none of this processor's.
    public static func requireKernels() throws(NetError) {
        guard !hpk_environment_is_valid() else { return }
        throw .kernels(asked: getenv("HPCOORD_KERNELS").map { String(cString: $0) } ?? "")
    }
}
