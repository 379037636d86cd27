import HPTransport
import Synchronization

/// Events from other threads for the thread that owns the socket.
final class Mailbox<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    private let waker: Waker

    init(waker: Waker) {
        self.waker = waker
    }

    func post(_ element: Element) {
        elements.withLock { $0.append(element) }
        waker.wake()
    }

    func drain() -> [Element] {
        elements.withLock { elements in
            defer { elements = [] }
            return elements
        }
    }
}
