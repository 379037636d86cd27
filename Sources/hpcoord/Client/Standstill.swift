import Foundation
import HPCluster

/// Says why a study that somebody waits for stands still, each reason once.
struct Standstill {
    /// A shorter standstill is not worth a line: workers may be just connecting.
    private static let patienceSeconds = 1.0

    private var since: Instant?
    private var said: [String] = []

    private struct Status: Decodable {
        struct Study: Decodable {
            var obstacle: String?
        }

        var study: Study
    }

    /// - Parameter status: of the study, `hpcoord.status/1`.
    /// - Returns: a reason that was not said before; nil while there is none.
    mutating func news(in status: String, at now: Instant) -> String? {
        let obstacle = try? JSONDecoder().decode(Status.self, from: Data(status.utf8)).study
            .obstacle
        guard let obstacle else {
            since = nil
            return nil
        }
        let began = since ?? now
        since = began
        // A countdown in it makes no new reason.
        let reason = obstacle.filter { !$0.isNumber }
        guard now.seconds(since: began) >= Self.patienceSeconds, !said.contains(reason) else {
            return nil
        }
        said.append(reason)
        return obstacle
    }
}
