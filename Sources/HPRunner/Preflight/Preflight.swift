import HPCluster
package import HPNet
package import HPSearch

/// The lecture's checks before a search: what can be known in seconds and would be found out after
/// hours.
package struct Preflight {
    let spec: StudySpec
    private let variants: [PreflightVariant]
    private let data: [[DataSpec.Preprocessing]: PreparedData]
    private let deadline: Instant

    /// What isn't done by then is broken off or left, and noted.
    package static let secondsMaximum = 30.0
    /// What is trained, alone or side by side, takes at most this many numbers, a gibibyte: more
    /// would take more than seconds, and whoever checks a spec has other things running.
    private static let bundleFloatMaximum = BundleMemory.floatMaximum / 4

    /// Runs all checks.
    ///
    /// - Parameter seconds: how long those may take that train; what has begun by then may end.
    /// - Throws: `NetError` when the data is missing, damaged or too small, or doesn't suit the
    ///   spec's preprocessing.
    package static func findings(
        of spec: StudySpec, from loader: DataLoader, within seconds: Double = secondsMaximum
    ) throws(NetError) -> [PreflightFinding] {
        let variants = PreflightVariant.all(of: spec)
        var data: [[DataSpec.Preprocessing]: PreparedData] = [:]
        for steps in variants.map(\.settings.preprocessing) where data[steps] == nil {
            data[steps] = try loader.load(spec, preprocessing: steps)
        }
        let preflight = Preflight(
            spec: spec, variants: variants, data: data,
            deadline: RunnerClock.now.advanced(bySeconds: seconds))
        return preflight.findings()
    }

    /// What the variant is trained on.
    func data(_ variant: PreflightVariant) -> PreparedData {
        guard let data = data[variant.settings.preprocessing] else {
            preconditionFailure("every variant's data is loaded before the checks")
        }
        return data
    }

    var isOutOfTime: Bool { RunnerClock.now >= deadline }

    private func findings() -> [PreflightFinding] {
        let small = variants.filter { bundleMaximum($0) > 0 }
        var findings = dataFindings(data(variants[0]))
        findings += gradientKinds(variants).map(gradient)
        for variant in small {
            findings += inTime(.initialLoss, variant) { initialLoss(variant) }
        }
        for variant in variants {
            findings += inTime(.overfit, variant) {
                [bundleMaximum(variant) > 0 ? overfit(variant) : tooLarge(variant)]
            }
        }
        if let first = small.first {
            findings += inTime(.rateRange, first) { rateRange(first) }
        }
        return findings
    }

    private func inTime(
        _ check: PreflightFinding.Check, _ variant: PreflightVariant,
        _ find: () -> [PreflightFinding]
    ) -> [PreflightFinding] {
        guard isOutOfTime else { return find() }
        return [
            PreflightFinding(
                check, .noted, variant: variant.name,
                sentence: "not looked at: the checks before it took all the time of a check")
        ]
    }

    private func floatCount(_ variant: PreflightVariant) -> Int {
        BundleMemory.floatCount(
            network: variant.settings.model.engine,
            training: variant.settings.training(of: spec, epochs: 1, replicate: 0),
            data: data(variant))
    }

    /// Networks of this kind that are trained side by side; 0 for one that is too large.
    func bundleMaximum(_ variant: PreflightVariant) -> Int {
        Self.bundleFloatMaximum / floatCount(variant)
    }

    private func tooLarge(_ variant: PreflightVariant) -> PreflightFinding {
        let count = floatCount(variant)
        let isForTrials = count <= BundleMemory.floatMaximum
        return PreflightFinding(
            .overfit, isForTrials ? .noted : .failed, variant: variant.name,
            sentence: isForTrials
                ? "not looked at: training takes about \(count) numbers, too many for seconds"
                : "training takes about \(count) numbers, more than any trial may: make the "
                    + "network smaller (model.hidden)")
    }

    // MARK: - Data

    private static func warning(of preview: DataPreview) -> String {
        let absent = preview.classCounts.count { $0 == 0 }
        guard absent == 0 else {
            return "; \(absent) \(absent == 1 ? "class has" : "classes have") no training example: "
                + "what validation has of them can't be learned"
        }
        return preview.isBalanced ? "" : "; accuracy says little about the rare ones"
    }

    private func dataFindings(_ data: PreparedData) -> [PreflightFinding] {
        let preview = DataPreview(of: data)
        let classes = preview.classCounts.count
        let balance = PreflightFinding(
            .classBalance, preview.isBalanced ? .passed : .noted,
            sentence: "\(classes) classes of \(Self.share(preview.rarestShare)) to "
                + "\(Self.share(preview.commonestShare)) of the training split: always naming the "
                + "commonest gives accuracy \(NumberText.short(preview.commonestShare))"
                + Self.warning(of: preview),
            figures: [
                .init("rarest_share", preview.rarestShare),
                .init("commonest_share", preview.commonestShare),
            ])
        let repeated = preview.repeatedValidationCount
        let leak = PreflightFinding(
            .leak, repeated == 0 ? .passed : .noted,
            sentence: repeated == 0
                ? "no validation example is in the training split"
                : "\(repeated) of \(data.split.validation.count) validation examples are in the "
                    + "training split, too: what is learned by heart counts there as success",
            figures: [.init("repeated_examples", Double(repeated))])
        return [balance, leak]
    }

    private static func share(_ share: Double) -> String {
        NumberText.short((share * 1000).rounded() / 10) + "%"
    }

    // MARK: - Networks

    /// One variant of each kind that has gradients of its own: initialization, say, changes none.
    private func gradientKinds(_ variants: [PreflightVariant]) -> [PreflightVariant] {
        var kinds: [NetworkConfiguration] = []
        return variants.filter { variant in
            var kind = variant.settings.model.engine
            kind.initialization = .he
            kind.hidden = kind.hidden.prefix(Self.depthMaximum).map { _ in 1 }
            if kinds.contains(kind) { return false }
            kinds.append(kind)
            return true
        }
    }

    private static let depthMaximum = 4

    /// A small network of the same kind: what is checked doesn't depend on the size.
    private func gradient(_ variant: PreflightVariant) -> PreflightFinding {
        let configuration = variant.settings.model.engine
        let depth = min(Self.depthMaximum, configuration.hidden.count)
        let conditions = [(0.0, 0.0), (0.1, 0), (0.1, 0.4)]
            .prefix(variant.settings.model.dropout > 0 ? 3 : 2)
        let checks = conditions.map { regularization, dropout in
            GradientCheck.ofSmallNetwork(
                activation: configuration.activation,
                batchNormalization: configuration.batchNormalization, depth: depth,
                regularization: regularization, dropout: dropout)
        }
        let figures = checks[0].rows.indices.map { row in
            PreflightFinding.Figure(
                checks[0].rows[row].name, checks.map { $0.rows[row].largestError }.max() ?? 0)
        }
        let error = checks.map(\.largestError).max() ?? 0
        let kinks = checks.flatMap(\.rows).map(\.kinks).reduce(0, +)
        let compared = checks.flatMap(\.rows).map(\.compared).reduce(0, +)
        let isPassed = checks.allSatisfy(\.isPassed)
        return PreflightFinding(
            .gradient, isPassed ? .passed : .failed, variant: variant.name,
            sentence: "largest relative error \(NumberText.short(error)) of \(compared) numbers, "
                + "limit \(NumberText.short(checks[0].limit))"
                + (kinks > 0 ? ", \(kinks) at kinks not compared" : "")
                + (isPassed ? "" : ": the engine's gradient is wrong; report this as a defect"),
            figures: figures)
    }
}

extension DataPreview {
    fileprivate var isBalanced: Bool { rarestShare * 2 >= commonestShare }
}
