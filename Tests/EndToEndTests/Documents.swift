/// The parts of `hpcoord.report/1` that the tests look at.
struct ReportDocument: Decodable {
    struct Study: Decodable {
        var name: String
        var state: String
        var seed: UInt64
        var fingerprint: String?
    }

    struct Stage: Decodable {
        struct Range: Decodable {
            var kind: String
            var low: Double?
            var high: Double?
        }

        struct Move: Decodable {
            var parameter: String
            var action: String
            var to: [Double]
            var because: String
            var evidence: [Int]
        }

        var name: String
        var index: Int
        var state: String
        var trials: Int
        var ranges: [String: Range]
        var moves: [Move]
    }

    struct Trial: Decodable {
        var rank: Int
        var trial: Int
        var stage: String
        var state: String
        var reason: String
        var value: Double?
        var attempts: Int
        var parameters: [String: Double]
    }

    var schema: String
    var study: Study
    var accounting: [String: Int]
    var stages: [Stage]
    var trials: [Trial]
}

/// The parts of `hpcoord.workers/1` that the tests look at.
struct WorkersDocument: Decodable {
    struct Worker: Decodable {
        struct Lease: Decodable {
            var trial: Int
            var attempt: Int
        }

        var id: String
        var name: String
        var state: String
        var running: [Lease]
    }

    var workers: [Worker]
}

/// The parts of `hpcoord.audit/1` that the tests look at.
struct AuditDocument: Decodable {
    struct Attempt: Decodable {
        var trial: Int
        var attempt: Int
        var outcome: String?
    }

    var attempts: [Attempt]
    var violations: [String]
}

/// The parts of `hpcoord.status/1` that the tests look at.
struct StatusDocument: Decodable {
    struct Study: Decodable {
        var state: String
    }

    struct Progress: Decodable {
        var done: Int
        var running: Int
    }

    var study: Study
    var progress: Progress
}

/// The validation rows of `hpcoord.trial/1`.
struct TrialRowsDocument: Decodable {
    struct Rows: Decodable {
        var count: Int
        var hex: String

        /// Rows that are right.
        var right: Double {
            Double(hex.compactMap { $0.hexDigitValue?.nonzeroBitCount }.reduce(0, +))
        }
    }

    enum CodingKeys: String, CodingKey {
        case correct = "correct_rows"
        case crossed = "crossed_rows"
    }

    var correct: Rows
    var crossed: Rows
}
