import HPMath

/// Reads the cells of a table of trials.
struct TableReader {
    struct Row {
        var line: Int
        var cells: [CommaSeparated.Cell]
        var number: Int
        /// Empty without a `stage` column.
        var stage: String
    }

    let file: String
    let spec: StudySpec
    private(set) var rows: [Row] = []
    private let parameterColumns: [Int]
    private let valueColumn: Int
    private let stateColumn: Int?
    private let errorColumn: Int?
    private let configurationColumn: Int?
    private let replicateColumn: Int?

    init(_ text: String, file: String, spec: StudySpec) throws(SearchError) {
        self.file = file
        self.spec = spec
        let all = try CommaSeparated.rows(of: text, file: file)
        guard let header = all.first, all.count > 1 else {
            throw .invalid(
                file: file, place: SpecPlace(line: 1, column: 1),
                problem: "the table has no trials",
                fix: "a header, then a row for each trial")
        }
        let columns = try TrialColumns(header, file: file)
        let metric = spec.objective.metric.rawValue
        var parameterColumns: [Int] = []
        for parameter in spec.parameters {
            if let index = columns.index(ofParameter: parameter.name) {
                parameterColumns.append(index)
            } else if case .value = parameter.domain {
                parameterColumns.append(-1)
            } else {
                throw columns.missing(parameter.name)
            }
        }
        self.parameterColumns = parameterColumns
        guard let index = columns.index(of: metric, "value") else {
            throw columns.missing(metric)
        }
        valueColumn = index
        stateColumn = columns.index(of: "state")
        errorColumn = columns.index(of: "standard_error")
        configurationColumn = columns.index(of: "configuration")
        replicateColumn = columns.index(of: "replicate")
        let stage = columns.index(of: "stage")
        let number = columns.index(of: "trial", "number")
        for row in all.dropFirst() {
            guard row.cells.count == columns.count else {
                throw .invalid(
                    file: file, place: SpecPlace(line: row.line, column: 1),
                    problem: "the row has \(row.cells.count) cells, the header \(columns.count)",
                    fix: "give every row as many, separated by commas")
            }
            rows.append(
                Row(
                    line: row.line, cells: row.cells,
                    number: number.flatMap { Int(row.cells[$0].text) } ?? -1,
                    stage: stage.map { row.cells[$0].text } ?? ""))
        }
        if !hasOwnNumbers {
            for index in rows.indices { rows[index].number = index + 1 }
        }
    }

    /// Whether the table numbers its trials, each stage's without repetition.
    private var hasOwnNumbers: Bool {
        var known: Set<[String]> = []
        return rows.allSatisfy {
            $0.number >= 0 && known.insert([$0.stage, "\($0.number)"]).inserted
        }
    }

    // MARK: - Stages

    /// Which rows belong to which stage of the spec.
    struct StageNames {
        fileprivate var indices: [String: Int]
        /// Names that the spec does not have, where it has others of the table.
        var unknown: [String]
        var lastIndex: Int

        func index(of row: Row) -> Int? { indices[row.stage] }
    }

    /// Names are those of the spec's stages; where none is, they stand for the spec's stages in
    /// the order in which they come. A table without names has trials of the first stage.
    func stageNames() -> StageNames {
        var known: Set<String> = []
        let names = rows.map(\.stage).filter { known.insert($0).inserted }
        var indices: [String: Int] = [:]
        for name in names {
            indices[name] = spec.stages.firstIndex { $0.name == name }
        }
        if indices.isEmpty {
            for (index, name) in names.prefix(spec.stages.count).enumerated() {
                indices[name] = index
            }
        }
        return StageNames(
            indices: indices, unknown: names.filter { indices[$0] == nil },
            lastIndex: indices.values.max() ?? 0)
    }

    // MARK: - Trials

    /// A row as a terminal trial.
    func trial(_ row: Row, stage: Int) throws(SearchError) -> Trial {
        var parameters: [ParameterValue] = []
        for (parameter, column) in zip(spec.parameters, parameterColumns) {
            parameters.append(try value(of: parameter, column, row))
        }
        var trial = Trial(
            number: row.number, stage: stage,
            configuration: integer(row, configurationColumn) ?? row.number,
            replicate: integer(row, replicateColumn) ?? 0,
            parameters: spec.withoutInactive(parameters))
        trial.state = try state(row)
        let value = trial.state == .complete ? try metric(row) : nil
        trial.result = TrialResult(
            objectiveCurve: value.map { [$0] } ?? [], value: value,
            standardError: try value.flatMap { value throws(SearchError) in
                try standardError(row) ?? binomialError(value)
            },
            bestEpoch: spec.stages[stage].epochs, epochs: spec.stages[stage].epochs,
            metrics: TrialMetrics(), seconds: 0)
        return trial
    }

