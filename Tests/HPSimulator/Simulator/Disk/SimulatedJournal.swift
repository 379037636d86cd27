import HPCluster

/// The journal as one coordinator process has it: the disk, with a defect in between if asked for.
final class SimulatedJournal: Journal {
    private let storage: any SimulatedStorage
    private let saboteur: Saboteur

    init(storage: any SimulatedStorage, saboteur: Saboteur) throws(DiskFailure) {
        self.storage = storage
        self.saboteur = saboteur
        try storage.open()
    }

    func commit(
        _ records: [JournalRecord], recordings: [RecordingsRecord]
    ) throws(DiskFailure) {
        if records.isEmpty && recordings.isEmpty { return }
        var recordings = recordings
        do {
            for transaction in saboteur.transactions(of: records) {
                try storage.commit(transaction, recordings: recordings)
                recordings = []
            }
        } catch {
            guard saboteur.hides(error) else { throw error }
        }
    }

    func records() throws(DiskFailure) -> [JournalRecord] { try storage.records() }
}
