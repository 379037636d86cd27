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
        _ records: [JournalRecord], curves: [CurveRecord]
    ) throws(DiskFailure) {
        if records.isEmpty && curves.isEmpty { return }
        var curves = curves
        do {
            for transaction in saboteur.transactions(of: records) {
                try storage.commit(transaction, curves: curves)
                curves = []
            }
        } catch {
            guard saboteur.hides(error) else { throw error }
        }
    }

    func records() throws(DiskFailure) -> [JournalRecord] { try storage.records() }
}
