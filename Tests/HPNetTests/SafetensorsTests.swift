import Foundation
import Testing

@testable import HPNet

@Suite("Safetensors files")
struct SafetensorsTests {
    private let sample = Safetensors(
        tensors: [
            Safetensors.Tensor(
                "b", shape: [2, 3],
                [1, -0.0, .infinity, .leastNonzeroMagnitude, 2.5, -3] as [Float]),
            Safetensors.Tensor("a", shape: [2], [-1, Int64.max] as [Int64]),
            Safetensors.Tensor("nothing", shape: [0, 4], [] as [Float]),
            Safetensors.Tensor("one", shape: [], [7] as [Float]),
        ], metadata: ["who": "a \"trial\"\n\u{1} of 0.53 → ü", "empty": ""])

    @Test func `what was written is read`() throws {
        let bytes = sample.encoded()
        let read = try Safetensors(decoding: bytes, path: "file")
        #expect(read.metadata == sample.metadata)
        #expect(Set(read.tensors) == Set(sample.tensors))
        #expect(read["b"]?.floats?.map(\.bitPattern) == sample["b"]?.floats?.map(\.bitPattern))
        #expect(read["a"]?.integers == [-1, .max])
        #expect(read["a"]?.floats == nil)
        #expect(read["c"] == nil)
        #expect(read.encoded().count == bytes.count)
    }

    @Test func `the file is what the format says`() throws {
        let file = Safetensors(
            tensors: [Safetensors.Tensor("x", shape: [1, 2], [1, 2] as [Float])],
            metadata: ["k": "v"])
        let header =
            #"{"__metadata__":{"k":"v"},"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        var expected: [UInt8] = [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]
        expected += Array(padded.utf8) + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40]
        #expect(file.encoded() == expected)
    }

    @Test(arguments: [
        ("{", "no JSON object"), ("[1]", "no JSON object"), (#"{"x": 1}"#, "no dtype"),
        (#"{"__metadata__": {"a": 1}}"#, "no texts"),
        (#"{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 8]}}"#, "another size"),
        (#"{"x": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]}}"#, "outside"),
        (#"{"x": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}"#, "outside"),
        (#"{"x": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}"#, "outside"),
        (#"{"x": {"dtype": "F16", "shape": [4], "data_offsets": [0, 8]}}"#, "`F16`"),
        (#"{"x": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#, "left over"),
        (#"{"x": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}}"#, "holes"),
        (
            #"{"x": {"dtype": "F32", "shape": [4611686018427387904, 4], "data_offsets": [0, 8]}}"#,
            "outside"
        ),
    ])
    func `a damaged header is said to be`(header: String, problem: String) {
        let bytes = [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8)
        let error = #expect(throws: NetError.self) {
            try Safetensors(decoding: bytes + [UInt8](repeating: 0, count: 8), path: "file")
        }
        #expect(error?.description.contains(problem) == true)
        #expect(error?.exitCode == 65)
    }

    @Test func `no cut of a file is taken for a file`() {
        let bytes = sample.encoded()
        for count in 0..<bytes.count {
            #expect(throws: NetError.self) {
                try Safetensors(decoding: Array(bytes.prefix(count)), path: "file")
            }
        }
        #expect(throws: NetError.self) {
            try Safetensors(decoding: [255, 255, 255, 255, 255, 255, 255, 255, 0], path: "file")
        }
    }
}
