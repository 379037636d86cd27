import Foundation

/// A whole file.
///
/// - Throws: `NetError.missing` when it is not there, is a folder or can't be read.
func readFile(_ path: String, fix: String) throws(NetError) -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw .missing(path: path, fix: fix)
    }
    return data
}
