import ArgumentParser

/// Widths of a net from its input to its classes.
struct NetShape: ExpressibleByArgument {
    var widths: [Int]

    init(_ widths: [Int]) {
        self.widths = widths
    }

    init?(argument: String) {
        let widths = argument.split(separator: "-", omittingEmptySubsequences: false).map {
            Int($0) ?? 0
        }
        guard widths.count >= 2, widths.allSatisfy({ $0 >= 1 }), widths.last != 1 else {
            return nil
        }
        self.widths = widths
    }

    /// The nets that are measured unless one is named, each with its minibatch.
    static let measured = [[3072, 50, 10], [3072, 100, 10], [784, 256, 128, 10], [64, 32, 10]]
        .map { widths in (shape: NetShape(widths), batch: NetShape(widths).usualBatch) }

    var text: String { widths.map(String.init).joined(separator: "-") }

    var usualBatch: Int {
        switch widths[0] {
        case 784: 128
        case 64: 32
        default: 200
        }
    }

    /// Floating-point operations that training on one example needs: forward, the gradient of the
    /// weights, and that of every layer's input but the first's.
    var flopPerExample: Int {
        let products = zip(widths, widths.dropFirst()).map { 2 * $0 * $1 }
        return 3 * products.reduce(0, +) - products[0]
    }
}
