import Foundation

/// Where a worker keeps what it can make again.
package enum CacheFolder {
    /// `$HPCOORD_CACHE`, else `$XDG_CACHE_HOME/hpcoord`, else `~/.cache/hpcoord`; nil where there
    /// is no home.
    package static var usual: String? {
        let environment = ProcessInfo.processInfo.environment
        func folder(_ name: String) -> String? {
            environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        return folder("HPCOORD_CACHE") ?? folder("XDG_CACHE_HOME").map { $0 + "/hpcoord" }
            ?? folder("HOME").map { $0 + "/.cache/hpcoord" }
    }
}
