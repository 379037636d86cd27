/// Bytes that are read once, from the first to the last.
package protocol ByteSource: AnyObject {
    /// What messages call it.
    var path: String { get }

    /// Fills a buffer, short only at the end; the number of bytes.
    ///
    /// - Throws: `NetError` when they can't be read or are not what they should be.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetError) -> Int
}

extension ByteSource {
    /// The next bytes, fewer only at the end.
    ///
    /// - Throws: `NetError` as `read(into:)` does.
    package func read(upTo count: Int) throws(NetError) -> [UInt8] {
        var failure: NetError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            do throws(NetError) {
                initializedCount = try read(into: UnsafeMutableRawBufferPointer(buffer))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
