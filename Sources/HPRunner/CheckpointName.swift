import Foundation

/// What files of a trial's weights are called, as the lecture has it:
/// `trial-0042_epoch-05_val-0.5310`.
package enum CheckpointName {
    /// - Parameters:
    ///   - epoch: epochs trained, a fraction where a stage's epochs are one.
    ///   - value: of the objective there.
    package static func text(trial: Int, epoch: Double, value: Double) -> String {
        let epochs =
            epoch == epoch.rounded() ? String(format: "%02.0f", epoch) : "\(epoch)"
        return prefix(trial: trial) + String(format: "epoch-\(epochs)_val-%.4f", value)
    }

    /// What all names of a trial begin with, and no other's.
    static func prefix(trial: Int) -> String { String(format: "trial-%04d_", trial) }
}
