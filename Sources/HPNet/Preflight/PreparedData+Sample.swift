import HPMath

extension PreparedData {
    /// Some training examples as data of their own, on which everything is trained and measured:
    /// the classes in turn, in each of them at random by the seed. They are prepared as they are
    /// here, by the statistics of the whole training split.
    func trainingSample(count: Int, seed: UInt64) -> PreparedData {
        let rows = rowsByTurns(count: count, seed: seed)
        let features = [Float](
            unsafeUninitializedCapacity: rows.count * featureCount
        ) { buffer, filled in
            guard let start = buffer.baseAddress else { return }
            rows.withUnsafeBufferPointer { gather($0, into: start) }
            filled = rows.count * featureCount
        }
        let sample = Dataset(
            name: dataset.name, features: .floats(features),
            labels: rows.map { dataset.labels[Int($0)] }, featureCount: featureCount,
            classCount: dataset.classCount)
        return PreparedData(dataset: sample, split: DataSplit(allOf: sample))
    }

    private func rowsByTurns(count: Int, seed: UInt64) -> [UInt32] {
        var stream = RandomStream(seed: seed, purpose: .trainingSample, a: 1)
        var classes = [[UInt32]](repeating: [], count: dataset.classCount)
        for row in split.training { classes[Int(dataset.labels[Int(row)])].append(row) }
        for index in classes.indices { stream.shuffle(&classes[index]) }
        let most = classes.map(\.count).max() ?? 0
        let turns = (0..<most).lazy.flatMap { turn in
            classes.lazy.filter { turn < $0.count }.map { $0[turn] }
        }
        return Array(turns.prefix(count))
    }
}

extension DataSplit {
    /// Every example for training, and the same ones for validation.
    fileprivate init(allOf dataset: Dataset) {
        let rows = (0..<UInt32(dataset.count)).map(\.self)
        self.init(
            training: rows, validation: rows, trainingSample: Array(rows.prefix(1000)))
    }
}
