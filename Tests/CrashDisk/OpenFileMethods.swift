import CSQLite

/// SQLite's table of functions for files of crash disks, which never changes.
struct OpenFileMethods: @unchecked Sendable {
    static let shared = OpenFileMethods()

    let pointer: UnsafePointer<sqlite3_io_methods>

    private init() {
        let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        var table = sqlite3_io_methods()
        table.iVersion = 2
        table.xClose = close
        table.xRead = read
        table.xWrite = write
        table.xTruncate = truncate
        table.xSync = { file, _ in OpenFile.of(file).takeUnretainedValue().sync() }
        table.xFileSize = { OpenFile.of($0).takeUnretainedValue().size($1) }
        table.xLock = { file, _ in OpenFile.of(file).takeUnretainedValue().lock() }
        table.xUnlock = { _, _ in SQLITE_OK }
        table.xCheckReservedLock = { _, answer in
            answer?.pointee = 0
            return SQLITE_OK
        }
        table.xFileControl = { OpenFile.of($0).takeUnretainedValue().control($1, $2) }
        // As the system's files: writes to one part of a sector leave the others alone.
        table.xSectorSize = { _ in 4096 }
        table.xDeviceCharacteristics = { _ in SQLITE_IOCAP_POWERSAFE_OVERWRITE }
        table.xShmMap = mapSharedMemory
        table.xShmLock = { file, _, _, _ in OpenFile.of(file).takeUnretainedValue().lock() }
        table.xShmBarrier = { _ in }
        table.xShmUnmap = { _, _ in SQLITE_OK }
        methods.initialize(to: table)
        pointer = UnsafePointer(methods)
    }
}

private typealias File = UnsafeMutablePointer<sqlite3_file>

private let close: @convention(c) (File?) -> Int32 = { file in
    OpenFile.of(file).takeRetainedValue().close()
    file?.pointee.pMethods = nil
    return SQLITE_OK
}

private let read: @convention(c) (File?, UnsafeMutableRawPointer?, Int32, sqlite3_int64) -> Int32 =
    { file, target, count, offset in
        OpenFile.of(file).takeUnretainedValue().read(
            into: UnsafeMutableRawBufferPointer(start: target, count: Int(count)),
            at: Int(offset))
    }

private let write: @convention(c) (File?, UnsafeRawPointer?, Int32, sqlite3_int64) -> Int32 = {
    file, source, count, offset in
    OpenFile.of(file).takeUnretainedValue().write(
        UnsafeRawBufferPointer(start: source, count: Int(count)), at: Int(offset))
}

private let truncate: @convention(c) (File?, sqlite3_int64) -> Int32 = { file, count in
    OpenFile.of(file).takeUnretainedValue().truncate(to: Int(count))
}

private let mapSharedMemory:
    @convention(c) (
        File?, Int32, Int32, Int32, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) -> Int32 = { file, index, bytes, extends, target in
        target?.pointee = OpenFile.of(file).takeUnretainedValue().mapSharedMemory(
            Int(index), bytes: Int(bytes), extends: extends != 0)
        return SQLITE_OK
    }
