import Foundation

/// Texts that were read and found right, in `Golden/`.
enum Golden {
    /// The text of a file; with `HPCOORD_UPDATE_GOLDEN=1` it is written first. Keep only what you
    /// have read.
    static func text(_ name: String, updatedBy text: String) throws -> String {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Golden/\(name)")
        if ProcessInfo.processInfo.environment["HPCOORD_UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: file)
        }
        return try String(decoding: Data(contentsOf: file), as: UTF8.self)
    }
}
