import Foundation
import HPSimulator

/// What happened in a campaign.
struct Summary {
    private let campaign: Campaign

    init(_ campaign: Campaign) {
        self.campaign = campaign
    }

    func text(_ format: HPSim.Format) -> String {
        switch format {
        case .table: table
        case .json: json
        }
    }

    private var table: String {
        var lines = Tally.Count.allCases.map { count in
            let name = count.name(separator: " ")
            let padding = String(repeating: " ", count: max(1, 34 - name.count))
            return name + padding + "\(campaign.tally[count])"
        }
        lines.append(
            String(
                format: "virtual hours                     %.1f",
                Double(campaign.tally[.virtualSeconds]) / 3600))
        for failure in campaign.failures {
            lines += failure.violations.map { "seed \(failure.seed): \($0)" }
        }
        lines.append(
            campaign.failures.isEmpty
                ? "every promise was kept" : "\(campaign.failures.count) seeds broke a promise")
        return lines.joined(separator: "\n")
    }

    private struct Document: Encodable {
        struct Failure: Encodable {
            var seed: UInt64
            var violations: [String]
        }

        var counts: [String: Int]
        var failures: [Failure]
    }

    private var json: String {
        let document = Document(
            counts: Dictionary(
                uniqueKeysWithValues: Tally.Count.allCases.map {
                    ($0.name(separator: "_"), campaign.tally[$0])
                }),
            failures: campaign.failures.map { failure in
                Document.Failure(
                    seed: failure.seed, violations: failure.violations.map { "\($0)" })
            })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let data = (try? encoder.encode(document)) ?? Data()
        return String(decoding: data, as: UTF8.self)
    }
}
