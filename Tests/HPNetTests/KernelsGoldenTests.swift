import CGolden
import CKernels
import Testing

@Suite("Kernels: golden vectors")
struct KernelsGoldenTests {
    /// `deploy/check-arm64.sh` shows the same on arm64, under emulation.
    @Test(arguments: Kernels.variants)
    func `every variant has the bits of the golden vectors`(variant: String) throws {
        var kernels = try Kernels.table(variant)
        #expect(golden_digest(&kernels) == golden_expected)
    }
}
