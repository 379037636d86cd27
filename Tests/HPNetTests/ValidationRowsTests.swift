import Testing

@testable import HPNet

@Suite("Validation rows that are right")
struct ValidationRowsTests {
    /// Which rows every evaluation of every member got right, told from the scores alone.
    private func predictions(
        _ members: [TrainingConfiguration], _ data: PreparedData
    ) -> (right: [[[Bool]]], outcomes: [TrainingOutcome]) {
        let trainer = BundleTrainer(
            network: NetworkConfiguration(hidden: [12]), members: members, data: data)
        var right = [[[Bool]]](repeating: [], count: members.count)
        var outcomes: [Int: TrainingOutcome] = [:]
        let classes = data.dataset.classCount
        trainer.train(
            onEvaluation: { member, _ in
                let scores = trainer.evaluator.validationScores(
                    of: trainer.place(of: member), trainer.network)
                right[member].append(
                    data.split.validation.enumerated().map { index, row in
                        let all = scores[index * classes..<(index + 1) * classes]
                        let best = all.firstIndex(of: all.max() ?? 0).map { $0 - all.startIndex }
                        return best == Int(data.dataset.labels[Int(row)])
                    })
            }, onEnd: { outcomes[$0] = $1 })
        return (right, members.indices.compactMap { outcomes[$0] })
    }

    private func members(_ count: Int, epochs: Double) -> [TrainingConfiguration] {
        (0..<count).map {
            TrainingConfiguration(
                learningRate: 0.02 * Double($0 + 1), batchSize: 40, epochs: epochs, seed: 5)
        }
    }

    private func data(validation: Int) throws -> PreparedData {
        PreparedData(
            dataset: .digits,
            split: try DataSplit(
                of: .digits, training: .count(200), validation: .count(validation), seed: 4),
            preprocessing: [.zeroMean])
    }

    private func bits(_ rows: [Bool]) -> [UInt8] {
        stride(from: 0, to: rows.count, by: 8).map { start in
            rows[start..<min(start + 8, rows.count)].enumerated().reduce(0) {
                $0 | ($1.element ? 1 << UInt8($1.offset) : 0)
            }
        }
    }

    /// The folds as the documentation says it, from all predictions at once.
    private func crossed(_ epochs: [[Bool]]) -> (rows: [Bool], outside: [Int]) {
        let count = epochs[0].count
        let folds = min(10, count)
        var rows = epochs[0]
        var outside: [Int] = []
        for fold in 0..<folds {
            let counts = epochs.map { epoch in
                (0..<count).filter { $0 % folds != fold && epoch[$0] }.count
            }
            let most = counts.max() ?? 0
            let chosen = epochs[counts.firstIndex(of: most) ?? 0]
            outside.append(most)
            for row in stride(from: fold, to: count, by: folds) { rows[row] = chosen[row] }
        }
        return (rows, outside)
    }

    @Test(arguments: [1, 3, 9, 10, 11, 77, 300])
    func `are those of the accuracy, and folds are measured at epochs chosen without them`(
        validation: Int
    ) throws {
        let data = try data(validation: validation)
        let (right, outcomes) = predictions(members(3, epochs: 6.5), data)
        #expect(outcomes.count == 3)
        for (epochs, outcome) in zip(right, outcomes) {
            let rows = try #require(outcome.validationRows)
            #expect(epochs.count == outcome.evaluations.count)
            for (epoch, evaluation) in zip(epochs, outcome.evaluations) {
                let count = Double(epoch.filter(\.self).count)
                #expect(evaluation.validationAccuracy == count / Double(validation))
            }
            let best = try #require(outcome.best)
            let index = try #require(outcome.evaluations.firstIndex(of: best))
            #expect(rows.count == validation)
            #expect(rows.best == bits(epochs[index]))
            #expect(rows.last == bits(epochs[epochs.count - 1]))
            let expected = crossed(epochs)
            #expect(rows.crossed == bits(expected.rows))
            #expect(rows.rightOutside == expected.outside)
            #expect(rows.fits(rows: validation) && !rows.fits(rows: validation + 1))
        }
        #expect(validation < 77 || Set(outcomes.map(\.validationRows)).count == 3)
    }

    @Test func `the earliest of equal evaluations stays`() {
        var rows = ValidationRows([1, 0, 0, 1])
        rows.add([0, 1, 1, 0])
        #expect(rows.best == [0b1001] && rows.last == [0b0110])
        // Folds of one row: without row 0 or 3 the second is better, without 1 or 2 the first.
        #expect(rows.rightOutside == [2, 2, 2, 2])
        #expect(rows.crossed == [0b0000])
        rows.add([1, 1, 1, 0])
        #expect(rows.best == [0b0111])
        #expect(rows.rightOutside == [2, 2, 2, 3])
        #expect(rows.crossed == [0b0000])
    }

    @Test func `their error is never 0`() throws {
        let data = try data(validation: 1)
        let outcome = try #require(predictions(members(1, epochs: 1), data).outcomes.first)
        let evaluation = try #require(outcome.best)
        #expect([0, 1].contains(evaluation.validationAccuracy))
        #expect(evaluation.validationAccuracyStandardError > 0.3)
    }

    @Test func `a training that diverges at once has none`() throws {
        var member = members(1, epochs: 3)
        member[0].learningRate = 1e30
        let outcome = try #require(
            predictions(member, try data(validation: 30)).outcomes.first)
        #expect(outcome.evaluations.isEmpty && outcome.validationRows == nil)
    }
}
