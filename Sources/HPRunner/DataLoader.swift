package import HPNet
package import HPSearch
import Synchronization

/// Loads what studies train on, once for all slots of a worker.
package final class DataLoader: Sendable {
    private struct Key: Hashable {
        var data: DataSpec
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
        var prepared: [Key: PreparedData] = [:]
    }

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

    /// The split and prepared data of a study. Slots that ask at once load it once: the others
    /// wait.
    ///
    /// - Throws: `NetError` when the data is missing, damaged or too small.
    package func load(_ spec: StudySpec) throws(NetError) -> PreparedData {
        let key = Key(data: spec.data, seed: spec.seed)
        let loaded: Result<PreparedData, NetError> = cache.withLock { cache in
            if let known = cache.prepared[key] { return .success(known) }
            do throws(NetError) {
                let dataset = try dataset(of: spec, in: &cache)
                let split = try DataSplit(
                    of: dataset, training: spec.data.training.engine,
                    validation: spec.data.validation.engine, seed: spec.seed)
                let steps = spec.data.preprocessing.map(\.engine)
                try steps.require(dataset, split)
                let prepared = PreparedData(
                    dataset: dataset, split: split, preprocessing: steps,
                    cache: componentCache)
                // The last study's is enough: a worker turns from one study to the next.
                cache.prepared = [key: prepared]
                return .success(prepared)
            } catch {
                return .failure(error)
            }
        }
        return try loaded.get()
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
        case .csv(let path, let header, let label):
            dataset = try .csv(
                file: dataRoot + "/" + path, header: header, label: label.engine)
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

extension DataSpec.LabelColumn {
    fileprivate var engine: LabelColumn {
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
