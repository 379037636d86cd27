import CSQLite
import Foundation
import Synchronization

/// SQLite's default file system once a disk was made: paths of crash disks go to them, all others
/// to the system's files.
///
/// It stays registered to the end of the process: connections hold its address.
final class DiskRouter: Sendable {
    static let shared = DiskRouter()

    private struct Weak: Sendable {
        weak var disk: CrashDisk?
    }

    private let disks = Mutex<[String: Weak]>([:])
    /// Seeds SQLite's own generator; nil leaves that to the system.
    private let randomness = Mutex<SplitMix64?>(nil)
    let system: SQLiteFileSystem

    private init() {
        guard let system = sqlite3_vfs_find(nil) else {
            preconditionFailure("SQLite has no file system to begin with")
        }
        self.system = SQLiteFileSystem(pointer: system)
        register()
    }

    static func folder(_ number: Int) -> String { "/crash-disk-\(number)/" }

    func attach(_ disk: CrashDisk, _ number: Int) {
        disks.withLock { $0[Self.folder(number)] = Weak(disk: disk) }
    }

    func detach(_ folder: String) {
        disks.withLock { $0[folder] = nil }
    }

    /// The disk that a path lies on; nil when it is one of the system's.
    func disk(of path: UnsafePointer<CChar>?) -> CrashDisk? {
        guard let path, strncmp(path, "/crash-disk-", 12) == 0 else { return nil }
        let name = String(cString: path)
        guard let end = name.dropFirst().firstIndex(of: "/") else { return nil }
        return disks.withLock { $0[String(name[...end])]?.disk }
    }

    /// Makes SQLite's random numbers, such as the salts of its log, follow from a seed.
    func seed(_ seed: UInt64) {
        randomness.withLock { $0 = SplitMix64(seed: seed) }
        sqlite3_randomness(0, nil)
    }

    /// Fills bytes from the seed; false when there is none.
    func randomize(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
        randomness.withLock { generator in
            guard generator != nil else { return false }
            for index in bytes.indices {
                bytes[index] = UInt8(truncatingIfNeeded: generator?.next() ?? 0)
            }
            return true
        }
    }

    private func register() {
        let router = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        router.initialize(to: system.pointer.pointee)
        router.pointee.iVersion = min(2, system.pointer.pointee.iVersion)
        router.pointee.szOsFile = max(system.pointer.pointee.szOsFile, OpenFile.structureBytes)
        router.pointee.pNext = nil
        router.pointee.zName = UnsafePointer(strdup("crash-disk"))
        router.pointee.xOpen = openFile
        router.pointee.xDelete = deleteFile
        router.pointee.xAccess = accessFile
        router.pointee.xFullPathname = fullPathname
        router.pointee.xRandomness = fillRandomly
        router.pointee.xCurrentTime = currentDay
        router.pointee.xCurrentTimeInt64 = currentMilliseconds
        let status = sqlite3_vfs_register(router, 1)
        precondition(status == SQLITE_OK, "SQLite refused the file system: \(status)")
    }
}

/// SQLite's table of functions for the system's files, which never changes.
struct SQLiteFileSystem: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<sqlite3_vfs>
}

extension CrashDisk {
    /// Makes SQLite's random numbers follow from a seed, in the whole process: only a program
    /// with one thread is the same again.
    package static func seedSQLite(_ seed: UInt64) {
        DiskRouter.shared.seed(seed)
    }
}

// MARK: - What SQLite calls

private typealias FileSystem = UnsafeMutablePointer<sqlite3_vfs>
private typealias Path = UnsafePointer<CChar>

private let openFile:
    @convention(c) (
        FileSystem?, sqlite3_filename?, UnsafeMutablePointer<sqlite3_file>?, Int32,
        UnsafeMutablePointer<Int32>?
    ) -> Int32 = { _, path, file, flags, flagsOut in
        guard let disk = DiskRouter.shared.disk(of: path), let path, let file else {
            let system = DiskRouter.shared.system.pointer
            return system.pointee.xOpen(system, path, file, flags, flagsOut)
        }
        let status = OpenFile.open(String(cString: path), on: disk, flags: flags, into: file)
        if status == SQLITE_OK { flagsOut?.pointee = flags }
        return status
    }

private let deleteFile: @convention(c) (FileSystem?, Path?, Int32) -> Int32 = {
    _, path, syncsFolder in
    guard let disk = DiskRouter.shared.disk(of: path), let path else {
        let system = DiskRouter.shared.system.pointer
        return system.pointee.xDelete(system, path, syncsFolder)
    }
    return disk.delete(String(cString: path), syncsFolder: syncsFolder != 0)
}

private let accessFile:
    @convention(c) (FileSystem?, Path?, Int32, UnsafeMutablePointer<Int32>?) -> Int32 = {
        _, path, flags, answer in
        guard let disk = DiskRouter.shared.disk(of: path), let path else {
            let system = DiskRouter.shared.system.pointer
            return system.pointee.xAccess(system, path, flags, answer)
        }
        return disk.exists(
            String(cString: path), ignoresEmpty: flags == SQLITE_ACCESS_EXISTS, answer)
    }

private let fullPathname:
    @convention(c) (FileSystem?, Path?, Int32, UnsafeMutablePointer<CChar>?) -> Int32 = {
        _, path, count, target in
        guard DiskRouter.shared.disk(of: path) != nil, let path, let target else {
            let system = DiskRouter.shared.system.pointer
            return system.pointee.xFullPathname(system, path, count, target)
        }
        guard strlen(path) < Int(count) else { return SQLITE_CANTOPEN }
        strcpy(target, path)
        return SQLITE_OK
    }

private let fillRandomly:
    @convention(c) (FileSystem?, Int32, UnsafeMutablePointer<CChar>?) -> Int32 = {
        _, count, target in
        let bytes = UnsafeMutableRawBufferPointer(start: target, count: Int(count))
        if DiskRouter.shared.randomize(bytes) { return count }
        let system = DiskRouter.shared.system.pointer
        return system.pointee.xRandomness(system, count, target)
    }

/// Noon of 2000-01-01 as a Julian day: no record holds a time, so none may depend on it.
private let julianDay = 2_451_545.0

private let currentDay: @convention(c) (FileSystem?, UnsafeMutablePointer<Double>?) -> Int32 = {
    _, day in
    day?.pointee = julianDay
    return SQLITE_OK
}

private let currentMilliseconds:
    @convention(c) (FileSystem?, UnsafeMutablePointer<sqlite3_int64>?) -> Int32 = {
        _, milliseconds in
        milliseconds?.pointee = sqlite3_int64(julianDay * 86_400_000)
        return SQLITE_OK
    }
