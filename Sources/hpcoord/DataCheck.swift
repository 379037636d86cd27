import Foundation
import HPNet
import HPRunner
import HPSearch

/// Looks at a study's data before anything is trained on it.
enum DataCheck {
    /// Refuses data that is not there.
    ///
    /// - Throws: `CommandFailure` with the code of a missing input.
    private static func requireReadable(_ data: DataSpec, below dataRoot: String) throws {
        guard !isReadable(data, below: dataRoot), let required = data.requiredPath else { return }
        let path = "\(dataRoot)/\(required)"
        throw CommandFailure(
            exitStatus: ExitStatus.missingInput,
            message: """
                \(path): no such data, or it can't be read; data.path lies below --data-root: \
                give the folder that holds it\(fetchAdvice(data, dataRoot))
                """)
    }

    private static func fetchAdvice(_ data: DataSpec, _ dataRoot: String) -> String {
        guard case .cifar10("cifar-10-batches-bin") = data.dataset else { return "" }
        return ", or fetch it: `hpcoord data fetch cifar10 --to \(dataRoot)`"
    }

    /// Whether the data is embedded or there.
    static func isReadable(_ data: DataSpec, below dataRoot: String) -> Bool {
        guard let required = data.requiredPath else { return true }
        return FileManager.default.isReadableFile(atPath: "\(dataRoot)/\(required)")
    }

    /// Reads, splits and prepares the data in each of the spec's ways, as a worker would.
    ///
    /// - Parameter file: where the spec was read.
    /// - Returns: what has it at hand.
    /// - Throws: `CommandFailure`, or `NetError` when the data is damaged; where the spec asks for
    ///   what the data doesn't have, with the place in the spec.
    static func loader(
        of spec: StudySpec, file: String, below dataRoot: String
    ) throws -> DataLoader {
        try requireReadable(spec.data, below: dataRoot)
        let loader = DataLoader(dataRoot: dataRoot)
        do throws(NetError) {
            for steps in spec.possiblePreprocessing {
                _ = try loader.load(spec, preprocessing: steps)
            }
        } catch {
            throw located(error, of: spec, file) ?? error
        }
        return loader
    }

    /// Nil for what is not the spec's fault.
    private static func located(
        _ error: NetError, of spec: StudySpec, _ file: String
    ) -> CommandFailure? {
        let key = "preprocess"
        let path: [String]
        switch error {
        case .split: path = ["data", "split"]
        case .preprocessing:
            path = [spec.parameters.contains { $0.name == key } ? "parameters" : "data", key]
        case .missing, .corrupt, .kernels: return nil
        }
        guard let place = SpecFile.place(of: path, in: file) else { return nil }
        return CommandFailure(
            exitStatus: error.exitCode,
            message: "\(file):\(place.line):\(place.column): \(error)")
    }
}
