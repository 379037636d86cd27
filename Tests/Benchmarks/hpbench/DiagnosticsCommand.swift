import ArgumentParser

/// `hpbench diagnostics`: what looking inside training costs.
struct DiagnosticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnostics",
        abstract: "Train with and without diagnostics in turn; the time that they add.",
        discussion: """
            Seconds of CPU time of the training thread. A pair is one training without and one \
            with diagnostics, each second pair the other way round; the table has the median of \
            the pairs' ratios, less one, and its quartiles. It ends with 1 when the median of a \
            net is above the limit each time that it is measured.
            """)

    @Option(help: "Seconds of CPU time for each case; five pairs are trained at least.")
    var seconds = 20.0

    @Option(help: "Only nets whose text contains this, or one of several such.")
    var net: [String] = []

    @Option(help: "The most that diagnostics may add, in percent.")
    var limit = 3.0

    @Option(help: "How often a net above the limit is measured; the least median counts.")
    var tries = 1

    func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds is above 0") }
        guard limit > 0, tries > 0 else {
            throw ValidationError("--limit and --tries are above 0")
        }
    }

    func run() throws {
        print(
            padded("data", 15) + padded("net", 30) + padded("batch", 7) + padded("bundle", 8)
                + padded("epochs", 8) + padded("pairs", 7) + padded("added", 9) + "quartiles")
        var worst: (added: Double, text: String)?
        for training in try DiagnosticsCase.all() {
            guard net.isEmpty || net.contains(where: training.netText.contains) else { continue }
            var added = Double.infinity
            for _ in 0..<tries where added > limit / 100 {
                let shares = measure(training)
                show(shares, of: training)
                added = min(added, quantile(0.5, of: shares))
            }
            if added > worst?.added ?? -.infinity {
                worst = (
                    added,
                    "\(training.dataName), \(training.netText), bundle of \(training.bundle)"
                )
            }
        }
        guard let worst else { return }
        print("worst case: \(percent(worst.added)) (\(worst.text))")
        if worst.added > limit / 100 { throw ExitCode(1) }
    }

    private func show(_ shares: [Double], of training: DiagnosticsCase) {
        print(
            padded(training.dataName, 15) + padded(training.netText, 30)
                + padded("\(training.batchSize)", 7) + padded("\(training.bundle)", 8)
                + padded("\(training.epochs)", 8) + padded("\(shares.count)", 7)
                + padded(percent(quantile(0.5, of: shares)), 9)
                + "\(percent(quantile(0.25, of: shares))) .. "
                + percent(quantile(0.75, of: shares)))
    }

    private static let pairMinimum = 5

    /// What diagnostics add as a share of the time without, pair by pair, sorted.
    private func measure(_ training: DiagnosticsCase) -> [Double] {
        var shares: [Double] = []
        var spent = 0.0
        // The first training finds caches cold: it isn't counted.
        _ = training.train(withDiagnostics: true)
        while spent < seconds || shares.count < Self.pairMinimum {
            var pair = [0.0, 0.0]
            let first = shares.count % 2
            for turn in [first, 1 - first] {
                pair[turn] = training.train(withDiagnostics: turn == 1)
            }
            shares.append(pair[1] / pair[0] - 1)
            spent += pair[0] + pair[1]
        }
        return shares.sorted()
    }

    /// Of sorted numbers, the nearest.
    private func quantile(_ share: Double, of sorted: [Double]) -> Double {
        sorted[Int((share * Double(sorted.count - 1)).rounded())]
    }

    private func percent(_ share: Double) -> String {
        "\((share * 1000).rounded() / 10)%"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
