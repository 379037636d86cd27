import GRDB
import HPCluster
import HPSearch
import HPStore
import HPWire
import Testing

@Suite struct `The tables` {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private static let begun = [Sample.submit(), Sample.create(1), Sample.create(2)]

    /// Each contradicts what is before it, in the same transaction or in an earlier one.
    static let contradictions: [(String, [JournalRecord])] = [
        ("a second submission", begun + [Sample.submit()]),
        ("a study out of order", [Sample.submit(), Sample.submit(3)]),
        ("a trial of no study", [Sample.create(1)]),
        ("a trial out of order", [Sample.submit(), Sample.create(2)]),
        ("a second creation", begun + [Sample.create(2)]),
        (
            "a change of no study",
            [.studyChanged(study: 1, state: .paused, reason: "", detail: "")]
        ),
        ("a pin of no study", [pin]),
        ("a second pin", begun + [pin, pin]),
        ("a lease of no trial", begun + [Sample.lease(3)]),
        ("a lease of an attempt that skips one", begun + [Sample.lease(1, attempt: 2)]),
        ("a second lease of an attempt", begun + [Sample.lease(1), Sample.lease(1)]),
        (
            "a lease while an attempt is open",
            begun + [Sample.lease(1), Sample.lease(1, attempt: 2)]
        ),
        ("a lease after the result", begun + [Sample.lease(1), Sample.finish(1), Sample.lease(1)]),
        (
            "another lease after the result",
            begun + [Sample.lease(1), Sample.end(1), Sample.finish(1), Sample.lease(1, attempt: 2)]
        ),
        ("an end of no lease", begun + [Sample.end(1)]),
        ("a second end", begun + [Sample.lease(1), Sample.end(1), Sample.end(1)]),
        ("an end after the result", begun + [Sample.lease(1), Sample.finish(1), Sample.end(1)]),
        ("a result of no trial", begun + [Sample.finish(3, attempt: 0)]),
        ("a result of no lease", begun + [Sample.finish(1)]),
        (
            "a result of an attempt to come",
            begun + [Sample.lease(1), Sample.finish(1, attempt: 2)]
        ),
        ("a second result", begun + [Sample.lease(1), Sample.finish(1), Sample.finish(1)]),
        (
            "a result beside an open attempt",
            begun + [Sample.lease(1), Sample.end(1), Sample.lease(1, attempt: 2), Sample.finish(1)]
        ),
        ("a cancelation beside an open attempt", begun + [Sample.lease(1), canceled(1)]),
    ]

    private static let pin = JournalRecord.studyPinned(
        study: 1, dataDigest: "d", dataSummary: "s", engineRevision: "e")

    private static func canceled(_ trial: Int) -> JournalRecord { Sample.finish(trial, attempt: 0) }

    @Test(arguments: contradictions)
    func `refuse a contradiction`(name: String, records: [JournalRecord]) throws {
        let store = try JournalStore(directory: directory.data)
        expectContradiction { try store.commit(records) }
        #expect(try store.records() == [])
        try store.commit(records.dropLast())
        expectContradiction { try store.commit([records[records.count - 1]]) }
        #expect(try store.records() == records.dropLast())
    }

    @Test func `take what happens to trials`() throws {
        let late = [
            Sample.lease(1), Sample.end(1), Sample.lease(1, attempt: 2),
            Sample.end(1, attempt: 2), Sample.finish(1),
        ]
        let poison = [Sample.lease(2), Sample.end(2), Sample.finish(2)]
        let records: [JournalRecord] =
            [Sample.start(1), Sample.submit(), Sample.create(1), Sample.create(2)]
            + [Sample.create(3), Self.pin] + late + poison
            + [Self.canceled(3), Sample.submit(2), Sample.start(2)]
            + [.studyChanged(study: 1, state: .complete, reason: "", detail: "")]
            + [.workerOrdered(worker: "w", name: "host/slot-0", standing: .draining)]
        let store = try JournalStore(directory: directory.data)
        try store.commit(records)
        #expect(try store.records() == records)
    }

    @Test func `refuse a curve of no result, and a second one`() throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit(Self.begun + [Sample.lease(1)])
        expectContradiction { try store.commit([], recordings: [Sample.recordings(1)]) }
        expectContradiction {
            try store.commit([Sample.finish(1)], recordings: [Sample.recordings(1, attempt: 2)])
        }
        try store.commit([Sample.finish(1)], recordings: [Sample.recordings(1)])
        expectContradiction { try store.commit([], recordings: [Sample.recordings(1)]) }
    }

    @Test(arguments: ["curve", "diagnostics", "correctness"])
    func `refuse a row of no result beside the journal, and any change`(table: String) throws {
        let store = try JournalStore(directory: directory.data)
        try store.commit(Sample.batch(1..<3), recordings: [Sample.recordings(1)])
        store.close()
        for statement in [
            "INSERT INTO \(table) VALUES (1, 9, 1, x'00', 0)",
            "INSERT INTO \(table) VALUES (1, 2, 2, x'00', 0)",
            "UPDATE \(table) SET payload = x'00'", "DELETE FROM \(table)",
        ] {
            #expect(throws: DatabaseError.self, "\(statement)") { try directory.run(statement) }
        }
    }

    /// Rows that no record makes, written by another program.
    @Test(arguments: [
        "(1, 0, NULL, NULL, NULL)", "(1, 11, NULL, NULL, NULL)", "(1, 1, 1, NULL, NULL)",
        "(1, 10, NULL, NULL, 1)", "(1, 2, NULL, NULL, NULL)", "(1, 2, 1, 1, NULL)",
        "(1, 2, 0, NULL, NULL)", "(2, 2, 1, NULL, NULL)", "(1, 4, 1, NULL, NULL)",
        "(1, 4, 1, 1, 1)", "(1, 5, 1, 1, 0)", "(1, 5, 1, 1, NULL)", "(1, 6, 1, NULL, 1)",
        "(1, 7, 1, 1, NULL)", "(1, 7, 1, 1, -1)", "(0, 1, NULL, NULL, NULL)",
    ])
    func `refuse a row that is no record`(values: String) throws {
        try JournalStore(directory: directory.data).close()
        let row = values.dropLast() + ", x'00', 0)"
        #expect(throws: DatabaseError.self) {
            try directory.run(
                """
                INSERT INTO journal (sequence, kind, study, trial, attempt, payload, checksum)
                VALUES \(row)
                """)
        }
    }

    @Test func `know every kind`() {
        #expect(JournalEntry.Kind.allCases.map(\.rawValue) == Array(1...10))
    }

    private func expectContradiction(_ commit: () throws -> Void) {
        let error = #expect(throws: StoreError.self) { try commit() }
        guard case .contradicted = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
