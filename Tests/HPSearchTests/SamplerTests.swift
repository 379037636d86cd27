import Testing

@testable import HPSearch

@Suite("Samplers")
struct SamplerTests {
    /// scipy.stats.qmc.Sobol(16, scramble=False), whose point i is point `i ^ i >> 1` here, in
    /// units of 2⁻¹⁶.
    @Test(arguments: [
        (
            7,
            [
                8192, 40960, 24576, 8192, 8192, 24576, 40960, 40960, 40960, 57344, 40960, 8192,
                40960, 24576, 8192, 8192, 8192, 8192, 40960, 57344,
            ]
        ),
        (
            21,
            [
                63488, 38912, 22528, 51200, 43008, 22528, 26624, 47104, 6144, 2048, 30720, 34816,
                18432, 34816, 47104, 26624, 10240, 63488, 43008, 43008,
            ]
        ),
        (
            63,
            [
                1024, 52224, 23552, 29696, 56320, 9216, 37888, 9216, 54272, 37888, 27648, 44032,
                35840, 50176, 21504, 50176, 5120, 25600, 62464, 15360,
            ]
        ),
    ])
    func `plain Sobol points are SciPy's`(index: Int, expected: [Int]) {
        let bits = UInt32(index ^ index >> 1)
        let points = (0..<SobolSampler.dimensionMaximum).map {
            Int(SobolSampler.point(bits, dimension: $0) >> 16)
        }
        #expect(points == expected)
    }

    @Test func `there is a dimension for every setting that can be searched`() {
        #expect(SobolSampler.dimensionMaximum >= EngineSetting.allCases.count)
    }

    @Test func `scrambled points keep one point in every interval`() {
        for seed: UInt32 in [0, 1, 77, 0xffff_ffff] {
            for dimension in 0..<SobolSampler.dimensionMaximum {
                let cells = (0..<UInt32(64)).map { index in
                    SobolSampler.scrambled(
                        SobolSampler.point(index, dimension: dimension), by: seed) >> 26
                }
                #expect(Set(cells).count == 64)
            }
        }
    }

    @Test func `scrambling depends on the seed, the stage and the dimension`() {
        let domains = [ParameterDomain](repeating: .uniform(low: 0, high: 1), count: 2)
        let draw = { (seed: UInt64, stage: Int) in
            SobolSampler.draw(domains, seed: seed, stage: stage, index: 5)
        }
        #expect(draw(1, 0) == draw(1, 0))
        #expect(draw(1, 0) != draw(2, 0))
        #expect(draw(1, 0) != draw(1, 1))
        #expect(draw(1, 0)[0] != draw(1, 0)[1])
    }

    @Test func `a grid has as many values of every range as fit, ends included`() {
        let domains: [ParameterDomain] = [
            .logUniform(low: 1e-4, high: 1), .uniform(low: 0, high: 1),
        ]
        let grid = GridSampler(domains, trialCount: 29)
        #expect(grid.levels == [5, 5])
        #expect(grid.draw(domains, index: 0) == [.number(1e-4), .number(0)])
        #expect(grid.draw(domains, index: 24) == [.number(1), .number(1)])
        #expect(grid.draw(domains, index: 25) == nil)
        #expect(GridSampler(domains, trialCount: 30).levels == [6, 5])
        #expect(GridSampler(domains, trialCount: 1).levels == [1, 1])
    }

    @Test func `a grid takes every value of a choice and no whole number twice`() {
        let domains: [ParameterDomain] = [
            .choice([.text("a"), .text("b"), .text("c")]), .logInteger(low: 1, high: 4),
            .value(.number(3)), .integer(low: 1, high: 100),
        ]
        let grid = GridSampler(domains, trialCount: 100)
        #expect(grid.levels == [3, 4, 1, 8])
        let numbers = (0..<96).compactMap { grid.draw(domains, index: $0)?[1].asNumber }
        #expect(Set(numbers) == [1, 2, 3, 4])
    }

    @Test func `a grid of many large choices does not overflow`() {
        let choice = ParameterDomain.choice((0..<1000).map(ParameterValue.integer))
        let domains = [ParameterDomain](repeating: choice, count: 9)
        #expect(GridSampler(domains, trialCount: 10).pointCount == .max)
    }

    @Test func `inactive parameters make those that depend on them inactive`() throws {
        var spec = try Planned.spec(parameters: [
            "activation: {choice: [relu, tanh]}", "init: {choice: [he, xavier]}",
            "momentum: {uniform: [0.1, 0.9]}",
        ])
        spec.parameters[1].conditions = [
            ParameterCondition(parameter: "activation", values: [.text("relu")])
        ]
        spec.parameters[2].conditions = [
            ParameterCondition(parameter: "init", values: [.text("he"), .text("xavier")])
        ]
        let values: [ParameterValue] = [.text("tanh"), .text("he"), .number(0.5)]
        #expect(spec.withoutInactive(values) == [.text("tanh"), .inactive, .inactive])
        let active: [ParameterValue] = [.text("relu"), .text("he"), .number(0.5)]
        #expect(spec.withoutInactive(active) == active)
    }
}
