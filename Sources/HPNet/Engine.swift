import CKernels
import Glibc

/// The training engine: networks, data, training, with the same bits on every machine.
///
/// A model in fifteen lines:
///
///     import HPNet
///
///     let split = try DataSplit(
///         of: .digits, training: .fraction(0.7), validation: .fraction(0.15), seed: 1)
///     let data = PreparedData(dataset: .digits, split: split, preprocessing: [.zeroMean])
///     let trainer = Trainer(
///         network: NetworkConfiguration(hidden: [32]),
///         training: TrainingConfiguration(learningRate: 0.1, batchSize: 32, epochs: 15, seed: 1),
///         data: data)
///     let outcome = trainer.train()
///     if let best = outcome.best {
///         print("accuracy \(best.validationAccuracy) after epoch \(best.epoch)")
///     }
///
/// What the layers compute, and why, is told by their definitions: ``Affine``, ``ReLU``,
/// ``BatchNormalization`` and the others, which ``ReferenceNetwork`` puts together and
/// ``GradientCheck`` checks, and by an article for each in `HPNet.docc`. ``InitialLoss``,
/// ``Overfitting`` and ``RateProbe`` are what to look at before a long training.
public enum Engine {
    /// Raised when any bit of any result changes: results of different revisions are not mixed.
    public static let revision = "hpnet/4"

    /// The kernels in use: avx512, avx2, neon or scalar. Results don't depend on them.
    public static var kernels: String { String(cString: hpk_kernels().pointee.name) }

    /// Refuses to go on with other kernels than the environment asks for.
    ///
    /// - Throws: `NetError.kernels` when `HPCOORD_KERNELS` names none of this processor's.
    public static func requireKernels() throws(NetError) {
        guard !hpk_environment_is_valid() else { return }
        throw .kernels(asked: getenv("HPCOORD_KERNELS").map { String(cString: $0) } ?? "")
    }
}
