import Foundation

extension Safetensors {
    /// Reads a file's bytes.
    ///
    /// - Parameters:
    ///   - bytes: the whole file.
    ///   - path: what errors name.
    /// - Throws: `NetError.corrupt` for anything that isn't whole: a header that is no JSON object,
    ///   an array of another kind of numbers, holes, overlaps, bytes left over.
    public init(decoding bytes: [UInt8], path: String) throws(NetError) {
        do {
            let headerEnd = try Self.headerEnd(bytes)
            let header = try Self.object(Data(bytes[8..<headerEnd]))
            metadata = try Self.metadata(header[Self.metadataName])
            tensors = try Self.tensors(header, ArraySlice(bytes[headerEnd...]))
        } catch {
            throw .corrupt(
                path: path, line: nil, problem: "it is no safetensors file: \(error.problem)",
                fix: "write it again")
        }
    }

    private struct Damage: Error {
        var problem: String
    }

    private static func headerEnd(_ bytes: [UInt8]) throws(Damage) -> Int {
        guard bytes.count >= 8 else { throw Damage(problem: "it is too short") }
        let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(bytes.count - 8) else {
            throw Damage(problem: "its header would be longer than the file")
        }
        return 8 + Int(length)
    }

    private static func object(_ data: Data) throws(Damage) -> [String: Any] {
        guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
            throw Damage(problem: "its header is no JSON object")
        }
        return object
    }

    private static func metadata(_ value: Any?) throws(Damage) -> [String: String] {
        guard let value else { return [:] }
        guard let metadata = value as? [String: String] else {
            throw Damage(problem: "its metadata are no texts")
        }
        return metadata
    }

    private static func tensors(
        _ header: [String: Any], _ data: ArraySlice<UInt8>
    ) throws(Damage) -> [Tensor] {
        var places: [(tensor: Tensor, range: Range<Int>)] = []
        for name in header.keys.sorted() where name != metadataName {
            places.append(try place(name, header[name], data.count))
        }
        places.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        var end = 0
        for place in places {
            guard place.range.lowerBound == end else {
                throw Damage(problem: "its arrays overlap or leave holes")
            }
            end = place.range.upperBound
        }
        guard end == data.count else { throw Damage(problem: "bytes are left over") }
        return places.map { place in
            var tensor = place.tensor
            tensor.bytes = Array(data.dropFirst(place.range.lowerBound).prefix(place.range.count))
            return tensor
        }
    }

    private static func place(
        _ name: String, _ value: Any?, _ dataCount: Int
    ) throws(Damage) -> (Tensor, Range<Int>) {
        guard let entry = value as? [String: Any], let word = entry["dtype"] as? String,
            let shape = entry["shape"] as? [Int], let offsets = entry["data_offsets"] as? [Int]
        else { throw Damage(problem: "an array has no dtype, shape and data_offsets") }
        guard let element = Element(rawValue: word) else {
            throw Damage(problem: "an array has numbers of the kind `\(word.prefix(20))`")
        }
        guard let size = size(shape, element), offsets.count == 2, offsets[0] >= 0,
            offsets[1] <= dataCount, offsets[0] <= offsets[1], offsets[1] - offsets[0] == size
        else { throw Damage(problem: "an array lies outside of the file or has another size") }
        return (
            Tensor(name: name, element: element, shape: shape, bytes: []),
            offsets[0]..<offsets[1]
        )
    }

    /// Nil for lengths below 0, and beyond the integers.
    private static func size(_ shape: [Int], _ element: Element) -> Int? {
        var size = element.size
        for length in shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: length)
            if length < 0 || overflow { return nil }
            size = product
        }
        return size
    }
}
