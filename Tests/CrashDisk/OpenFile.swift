import CSQLite
import Foundation
import Synchronization

/// A file of a crash disk that SQLite holds open.
///
/// It keeps its disk alive. SQLite owns a block of memory for it, `sqlite3_file` and what follows:
/// the table of functions, then a reference to this object.
final class OpenFile: Sendable {
    private let disk: CrashDisk
    private let number: Int
    private let generation: Int
    /// The path to remove when a temporary file is closed.
    private let temporaryPath: String?
    private let lastError = Atomic<Int32>(0)
    private let sharedMemory = Mutex<[Region]>([])

    /// Memory that SQLite asks for as the log's index; it isn't on the disk.
    private struct Region: @unchecked Sendable {
        var start: UnsafeMutableRawPointer
    }

    static let structureBytes = Int32(2 * MemoryLayout<UnsafeRawPointer>.stride)

    private init(_ disk: CrashDisk, _ number: Int, _ generation: Int, temporaryPath: String?) {
        self.disk = disk
        self.number = number
        self.generation = generation
        self.temporaryPath = temporaryPath
    }

    static func open(
        _ path: String, on disk: CrashDisk, flags: Int32,
        into file: UnsafeMutablePointer<sqlite3_file>
    ) -> Int32 {
        file.pointee.pMethods = nil
        let journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL
        let opened = disk.state.withLock { state -> (number: Int, generation: Int)? in
            guard state.fault(for: .open) == nil else { return nil }
            let isNew = state.entries[path] == nil
            guard !isNew || flags & SQLITE_OPEN_CREATE != 0 else { return nil }
            let number = state.make(path)
            if isNew && flags & journals != 0 {
                state.change(number) { $0.syncsFolder = true }
            }
            return (number, state.generation)
        }
        guard let (number, generation) = opened else {
            errno = EIO
            return SQLITE_CANTOPEN
        }
        let object = OpenFile(
            disk, number, generation,
            temporaryPath: flags & SQLITE_OPEN_DELETEONCLOSE != 0 ? path : nil)
        UnsafeMutableRawPointer(file).storeBytes(
            of: Unmanaged.passRetained(object).toOpaque(),
            toByteOffset: MemoryLayout<UnsafeRawPointer>.stride,
            as: UnsafeMutableRawPointer.self)
        file.pointee.pMethods = OpenFileMethods.shared.pointer
        return SQLITE_OK
    }

    /// The object behind SQLite's block of memory.
    static func of(_ file: UnsafeMutablePointer<sqlite3_file>?) -> Unmanaged<OpenFile> {
        guard let file else { preconditionFailure("SQLite named no file") }
        let address = UnsafeRawPointer(file).load(
            fromByteOffset: MemoryLayout<UnsafeRawPointer>.stride, as: UnsafeRawPointer.self)
        return Unmanaged.fromOpaque(address)
    }

    // MARK: - Operations

    func close() {
        for region in sharedMemory.withLock({ $0 }) { region.start.deallocate() }
        guard let temporaryPath else { return }
        disk.state.withLock { state in
            if state.generation == generation { _ = state.remove(temporaryPath) }
        }
    }

