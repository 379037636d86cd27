import Glibc

extension Endpoint {
    /// Whether a process listens on the file of this `ipc://` endpoint; false for other kinds.
    ///
    /// A file that a dead process left behind has no listener.
    var hasLocalListener: Bool {
        guard let path = socketPath, var address = sockaddr_un(path: path) else { return false }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                connect(descriptor, address, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // Its queue of connections may be full.
        return status == 0 || errno == EAGAIN
    }
}

extension sockaddr_un {
    /// The address of a socket file; nil when the path is too long for one.
    fileprivate init?(path: String) {
        self.init()
        sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &sun_path) { bytes in
            guard path.utf8.count < bytes.count else { return false }
            bytes.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { return nil }
    }
}
