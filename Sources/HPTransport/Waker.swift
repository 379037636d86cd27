import CZeroMQ
import Glibc

/// Wakes the thread that waits on a socket; callable from any thread.
package final class Waker: Sendable {
    let descriptor: Int32

    /// - Throws: `TransportError.failed` when the process is out of descriptors.
    package init() throws(TransportError) {
        descriptor = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        if descriptor < 0 {
            throw .failed(operation: "eventfd", explanation: String(cString: strerror(errno)))
        }
    }

    deinit {
        close(descriptor)
    }

    /// Ends the current wait, or the next one if there is none.
    package func wake() {
        var one: UInt64 = 1
        // It fails only when a wake-up is pending already.
        _ = write(descriptor, &one, 8)
    }

    /// Blocks until `wake` or for so long; the wake-up stays for the next `receive`.
    package func wait(milliseconds: Int) {
        var descriptors = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&descriptors, 1, Int32(milliseconds))
    }

    func drain() {
        var count: UInt64 = 0
        _ = read(descriptor, &count, 8)
    }
}
