/// The training engine: networks, data, training, with the same bits on every machine.
public enum Engine {
    /// Raised when any bit of any result changes: results of different revisions are not mixed.
    public static let revision = "hpnet/1"
}