    func read(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) -> Int32 {
        perform(.read, failure: SQLITE_IOERR | 1 << 8) { state in
            guard let file = state.files[number] else { return nil }
            return file.read(into: bytes, at: offset) ? SQLITE_OK : SQLITE_IOERR | 2 << 8
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Int32 {
        perform(.write, failure: SQLITE_IOERR | 3 << 8) { state in
            guard state.hasRoom(for: offset + bytes.count, in: number) else { return SQLITE_FULL }
            state.counts.bytesWritten += bytes.count
            return state.change(number) { file in
                file.write(bytes, at: offset)
                return SQLITE_OK
            }
        } partly: { state in
            state.change(number) { file in
                file.write(
                    UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)]), at: offset)
            }
        }
    }

    func truncate(to count: Int) -> Int32 {
        perform(.truncate, failure: SQLITE_IOERR | 6 << 8) { state in
            state.change(number) { file in
                file.truncate(to: count)
                return SQLITE_OK
            }
        }
    }

    func sync() -> Int32 {
        perform(.sync, failure: SQLITE_IOERR | 4 << 8) { state in
            let syncsFolder = state.change(number) { file in
                file.sync()
                defer { file.syncsFolder = false }
                return file.syncsFolder
            }
            if syncsFolder == true { state.syncFolder() }
            return SQLITE_OK
        } partly: { state in
            state.change(number) { $0.loseUnsynced() }
        }
    }

    func size(_ count: UnsafeMutablePointer<sqlite3_int64>?) -> Int32 {
        perform(.size, failure: SQLITE_IOERR | 7 << 8) { state in
            guard let file = state.files[number] else { return nil }
            count?.pointee = sqlite3_int64(file.contents.count)
            return SQLITE_OK
        }
    }

    /// Locks belong to processes; there is one, and each connection is its own.
    func lock() -> Int32 {
        let isAlive = disk.state.withLock { $0.generation == generation && !$0.isDown }
        return isAlive ? SQLITE_OK : SQLITE_IOERR | 15 << 8
    }

    func control(_ operation: Int32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
        guard operation == SQLITE_FCNTL_LAST_ERRNO else { return SQLITE_NOTFOUND }
        argument?.storeBytes(of: lastError.load(ordering: .relaxed), as: Int32.self)
        return SQLITE_OK
    }

    func mapSharedMemory(
        _ index: Int, bytes: Int, extends: Bool
    ) -> UnsafeMutableRawPointer? {
        sharedMemory.withLock { regions in
            while extends && regions.count <= index {
                let start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
                start.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
                regions.append(Region(start: start))
            }
            return regions.indices.contains(index) ? regions[index] : nil
        }?.start
    }

    /// Runs an operation unless a fault stands in its way; a body's nil means that the file is
    /// gone.
    private func perform(
        _ operation: DiskOperation, failure: Int32, _ body: (inout DiskState) -> Int32?,
        partly: (inout DiskState) -> Void = { _ in }
    ) -> Int32 {
        let (status, code) = disk.state.withLock { state -> (Int32, Int32) in
            guard state.generation == generation else { return (failure, EIO) }
            guard let fault = state.fault(for: operation) else {
                let status = body(&state) ?? failure
                return (status, status == SQLITE_FULL ? ENOSPC : EIO)
            }
            if fault == .shortWrite || (operation == .sync && fault == .device) { partly(&state) }
            let isFull = fault.systemError == ENOSPC
            return (isFull ? SQLITE_FULL : failure, fault.systemError)
        }
        guard status != SQLITE_OK, status != SQLITE_IOERR | 2 << 8 else { return status }
        // As the system's files do: a full disk isn't an error of the file.
        lastError.store(status == SQLITE_FULL ? 0 : code, ordering: .relaxed)
        errno = code
        return status
    }
}

// MARK: - Operations without an open file

extension CrashDisk {
    func delete(_ path: String, syncsFolder: Bool) -> Int32 {
        state.withLock { state in
            guard state.fault(for: .delete) == nil else { return SQLITE_IOERR | 10 << 8 }
            guard state.remove(path) else { return SQLITE_IOERR | 23 << 8 }
            if syncsFolder { state.syncFolder() }
            return SQLITE_OK
        }
    }

    func exists(
        _ path: String, ignoresEmpty: Bool, _ answer: UnsafeMutablePointer<Int32>?
    ) -> Int32 {
        state.withLock { state in
            guard state.fault(for: .access) == nil else { return SQLITE_IOERR | 13 << 8 }
            let count = state.entries[path].flatMap { state.files[$0]?.contents.count }
            answer?.pointee = count.map { !ignoresEmpty || $0 > 0 } == true ? 1 : 0
            return SQLITE_OK
        }
    }
}
