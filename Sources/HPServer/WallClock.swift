import Foundation

/// What the calendar and the clock on the wall say, for people's eyes: nothing is decided by it.
package enum WallClock {
    /// `2026-01-31T12:00:00Z`.
    package static var now: String {
        Date().formatted(.iso8601)
    }
}
