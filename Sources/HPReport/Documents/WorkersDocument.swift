package import HPCluster

/// What `hpcoord workers` prints: the connected workers and those that are gone,
/// `hpcoord.workers/1`.
package enum WorkersDocument {
    /// - Parameters:
    ///   - workers: in the order in which they are to be listed.
    ///   - studyNames: the name of study `n` at index `n - 1`.
    package static func render(
        _ workers: [WorkerStatus], studyNames: [String], format: DocumentFormat
    ) -> String {
        switch format {
        case .table: table(workers, studyNames).asText
        case .json:
            JSONValue.object([
                "schema": .text("hpcoord.workers/1"),
                "workers": .array(workers.map { entry($0, studyNames) }),
            ]).documentText()
        }
    }

    private static func table(_ workers: [WorkerStatus], _ studyNames: [String]) -> [String] {
        if workers.isEmpty { return ["no workers: hpworker connects one"] }
        let table = TextTable(columns: [
            TextTable.Column("worker", .left, workers.map(\.name)),
            TextTable.Column("state", .left, workers.map(\.state.rawValue)),
            TextTable.Column("slots", .right, workers.map { "\($0.slots)" }),
            TextTable.Column("trials", .right, workers.map { "\($0.leases.count)" }),
            TextTable.Column("running", .left, workers.map { running($0.leases, studyNames) }),
            TextTable.Column("engine", .left, workers.map(\.engineRevision)),
            TextTable.Column(
                "silent", .right,
                workers.map { NumberFormat.duration(seconds: $0.silentSeconds) }),
            TextTable.Column("id", .left, workers.map { String($0.id.prefix(12)) }),
        ])
        let declined = workers.flatMap { worker in
            worker.declined.flatMap {
                TextLayout.wrap($0, after: "\(TextLayout.printable(worker.name)) declines study ")
            }
        }
        return table.lines() + declined
    }

    /// Leases that the table names for a worker; more are counted.
    private static let namedLeaseMaximum = 4

    private static func running(_ leases: [Lease], _ studyNames: [String]) -> String {
        let named = leases.prefix(namedLeaseMaximum).map { lease in
            "\(name(of: lease.study, studyNames))#\(lease.trial)"
        }
        let left = leases.count - named.count
        return named.joined(separator: " ") + (left > 0 ? " +\(left)" : "")
    }

    private static func entry(_ worker: WorkerStatus, _ studyNames: [String]) -> JSONValue {
        .object([
            "id": .text(worker.id),
            "name": .text(worker.name),
            "state": .text(worker.state.rawValue),
            "slots": .integer(worker.slots),
            "running": .array(
                worker.leases.map { lease in
                    .object([
                        "study": .text(name(of: lease.study, studyNames)),
                        "trial": .integer(lease.trial),
                        "attempt": .integer(lease.attempt),
                    ])
                }),
            "engine_revision": .text(worker.engineRevision),
            "silent_seconds": .number(worker.silentSeconds),
            "declined": .texts(worker.declined),
        ])
    }

    private static func name(of study: Int, _ studyNames: [String]) -> String {
        studyNames.indices.contains(study - 1) ? studyNames[study - 1] : "study \(study)"
    }
}
