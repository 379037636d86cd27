import HPSearch
import Testing

@Suite("Conditions, limits, samplers")
struct ConditionTests {
    private static func spec(
        _ parameters: String, stages: String = "[{name: a, trials: 20, epochs: 1}]",
        sampler: String = "random"
    ) throws -> StudySpec {
        try StudySpec.read(
            text: """
                study: s
                seed: 1
                objective: {metric: val_accuracy, goal: maximize}
                data: {dataset: digits}
                sampler: \(sampler)
                parameters: {\(parameters)}
                stages: \(stages)
                """, file: "spec.yaml")
    }

    private func requireReadBack(_ spec: StudySpec) throws {
        #expect(try StudySpec(content: spec.content) == spec)
        #expect(try StudySpec.read(text: spec.resolvedYAML, file: "resolved") == spec)
    }

    @Test func `a parameter is active under conditions, whatever their order`() throws {
        let spec = try Self.spec(
            """
            optimizer: {choice: [momentum, sgd]}, activation: {choice: [relu, tanh]},
            momentum: {uniform: [0.5, 0.9], when: {optimizer: momentum, activation: [tanh, relu]}}
            """)
        #expect(
            spec.parameters[1].conditions == [
                ParameterCondition(
                    parameter: "activation", values: [.text("relu"), .text("tanh")]),
                ParameterCondition(parameter: "optimizer", values: [.text("momentum")]),
            ])
        try requireReadBack(spec)
        #expect(spec.resolvedYAML.contains("when: {activation: [relu, tanh], optimizer: [mom"))
    }

    @Test func `the other parameter may be conditional itself, whole or fixed`() throws {
        let spec = try Self.spec(
            """
            optimizer: {value: momentum}, hidden: {int: [10, 30], when: {optimizer: momentum}},
            dropout: {uniform: [0, 0.5], when: {hidden: [30, 20]}},
            reg: {log_uniform: [1e-4, 1], when: {batch_size: 64}},
            batch_size: {log_int: [16, 128]},
            init: {choice: [he, small], when: {learning_rate: 1e-1}},
            learning_rate: {choice: [0.1, 0.01]}
            """)
        #expect(spec.parameters.filter { !$0.conditions.isEmpty }.count == 4)
        #expect(spec.parameters[1].conditions[0].values == [.integer(20), .integer(30)])
        try requireReadBack(spec)
    }

    @Test func `layers hold a condition`() throws {
        let spec = try Self.spec(
            """
            hidden: {choice: [[20], [20, 10], 5]},
            reg: {log_uniform: [1e-4, 1], when: {hidden: [5, [20, 10]]}}
            """)
        let layers = ParameterValue.list([.integer(20), .integer(10)])
        #expect(spec.parameters[1].conditions[0].values == [layers, .integer(5)])
        try requireReadBack(spec)
    }

    @Test func `limits are read and written`() throws {
        let spec = try Self.spec(
            """
            reg: {log_uniform: [1e-4, 1], limits: [1e-5, 10]},
            hidden: {int: [10, 30], limits: [1, 30]}
            """)
        #expect(spec.parameters.map(\.limits) == [1...30, 1e-5...10])
        #expect(spec.content.contains(#""hidden":{"int":[10,30],"limits":[1,30]}"#))
        try requireReadBack(spec)
    }

    @Test(arguments: [
        ("auto", StageSpec.Narrowing.auto), ("confirm", .confirm), ("off", .off),
        (
            "{reg: {log_uniform: [1e-5, 0.1]}}",
            .explicit([ParameterSpec(name: "reg", domain: .logUniform(low: 1e-5, high: 0.1))])
        ),
        (
            "{reg: {value: 0.5}}",
            .explicit([ParameterSpec(name: "reg", domain: .value(.number(0.5)))])
        ),
    ])
    func `a stage narrows in four ways`(text: String, narrowing: StageSpec.Narrowing) throws {
        let spec = try Self.spec(
            "reg: {log_uniform: [1e-4, 1], limits: [1e-5, 10]}",
            stages: """
                [{name: a, trials: 20, epochs: 1}, {name: b, trials: 2, epochs: 2, narrow: \(text)}]
                """)
        #expect(spec.stages[1].narrowing == narrowing)
        try requireReadBack(spec)
    }

    @Test(arguments: SamplerSpec.allCases)
    func `a sampler is named`(sampler: SamplerSpec) throws {
        let spec = try Self.spec("reg: {log_uniform: [1e-4, 1]}", sampler: sampler.rawValue)
        #expect(spec.sampler == sampler)
        try requireReadBack(spec)
    }

    @Test func `a grid has a trial for each combination of what is left of the choices`() throws {
        let parameters = "reg: {choice: [1, 2, 3]}, init: {choice: [he, small]}"
        let stages = """
            [{name: a, trials: 6, epochs: 1},
             {name: b, trials: 2, epochs: 1, narrow: {reg: {choice: [2]}}},
             {name: c, trials: 1, epochs: 1, from: top}]
            """
        #expect(throws: Never.self) {
            try Self.spec(parameters, stages: stages, sampler: "grid")
        }
        #expect(throws: SearchError.self) {
            try Self.spec(
                parameters, stages: stages.replacing("trials: 6", with: "trials: 5"),
                sampler: "grid")
        }
    }

    @Test func `a grid of several ranges says what it gives up`() throws {
        let ranges = "reg: {log_uniform: [1e-4, 1]}, dropout: {uniform: [0, 0.5]}"
        #expect(
            try Self.spec(ranges, sampler: "grid").gridNote
                == "the 20 trials of the grid of stage a try only 5 of dropout and 4 "
                + "of reg in different values; random search tries 20 of each (Bergstra and "
                + "Bengio 2012)")
        let withChoice = try Self.spec(ranges + ", init: {choice: [he, small]}", sampler: "grid")
        #expect(withChoice.gridNote?.contains("only 3 of dropout and 3") == true)
        #expect(try Self.spec(ranges).gridNote == nil)
        #expect(try Self.spec("reg: {log_uniform: [1e-4, 1]}", sampler: "grid").gridNote == nil)
    }

    @Test func `content without the new features is what it was`() throws {
        let spec = try StudySpec.read(text: SpecTests.yaml, file: "spec.yaml")
        #expect(
            spec.contentDigest
                == "6529bd118b69d983e79ab9cbfe9ba6feb6cb8115c11239c0976233a71c1e45c1")
    }
}
