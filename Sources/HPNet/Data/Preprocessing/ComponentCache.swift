import Foundation
import HPDigest

/// Principal components on disk: fitting those of CIFAR-10 takes seconds, reading them none.
///
/// It is a cache: what isn't there, or isn't whole, is fitted again, and a folder that can't be
/// written is none.
public struct ComponentCache: Sendable {
    /// Where the files lie.
    public let folder: String

    /// - Parameter folder: made when something is written.
    public init(folder: String) {
        self.folder = folder
    }

    private static let magic = Array("HPCPCA1\n".utf8)

    private func path(_ key: String) -> String { "\(folder)/\(key).components" }

    func read(_ key: String, features: Int, components: Int) -> PrincipalComponents? {
        guard let content = FileManager.default.contents(atPath: path(key)) else { return nil }
        let count = components + components * features
        let digestCount = 64
        guard content.count == Self.magic.count + count * 8 + digestCount,
            Array(content.prefix(Self.magic.count)) == Self.magic
        else { return nil }
        let body = [UInt8](content.dropLast(digestCount))
        guard Self.digest(of: body, key) == Array(content.suffix(digestCount)) else { return nil }
        let numbers = body.dropFirst(Self.magic.count).withUnsafeBytes { bytes in
            (0..<count).map { index in
                Double(
                    bitPattern: UInt64(
                        littleEndian: bytes.loadUnaligned(
                            fromByteOffset: index * 8, as: UInt64.self)))
            }
        }
        return PrincipalComponents(
            variances: Array(numbers[..<components]), vectors: Array(numbers[components...]))
    }

    func write(_ components: PrincipalComponents, _ key: String) {
        var body = Self.magic
        for number in components.variances + components.vectors {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { body.append(contentsOf: $0) }
        }
        let content = Data(body + Self.digest(of: body, key))
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        // Atomic: another worker sees all of it or nothing.
        try? content.write(to: URL(filePath: path(key)), options: .atomic)
    }

    private static func digest(of body: [UInt8], _ key: String) -> [UInt8] {
        var digest = SHA256()
        digest.update(key)
        digest.update(body)
        return Array(digest.finish().utf8)
    }
}
