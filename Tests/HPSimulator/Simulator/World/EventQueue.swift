import HPCluster

/// What will happen, by time; what happens at one time, in the order in which it was scheduled.
struct EventQueue<Event> {
    private struct Entry {
        var time: Instant
        var sequence: Int
        var event: Event

        static func < (left: Entry, right: Entry) -> Bool {
            left.time == right.time ? left.sequence < right.sequence : left.time < right.time
        }
    }

    /// A binary heap.
    private var entries: [Entry] = []
    private var sequence = 0

    mutating func schedule(_ event: Event, at time: Instant) {
        entries.append(Entry(time: time, sequence: sequence, event: event))
        sequence += 1
        var child = entries.count - 1
        while child > 0, entries[child] < entries[(child - 1) / 2] {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// The next event and its time; nil when nothing is left.
    mutating func next() -> (event: Event, time: Instant)? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if !entries.isEmpty {
            entries[0] = last
            sink()
        }
        return (first.event, first.time)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && entries[child] < entries[least] {
                least = child
            }
            if least == parent { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
