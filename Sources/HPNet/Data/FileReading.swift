import Glibc

/// A regular file, read in order through its reader's buffer: no more of it is in memory.
package final class SequentialFile: ByteSource {
    package let path: String
    /// As it was when the file was opened.
    package let byteCount: Int
    private let fix: String
    private let descriptor: Int32

    /// - Parameter fix: what the error of a missing file tells to do.
    /// - Throws: `NetError.missing` when it is not there, can't be read, or is a folder, a pipe or
    ///   a device.
    package init(_ path: String, fix: String) throws(NetError) {
        // A path with a zero byte would be cut off there; a pipe without a writer would be waited
        // for.
        guard !path.utf8.contains(0) else { throw .missing(path: "a path", fix: fix) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .missing(path: path, fix: fix) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .missing(path: path, fix: fix)
        }
        self.path = path
        self.fix = fix
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(NetError) -> Int {
        var count = 0
        while count < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
            let got = Glibc.read(descriptor, rest.baseAddress, rest.count)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .missing(path: path, fix: fix) }
            if got == 0 { break }
            count += got
        }
        return count
    }

    /// Goes back to the first byte.
    ///
    /// - Throws: `NetError.missing` when the file can't be read again.
    func rewind() throws(NetError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .missing(path: path, fix: fix) }
    }
}
