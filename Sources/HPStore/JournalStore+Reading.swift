package import HPCluster
package import HPSearch
import HPWire

extension JournalStore {
    /// Sequence numbers looked at in one access: a commit waits for milliseconds at most.
    private static let chunkLength = 4096

    /// Every record, in the order of their commits.
    ///
    /// - Throws: `StoreError.corrupt` when a record can't be read or is missing; `.failed`,
    ///   `.closed`.
    package func records() throws(StoreError) -> [JournalRecord] {
        var records: [JournalRecord] = []
        try forEachRecord { records.append($0) }
        return records
    }

    /// The records of a study, in the order of their commits.
    ///
    /// - Throws: as `records()`.
    package func records(of study: StudyID) throws(StoreError) -> [JournalRecord] {
        var records: [JournalRecord] = []
        try scan(study: study) { records.append($0) }
        return records
    }

    /// Hands over the records that were committed before the call, in order, without holding them
    /// all; commits may go on meanwhile.
    ///
    /// - Throws: as `records()`.
    package func forEachRecord(_ body: (JournalRecord) -> Void) throws(StoreError) {
        try scan(study: nil, body)
    }

    /// What a trial's winning attempt recorded; nil where there is nothing.
    ///
    /// - Throws: `StoreError.corrupt` when it can't be read; `.failed`, `.closed`.
    package func recordings(
        study: StudyID, trial: Int
    ) throws(StoreError) -> RecordingsRecord? {
        try access { database in
            func row(_ table: SideTable) throws -> (attempt: Int, payload: [UInt8])? {
                try table.row(study: study, trial: trial, from: database, path: path)
            }
            guard let curve = try row(.curve) else { return nil }
            let diagnostics = try row(.diagnostics)
            let rows = try row(.correctness).map { try CorrectnessCodec.decode($0.payload) }
            return RecordingsRecord(
                study: study, trial: trial, attempt: curve.attempt,
                recordings: TrialRecordings(
                    curve: try CurveCodec.decode(curve.payload),
                    diagnostics: try diagnostics.map { try DiagnosticsCodec.decode($0.payload) },
                    correctness: rows?.correctness, crossedCorrectness: rows?.crossed))
        }
    }

    /// Trials whose rows are read in one access: at most some milliseconds.
    private static let correctnessChunkLength = 128

    /// Hands over which validation rows trials got right, in ascending order of their numbers,
    /// without holding them all; trials of which nothing is known are left out.
    ///
    /// - Throws: `StoreError.corrupt` when a row can't be read; `.failed`, `.closed`.
    package func forEachCorrectness(
        study: StudyID, trials: [Int],
        _ body: (_ trial: Int, RowCorrectness, CrossedCorrectness?) -> Void
    ) throws(StoreError) {
        var rest = trials.sorted()[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(Self.correctnessChunkLength)
            rest = rest.dropFirst(chunk.count)
            let rows = try access { database in
                try chunk.compactMap { trial in
                    try SideTable.correctness.row(
                        study: study, trial: trial, from: database, path: path
                    ).map { (trial: trial, rows: try CorrectnessCodec.decode($0.payload)) }
                }
            }
            for (trial, rows) in rows { body(trial, rows.correctness, rows.crossed) }
        }
    }

    // MARK: - In chunks

    private func scan(
        study: StudyID?, _ body: (JournalRecord) -> Void
    ) throws(StoreError) {
        let last = try access(JournalRows.lastSequence)
        for start in stride(from: 0, to: last, by: Self.chunkLength) {
            let range = (start + 1)...min(start + Self.chunkLength, last)
            let rows = try access { database in
                try JournalRows.entries(range, study: study, from: database, path: path)
            }
            for row in rows { body(try record(row)) }
        }
    }

    /// A record that can't be read ends the use of the journal, as all damage does.
    private func record(_ row: JournalRows.Numbered) throws(StoreError) -> JournalRecord {
        do {
            return try row.record(path: path)
        } catch {
            return try access { _ in throw error }
        }
    }
}
