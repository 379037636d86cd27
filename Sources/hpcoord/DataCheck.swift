import Foundation
import HPNet
import HPRunner
import HPSearch

/// Looks at a study's data before anything is trained on it.
enum DataCheck {
    /// Refuses data that is not there.
    ///
    /// - Throws: `CommandFailure` with the code of a missing input.
    static func requireReadable(_ data: DataSpec, below dataRoot: String) throws {
        guard let required = data.requiredPath else { return }
        let path = "\(dataRoot)/\(required)"
        guard !FileManager.default.isReadableFile(atPath: path) else { return }
        throw CommandFailure(
            exitStatus: ExitStatus.missingInput,
            message: """
                \(path): no such data, or it can't be read; data.path lies below --data-root: \
                give the folder that holds it
                """)
    }

    /// Reads, splits and prepares the data in each of the spec's ways, as a worker would.
    ///
    /// - Returns: what has it at hand.
    /// - Throws: `CommandFailure`, or `NetError` when the data is damaged or too small.
    static func loader(of spec: StudySpec, below dataRoot: String) throws -> DataLoader {
        try requireReadable(spec.data, below: dataRoot)
        let loader = DataLoader(dataRoot: dataRoot)
        for steps in spec.possiblePreprocessing {
            _ = try loader.load(spec, preprocessing: steps)
        }
        return loader
    }
}
