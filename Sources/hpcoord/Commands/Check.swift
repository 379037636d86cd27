import ArgumentParser
import Foundation
import HPReport
import HPRunner
import HPSearch

/// Validates a spec and, where the data is at hand, looks at what would be found out too late.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Validate a spec, print it with every default resolved, and check it on the data.",
        discussion: """
            With the data at hand (embedded, or below --data-root, else here) it looks at \
            gradients, the initial loss, regularization, whether 20 examples can be learned by \
            heart, the ends of the range of learning rates, and the data itself. It ends with 0 \
            when nothing failed, and with 1 otherwise.
            """)

    @Argument(help: "The spec: YAML or JSON.")
    var spec: String

    @Option(
        help: ArgumentHelp(
            "The folder that the spec's data path lies below.", valueName: "dir"))
    var dataRoot: String?

    @Flag(inversion: .prefixedNo, help: "Whether the checks on the data are run.")
    var preflight = true

    @Option(
        help: """
            yaml: the resolved spec, then the findings as comments; json: the resolved spec; \
            preflight-json: the findings.
            """)
    var format: CheckFormat = .yaml

    enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
        case yaml
        case json
        case preflightJSON = "preflight-json"
    }

    func run() throws {
        let resolved = try SpecFile.read(spec)
        if let note = resolved.gridNote { Output.complain("\(spec): note: \(note)") }
        let loader = try loader(of: resolved)
        let data = try loader?.summary(of: resolved)
        let findings = try loader.flatMap {
            preflight ? try Preflight.findings(of: resolved, from: $0) : nil
        }
        try write(resolved, data, findings)
        guard let findings else { return }
        PreflightMemory.set(PreflightDocument.isPassed(findings), of: resolved)
        try requirePassed(findings)
    }

    /// Where the findings are not printed this is all that is said of them.
    private func requirePassed(_ findings: [PreflightFinding]) throws {
        let failed = findings.filter { $0.outcome == .failed }.map(\.check)
        guard !failed.isEmpty else { return }
        let names = PreflightFinding.Check.allCases.filter(failed.contains).map(\.rawValue)
        throw CommandFailure(
            exitStatus: ExitStatus.failed,
            message: "\(spec): preflight failed: \(names.joined(separator: ", ")); "
                + (format == .json
                    ? "`hpcoord check \(spec)` says why" : "what is printed says why")
                + ", and a search is not worth its time before")
    }

    /// Nil when the data is not at hand.
    private func loader(of resolved: StudySpec) throws -> DataLoader? {
        let root = dataRoot ?? "."
        guard dataRoot != nil || DataCheck.isReadable(resolved.data, below: root) else {
            return nil
        }
        return try DataCheck.loader(of: resolved, file: spec, below: root)
    }

    private func write(
        _ resolved: StudySpec, _ data: DataSummary?, _ findings: [PreflightFinding]?
    ) throws {
        switch format {
        case .json: try Output.write(resolved.content + "\n")
        case .yaml:
            try Output.write(resolved.resolvedYAML)
            // Embedded and generated data leave nothing to understand.
            if let data, resolved.data.path != nil {
                try Output.write(PreflightDocument.comments(on: data))
            }
            if let findings {
                try Output.write(PreflightDocument.comments(findings))
            } else if preflight {
                try Output.write("# preflight: not run, it needs the data: give --data-root\n")
            }
        case .preflightJSON:
            guard let findings, let data else {
                throw CommandFailure(
                    exitStatus: ExitStatus.usage,
                    message: "--format preflight-json needs the checks and the data: give "
                        + "--data-root, and not --no-preflight")
            }
            try Output.write(PreflightDocument.json(findings, of: resolved, on: data))
        }
    }
}
