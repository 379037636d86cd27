package import HPNet
package import HPSearch
import Synchronization

/// Loads what studies train on, once for all slots of a worker.
package final class DataLoader: Sendable {
    private struct Key: Hashable {
        var data: DataSpec
        var preprocessing: [DataSpec.Preprocessing]
        var seed: UInt64
    }

    private struct DatasetKey: Hashable {
        var dataset: DataSpec.Dataset
        /// Of generated data alone: files are the same for every seed.
        var seed: UInt64?

        init(_ spec: StudySpec) {
            dataset = spec.data.dataset
            if case .spiral = dataset { seed = spec.seed }
        }
    }

    private struct Cache {
        var datasets: [DatasetKey: Dataset] = [:]
        /// The one that was asked for last at the end.
        private var prepared: [(key: Key, data: PreparedData)] = []

        /// What was prepared before, and is the last one now.
        mutating func take(_ key: Key) -> PreparedData? {
            guard let index = prepared.firstIndex(where: { $0.key == key }) else { return nil }
            let known = prepared.remove(at: index)
            prepared.append(known)
            return known.data
        }

        /// Forgets those of other studies, as a worker turns from one study to the next, and then
        /// those that were asked for longest ago.
        mutating func keep(_ data: PreparedData, _ key: Key) {
            prepared.removeAll { $0.key.data != key.data || $0.key.seed != key.seed }
            prepared.append((key, data))
            var bytes = prepared.reduce(0) { $0 + $1.data.byteCount }
            while prepared.count > 1, bytes > DataLoader.preparedByteMaximum {
                bytes -= prepared.removeFirst().data.byteCount
            }
        }
    }

    /// What a study prepares in several ways is kept in all of them, as far as this goes.
    static let preparedByteMaximum = 2 << 30

    private let dataRoot: String
    private let componentCache: ComponentCache?
    private let cache = Mutex(Cache())

    /// - Parameters:
    ///   - dataRoot: the folder that a spec's paths lie below.
    ///   - cacheFolder: where principal components are kept between runs; nil for nowhere.
    package init(dataRoot: String, cacheFolder: String? = CacheFolder.usual) {
        self.dataRoot = dataRoot
        componentCache = cacheFolder.map { ComponentCache(folder: $0 + "/components") }
    }

    /// The split data of a study, prepared as a trial wants it. Slots that ask at once load it
    /// once: the others wait.
    ///
    /// - Throws: `NetError` when the data is missing, damaged or too small.
    package func load(
        _ spec: StudySpec, preprocessing: [DataSpec.Preprocessing]
    ) throws(NetError) -> PreparedData {
        let key = Key(data: spec.data, preprocessing: preprocessing, seed: spec.seed)
        let loaded: Result<PreparedData, NetError> = cache.withLock { cache in
            if let known = cache.take(key) { return .success(known) }
            do throws(NetError) {
                let dataset = try dataset(of: spec, in: &cache)
                let split = try split(dataset, of: spec)
                let steps = preprocessing.map(\.engine)
                try steps.require(dataset, split)
                let prepared = PreparedData(
                    dataset: dataset, split: split, preprocessing: steps,
                    cache: componentCache)
                cache.keep(prepared, key)
                return .success(prepared)
            } catch {
                return .failure(error)
            }
        }
        return try loaded.get()
    }

    private func split(
        _ dataset: Dataset, of spec: StudySpec
    ) throws(NetError) -> DataSplit {
        do throws(NetError) {
            return try DataSplit(
                of: dataset, training: spec.data.training.engine,
                validation: spec.data.validation.engine, seed: spec.seed)
        } catch {
            guard case .split(let problem, let fix) = error, let path = spec.data.path else {
                throw error
            }
            throw .split(problem: "\(problem) (\(dataRoot)/\(path))", fix: fix)
        }
    }

    private func dataset(
        of spec: StudySpec, in cache: inout Cache
    ) throws(NetError) -> Dataset {
        let key = DatasetKey(spec)
        if let known = cache.datasets[key] { return known }
        let dataset: Dataset
        switch spec.data.dataset {
        case .digits: dataset = .digits
        case .cifar10(let path): dataset = try .cifar10(directory: dataRoot + "/" + path)
        case .idx(let path): dataset = try .idx(directory: dataRoot + "/" + path)
        case .csv(let table):
            dataset = try .csv(file: dataRoot + "/" + table.path, table.engine)
        case .spiral(let classes, let points, let noise):
            dataset = .spiral(
                classCount: classes, pointsPerClass: points, noise: noise, seed: spec.seed)
        }
        cache.datasets = [key: dataset]
        return dataset
    }
}

extension DataSpec.Amount {
    fileprivate var engine: SplitAmount {
        switch self {
        case .count(let count): .count(count)
        case .fraction(let fraction): .fraction(fraction)
        }
    }
}

extension TableSpec {
    fileprivate var engine: TableOptions {
        TableOptions(
            label: label.engine, header: header, dropped: dropped.map(\.engine),
            categorical: categorical.map(\.engine), missing: missing.engine)
    }
}

extension TableSpec.Missing {
    fileprivate var engine: MissingValues {
        switch self {
        case .error: .error
        case .drop: .drop
        case .mean: .mean
        }
    }
}

extension TableSpec.Column {
    fileprivate var engine: TableColumn {
        switch self {
        case .name(let name): .name(name)
        case .position(let position): .position(position)
        }
    }
}

extension DataSpec.Preprocessing {
    fileprivate var engine: Preprocessing {
        switch self {
        case .zeroMean: .zeroMean
        case .normalize: .normalize
        case .pca(let components): .pca(components: components)
        case .whiten(let components, let epsilon):
            .whiten(components: components, epsilon: epsilon)
        }
    }
}
