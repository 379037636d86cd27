import Glibc
import HPCluster

/// The one place where the worker asks for the time: the suspending monotonic clock.
enum RunnerClock {
    static var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
