import CZlib

/// A gzip member of these bytes.
package func gzip(_ bytes: [UInt8], level: Int32 = 6) -> [UInt8] {
    var stream = z_stream()
    precondition(czlib_begin_gzip(&stream, level) == Z_OK, "zlib has memory")
    defer { deflateEnd(&stream) }
    var input = bytes
    return [UInt8](
        unsafeUninitializedCapacity: Int(deflateBound(&stream, UInt(bytes.count)))
    ) { output, count in
        input.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            stream.next_out = output.baseAddress
            stream.avail_out = UInt32(output.count)
            precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END, "the output has room")
            count = output.count - Int(stream.avail_out)
        }
    }
}

/// How many bytes come out of a gzip file until it ends or is damaged; 0 for what is none.
package func inflatedByteCount(_ bytes: [UInt8]) -> Int {
    var stream = z_stream()
    precondition(czlib_begin_gunzip(&stream) == Z_OK, "zlib has memory")
    defer { inflateEnd(&stream) }
    var input = bytes
    var output = [UInt8](repeating: 0, count: 64 * 1024)
    var count = 0
    input.withUnsafeMutableBufferPointer { input in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        while true {
            let result = output.withUnsafeMutableBufferPointer { output in
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return inflate(&stream, Z_NO_FLUSH)
            }
            count += output.count - Int(stream.avail_out)
            if result == Z_STREAM_END, stream.avail_in > 0 {
                inflateReset(&stream)
            } else if result != Z_OK {
                return
            }
        }
    }
    return count
}