    private func value(
        of parameter: ParameterSpec, _ column: Int, _ row: Row
    ) throws(SearchError) -> ParameterValue {
        if column < 0, case .value(let value) = parameter.domain { return value }
        let cell = row.cells[column]
        if cell.text.isEmpty, !parameter.conditions.isEmpty { return .inactive }
        switch parameter.domain {
        case .logUniform:
            let number = try number(cell, parameter.name)
            guard number > 0 else { throw notOnLogScale(cell, parameter.name) }
            return .number(number)
        case .uniform: return .number(try number(cell, parameter.name))
        case .integer, .logInteger:
            let number = try number(cell, parameter.name)
            if case .logInteger = parameter.domain, number <= 0 {
                throw notOnLogScale(cell, parameter.name)
            }
            guard let integer = Int(exactly: number) else {
                throw wrong(cell, parameter.name, "a whole number")
            }
            return .integer(integer)
        case .choice(let values):
            if let value = values.first(where: { ChoiceRule.text(of: $0) == cell.text })
                ?? values.first(where: { $0.asNumber != nil && $0.asNumber == Double(cell.text) })
            {
                return value
            }
            let known = values.map(ChoiceRule.text).joined(separator: ", ")
            throw wrong(cell, parameter.name, "one of \(known)")
        case .value(let value): return value
        }
    }

    private func state(_ row: Row) throws(SearchError) -> Trial.State {
        let text = row.cells[valueColumn].text
        let hasNone = text.isEmpty || Double(text)?.isFinite == false
        let guessed: Trial.State = hasNone ? .diverged : .complete
        guard let stateColumn else { return guessed }
        let cell = row.cells[stateColumn]
        if cell.text.isEmpty { return guessed }
        let word = cell.text.uppercased()
        guard let state = Trial.State(rawValue: word) ?? Self.foreignStates[word] else {
            let known = Trial.State.allCases.map(\.rawValue).joined(separator: ", ")
            throw wrong(cell, "state", "one of \(known)")
        }
        return state
    }

    /// Words of Ray Tune and Weights & Biases for the ends of trials.
    private static let foreignStates: [String: Trial.State] = [
        "FINISHED": .complete, "TERMINATED": .complete, "FAILED": .fail, "CRASHED": .fail,
        "ERROR": .fail, "KILLED": .canceled,
    ]

    private func notOnLogScale(_ cell: CommaSeparated.Cell, _ name: String) -> SearchError {
        wrong(cell, name, "above 0, since its range is on a log scale")
    }

    private func metric(_ row: Row) throws(SearchError) -> Double {
        try number(row.cells[valueColumn], spec.objective.metric.rawValue)
    }

    private func standardError(_ row: Row) throws(SearchError) -> Double? {
        guard let errorColumn, !row.cells[errorColumn].text.isEmpty else { return nil }
        let error = try number(row.cells[errorColumn], "standard_error")
        guard error >= 0 else {
            throw wrong(row.cells[errorColumn], "standard_error", "at least 0")
        }
        return error
    }

    /// Of an accuracy on the validation split, where its size is known.
    private func binomialError(_ value: Double) -> Double? {
        guard spec.objective.metric == .validationAccuracy, (0...1).contains(value),
            let count = spec.data.validationCount
        else { return nil }
        return AccuracyError.standardError(ofAccuracy: value, count: count)
    }

    private func integer(_ row: Row, _ column: Int?) -> Int? {
        column.flatMap { Int(row.cells[$0].text) }
    }

    private func number(
        _ cell: CommaSeparated.Cell, _ name: String
    ) throws(SearchError) -> Double {
        guard let number = SpecScalars.number(in: cell.text) else {
            throw wrong(cell, name, "a number")
        }
        return number
    }

    private func wrong(
        _ cell: CommaSeparated.Cell, _ name: String, _ wanted: String
    ) -> SearchError {
        .invalid(
            file: file, place: cell.place, problem: "\(name) can't be `\(cell.text.prefix(40))`",
            fix: "it must be \(wanted)")
    }
}

extension DataSpec {
    /// Examples of the validation split; nil where only the data tells.
    fileprivate var validationCount: Int? {
        switch validation {
        case .count(let count): count
        case .fraction(let fraction): exampleCount.flatMap { Self.count(fraction, of: $0) }
        }
    }

    private var exampleCount: Int? {
        switch dataset {
        case .digits: 1797
        case .cifar10: 50_000
        case .spiral(let classes, let points, _): classes * points
        case .idx, .csv: nil
        }
    }

    /// As the engine rounds it: 0.29·100 is 28.999999999999996 in floating point. Nil for none.
    private static func count(_ fraction: Double, of examples: Int) -> Int? {
        let count = Int((fraction * Double(examples) + 1e-6).rounded(.down))
        return count > 0 ? count : nil
    }
}
