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
