extension Network {
    /// Says what a forward pass is for.
    enum Purpose {
        /// Batch statistics, and what is dropped.
        case training(Dropout?)
        /// Batch statistics that leave no trace, and what is dropped.
        case probing(Dropout?)
        /// Running statistics; nothing is dropped.
        case evaluation

        /// The units that are dropped; nil for none.
        var dropout: Dropout? {
            switch self {
            case .training(let dropout), .probing(let dropout): dropout
            case .evaluation: nil
            }
        }
    }
}
