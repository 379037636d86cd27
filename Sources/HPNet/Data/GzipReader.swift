import CZlib

/// What a gzip file (RFC 1952) holds, inflated as it is read; checksums and lengths are verified.
package final class GzipReader: ByteSource {
    private static let inputByteCount = 64 * 1024

    package var path: String { file.path }
    private let file: SequentialFile
    private let fix: String
    /// Where zlib's state points back to: it can't move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private var inputOffset = 0
    private var hasEnded = false

    /// - Parameter fix: what the error of a damaged file tells to do.
    package init(_ file: SequentialFile, fix: String) {
        self.file = file
        self.fix = fix
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        input = .allocate(capacity: Self.inputByteCount)
        precondition(czlib_begin_gunzip(stream) == Z_OK, "zlib has memory for its window")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Where in the compressed file the reader is, in bytes.
    private var offset: Int { inputOffset - Int(stream.pointee.avail_in) }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetError) -> Int {
        var count = 0
        while count < buffer.count, !hasEnded {
            if stream.pointee.avail_in == 0, try !refill() {
                throw damaged("it ends after \(offset) bytes, before its data does")
            }
            let room = min(buffer.count - count, Int(UInt32.max))
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            stream.pointee.next_out = rest.assumingMemoryBound(to: UInt8.self).baseAddress
            stream.pointee.avail_out = UInt32(room)
            let result = inflate(stream, Z_NO_FLUSH)
            count += room - Int(stream.pointee.avail_out)
            switch result {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END: try endMember()
            case Z_MEM_ERROR: preconditionFailure("zlib has memory for its window")
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "damaged data"
                throw damaged("its compressed data is damaged near byte \(offset): \(reason)")
            }
        }
        return count
    }

    /// A file may be several members, one after another: what follows one must begin another.
    private func endMember() throws(NetError) {
        if stream.pointee.avail_in == 0, try !refill() {
            hasEnded = true
            return
        }
        guard stream.pointee.next_in.pointee == 0x1F else {
            throw damaged("something that is no gzip data follows its end, at byte \(offset)")
        }
        inflateReset(stream)
    }

    private func refill() throws(NetError) -> Bool {
        let count = try file.read(into: UnsafeMutableRawBufferPointer(input))
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(count)
        inputOffset += count
        return count > 0
    }

    private func damaged(_ problem: String) -> NetError {
        .corrupt(path: path, line: nil, problem: problem, fix: fix)
    }
}
