import ArgumentParser
import HPSearch

/// Validates a spec and, where the data is at hand, the data.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Validate a spec and print it with every default resolved.")

    @Argument(help: "The spec: YAML or JSON.")
    var spec: String

    @Option(
        help: ArgumentHelp(
            "Also read the data, which lies below this folder.", valueName: "dir"))
    var dataRoot: String?

    @Option(help: "How the resolved spec is printed.")
    var format: CheckFormat = .yaml

    enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
        case yaml
        case json
    }

    func run() throws {
        let resolved = try SpecFile.read(spec)
        if let note = resolved.gridNote { Output.complain("\(spec): note: \(note)") }
        if resolved.data.requiredPath == nil || dataRoot != nil {
            try DataCheck.requireUsable(resolved, below: dataRoot ?? ".")
        }
        switch format {
        case .yaml: Output.write(resolved.resolvedYAML)
        case .json: Output.write(resolved.content + "\n")
        }
    }
}
