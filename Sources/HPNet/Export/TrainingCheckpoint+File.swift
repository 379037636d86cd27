import Foundation
import HPDigest

extension TrainingCheckpoint {
    /// Why bytes are no checkpoint of a training.
    public enum Damage: Error, Sendable, Hashable, CustomStringConvertible {
        /// They are not what was written.
        case checksum
        /// They are of another training, or of another release.
        case other

        /// What is wrong with the file.
        public var description: String {
            switch self {
            case .checksum: "its bytes are not those that were written"
            case .other: "it is of another training, or of another release"
            }
        }
    }

    private static let mark = Array("HPCHECK2".utf8)
    /// Files of releases that didn't follow which rows are right.
    private static let formerMark = Array("HPCHECK1".utf8)
    private static let digestCount = 64

    /// What is neither parameters nor statistics.
    private struct Progress: Codable {
        var epoch: Int
        var minibatches: Int
        var minibatchLoss: Double
        var window: LossWindow
        var initialLoss: Double
        var evaluations: [Evaluation]
        var validationRows: ValidationRows?
        var diagnostics: TrainingDiagnostics?
    }

    /// A file's bytes: a mark, the SHA-256 of the rest, and a safetensors file.
    ///
    /// - Parameter key: says which training this is; it goes on from nothing else.
    public func encoded(key: String) -> [UInt8] {
        let progress = Progress(
            epoch: epoch, minibatches: minibatches, minibatchLoss: minibatchLoss, window: window,
            initialLoss: outcome.initialLoss, evaluations: outcome.evaluations,
            validationRows: outcome.validationRows, diagnostics: outcome.diagnostics)
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let text = try? encoder.encode(progress) else {
            preconditionFailure("every number has a text")
        }
        let content = Safetensors(
            tensors: Self.tensors("arena", state.arenas)
                + Self.tensors("running_mean", state.runningMeans)
                + Self.tensors("running_var", state.runningVariances),
            metadata: ["key": key, "progress": String(decoding: text, as: UTF8.self)]
        ).encoded()
        return Self.mark + Array(Self.digest(content).utf8) + content
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: `Damage`.
    public init(decoding bytes: [UInt8], key: String) throws(Damage) {
        let start = Self.mark.count + Self.digestCount
        if bytes.starts(with: Self.formerMark) { throw .other }
        guard bytes.starts(with: Self.mark), bytes.count > start else { throw .checksum }
        let content = Array(bytes[start...])
        guard Array(Self.digest(content).utf8) == Array(bytes[Self.mark.count..<start]) else {
            throw .checksum
        }
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let file = try? Safetensors(decoding: content, path: "checkpoint"),
            file.metadata["key"] == key, let text = file.metadata["progress"],
            let progress = try? decoder.decode(Progress.self, from: Data(text.utf8))
        else { throw .other }
        self.init(
            epoch: progress.epoch, minibatches: progress.minibatches,
            minibatchLoss: progress.minibatchLoss, window: progress.window,
            outcome: TrainingOutcome(
                end: .completed, initialLoss: progress.initialLoss,
                evaluations: progress.evaluations, epochsTrained: Double(progress.epoch),
                validationRows: progress.validationRows, diagnostics: progress.diagnostics),
            state: MemberState(
                arenas: file.arrays("arena"), runningMeans: file.arrays("running_mean"),
                runningVariances: file.arrays("running_var")))
    }

    private static func tensors(_ name: String, _ arrays: [[Float]]) -> [Safetensors.Tensor] {
        arrays.enumerated().map { index, numbers in
            Safetensors.Tensor("\(name).\(index)", shape: [numbers.count], numbers)
        }
    }

    private static func digest(_ content: [UInt8]) -> String {
        var digest = SHA256()
        digest.update(content)
        return digest.finish()
    }
}

extension Safetensors {
    /// The arrays `name.0`, `name.1` and so on.
    fileprivate func arrays(_ name: String) -> [[Float]] {
        var arrays: [[Float]] = []
        while let next = self["\(name).\(arrays.count)"]?.floats { arrays.append(next) }
        return arrays
    }
}
