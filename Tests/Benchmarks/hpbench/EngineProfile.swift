import CMeasure

/// Where the time of training goes.
struct EngineProfile: Encodable {
    private var spent = Ticks()
    private var atBegin = Ticks()

    private struct Ticks {
        var parts = [UInt64](repeating: 0, count: Int(PROFILE_PARTS.rawValue))
        var all: UInt64 = 0

        static func now() -> Ticks {
            var ticks = Ticks()
            profile_ticks(&ticks.parts, &ticks.all)
            return ticks
        }
    }

    mutating func begin() {
        atBegin = .now()
    }

    mutating func end() {
        let atEnd = Ticks.now()
        for part in spent.parts.indices {
            spent.parts[part] += atEnd.parts[part] - atBegin.parts[part]
        }
        spent.all += atEnd.all - atBegin.all
    }

    private func share(_ parts: profile_part...) -> Double {
        Double(parts.reduce(0) { $0 + spent.parts[Int($1.rawValue)] }) / Double(spent.all)
    }

    static let heading = "  forward to input   update   gather     loss   others"

    /// In the order of the heading. The others are biases, activations and what lies between the
    /// kernels.
    var columns: [Double] {
        let named = [
            share(PROFILE_FORWARD), share(PROFILE_TO_INPUT), share(PROFILE_UPDATE),
            share(PROFILE_GATHER), share(PROFILE_LOSS),
        ]
        return named + [1 - named.reduce(0, +)]
    }

    private enum CodingKeys: String, CodingKey {
        case forward, toInput = "to_input", update, gather, loss, biases, activation
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(share(PROFILE_FORWARD), forKey: .forward)
        try container.encode(share(PROFILE_TO_INPUT), forKey: .toInput)
        try container.encode(share(PROFILE_UPDATE), forKey: .update)
        try container.encode(share(PROFILE_GATHER), forKey: .gather)
        try container.encode(share(PROFILE_LOSS), forKey: .loss)
        try container.encode(share(PROFILE_BIASES), forKey: .biases)
        try container.encode(share(PROFILE_ACTIVATION), forKey: .activation)
    }
}
