import Glibc
import HPCluster

/// The one place where the worker asks for the time: the suspending monotonic clock.
enum RunnerClock {
    /// Orders processes of one worker, and nothing else: the wall clock may be set at any time.
    static var wallNanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(max(0, time.tv_sec)) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
