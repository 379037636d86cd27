import Foundation

/// Writes to file descriptors.
enum Descriptor {
    /// Writes all bytes, however many calls that takes.
    ///
    /// - Returns: 0, or the `errno` of the call that failed.
    static func write(_ bytes: UnsafeBufferPointer<UInt8>, to descriptor: Int32) -> Int32 {
        var rest = UnsafeRawBufferPointer(bytes)
        while let start = rest.baseAddress, !rest.isEmpty {
            let count = Foundation.write(descriptor, start, rest.count)
            if count > 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if count == 0 {
                return EIO
            } else if errno == EAGAIN {
                // Somebody else made the stream one that doesn't wait.
                var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&room, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}
