import Glibc

extension UnsafeMutableBufferPointer<Float> {
    /// Zeros that begin where a line of the cache does, or a huge page where there are many:
    /// vectors then never cross lines, and weights that are swept through for each minibatch need
    /// few entries of the translation buffer.
    static func zeros(_ count: Int) -> Self {
        let byteCount = count * MemoryLayout<Float>.stride
        let lineByteCount = 64
        let hugePageByteCount = 2 << 20
        let isLarge = byteCount >= hugePageByteCount
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: byteCount, alignment: isLarge ? hugePageByteCount : lineByteCount)
        // Advice only: training is right without.
        if isLarge { madvise(memory, byteCount, MADV_HUGEPAGE) }
        let buffer = UnsafeMutableBufferPointer(
            start: memory.bindMemory(to: Float.self, capacity: count), count: count)
        buffer.initialize(repeating: 0)
        return buffer
    }
}
