// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
]

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], path: String? = nil,
    resources: [Resource] = [], exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: path, exclude: exclude, resources: resources,
        swiftSettings: swiftSettings)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let unixSignals = Target.Dependency.product(
    name: "UnixSignals", package: "swift-service-lifecycle")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let orderedCollections = Target.Dependency.product(
    name: "OrderedCollections", package: "swift-collections")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "hpcoord",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "hpcoord", targets: ["hpcoord"]),
        .executable(name: "hpworker", targets: ["hpworker"]),
        .executable(name: "hpsim", targets: ["hpsim"]),
        .executable(name: "hpbench", targets: ["hpbench"]),
        .library(name: "HPNet", targets: ["HPNet"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ"),
        .systemLibrary(name: "CSodium"),
        .systemLibrary(name: "CSQLite"),
        .systemLibrary(name: "CZlib"),
        .target(
            name: "CKernels",
            exclude: ["variant.inc", "layers.inc"],
            // Kernels are optimized in debug builds too: unoptimized they are 50 times slower.
            cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off"])]),

        .target(name: "CCurl"),
        .target(name: "CDigits", exclude: ["generate.sh", "LICENSE-digits.md"]),

        module("HPMath"),
        module("HPTerminal"),
        module("HPDigest", ["CSodium"]),
        module("HPSearch", ["HPMath", "HPDigest", yams], exclude: ["Schemas"]),
        module("HPCluster", ["HPSearch", deque, orderedCollections]),
        module("HPReport", ["HPSearch", "HPCluster", "HPDigest"], exclude: ["Schemas"]),

        module("HPNet", ["CKernels", "CDigits", "CZlib", "HPMath", "HPDigest"]),
        module("HPDownload", ["CCurl", "HPNet", "HPDigest"]),
        module("HPWire", ["HPCluster", "HPSearch", protobuf], exclude: ["hpcoord.proto"]),
        module("HPKeys", ["CZeroMQ", "HPDigest"]),
        module("HPTransport", ["CZeroMQ", "HPKeys"]),
        module("HPStore", ["HPCluster", "HPSearch", "HPWire", "CSQLite", grdb]),

        module(
            "HPServer",
            [
                "HPCluster", "HPSearch", "HPReport", "HPWire", "HPKeys", "HPTransport", "HPStore",
                logging,
            ]),
        module(
            "HPRunner",
            ["HPCluster", "HPSearch", "HPNet", "HPWire", "HPKeys", "HPTransport", logging]),

        program(
            "hpcoord",
            [
                "HPServer", "HPRunner", "HPSearch", "HPCluster", "HPReport", "HPWire",
                "HPKeys", "HPTransport", "HPStore", "HPNet", "HPDownload", "HPTerminal",
                argumentParser, logging, unixSignals,
            ]),
        program(
            "hpworker",
            [
                "HPRunner", "HPCluster", "HPNet", "HPKeys", "HPTransport", "HPTerminal",
                argumentParser, logging, unixSignals,
            ]),

        .target(
            name: "CMeasure", dependencies: ["CKernels"], path: "Tests/Benchmarks/CMeasure",
            cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off"])]),
        .executableTarget(
            name: "hpbench",
            dependencies: [
                "HPNet", "HPMath", "HPReport", "HPSearch", "CKernels", "CMeasure", "SpecFuzzing",
                "DataTesting", "RandomStudies", argumentParser,
            ],
            path: "Tests/Benchmarks/hpbench", swiftSettings: swiftSettings),

        .target(
            name: "SpecFuzzing", dependencies: ["HPSearch"], path: "Tests/SpecFuzzing",
            swiftSettings: swiftSettings),
        .target(
            name: "DataTesting",
            dependencies: ["HPNet", "HPMath", "HPDownload", "HPDigest", "CZlib", "SpecFuzzing"],
            path: "Tests/DataTesting", swiftSettings: swiftSettings),
        .target(
            name: "RandomStudies", dependencies: ["HPSearch", "HPMath"],
            path: "Tests/RandomStudies", swiftSettings: swiftSettings),
        .target(
            name: "HPSimulator",
            dependencies: [
                "HPServer", "HPCluster", "HPSearch", "HPReport", "HPWire", "HPStore", "HPMath",
                "RandomStudies", "CrashDisk",
            ],
            path: "Tests/HPSimulator/Simulator", swiftSettings: swiftSettings),
        .executableTarget(
            name: "hpsim", dependencies: ["HPSimulator", argumentParser],
            path: "Tests/HPSimulator/hpsim", swiftSettings: swiftSettings),
        .target(
            name: "ClusterTesting", dependencies: ["HPCluster"], path: "Tests/ClusterTesting",
            swiftSettings: swiftSettings),
        .target(
            name: "SchemaTesting", path: "Tests/SchemaTesting", swiftSettings: swiftSettings),
        .target(
            name: "CrashDisk", dependencies: ["HPStore", "CSQLite"], path: "Tests/CrashDisk",
            swiftSettings: swiftSettings),

        .target(name: "CGolden", dependencies: ["CKernels"], path: "Tests/Golden/CGolden"),

        tests("HPMathTests", ["HPMath"]),
        tests("HPTerminalTests", ["HPTerminal"]),
        tests("HPNetTests", ["HPNet", "CKernels", "CGolden", "HPMath", "HPDigest", "DataTesting"]),
        tests("HPDownloadTests", ["HPDownload", "HPNet", "DataTesting"]),
        tests(
            "HPSearchTests",
            [
                "HPSearch", "HPMath", "HPDigest", "SpecFuzzing", "SchemaTesting", "RandomStudies",
            ]),
        tests(
            "SearchPropertyTests",
            [
                "HPSearch", "HPCluster", "HPReport", "HPMath", "ClusterTesting", "RandomStudies",
            ]),
        tests("HPClusterTests", ["HPCluster", "HPSearch", "ClusterTesting"]),
        tests(
            "HPServerTests",
            [
                "HPServer", "HPCluster", "HPSearch", "HPReport", "HPRunner", "HPNet", "HPStore",
                "HPWire", "HPKeys", "HPTransport", "ClusterTesting", logging,
            ]),
        tests(
            "HPReportTests",
            ["HPReport", "HPSearch", "HPMath", "HPCluster", "HPDigest", "SchemaTesting"],
            resources: [.copy("Golden")]),
        tests("HPWireTests", ["HPWire", "HPCluster", "HPSearch"]),
        tests("HPKeysTests", ["HPKeys"]),
        tests("HPTransportTests", ["HPTransport", "HPKeys"]),
        tests(
            "HPStoreTests",
            ["HPStore", "HPCluster", "HPSearch", "HPWire", "CrashDisk", grdb]),
        tests("HPSimulatorTests", ["HPSimulator"], path: "Tests/HPSimulator/Tests"),
        tests("HPRunnerTests", ["HPRunner", "HPCluster", "HPSearch", "HPNet", "HPMath"]),
        tests("EndToEndTests", ["DataTesting"], exclude: ["Specs"]),
        tests("TidyTests", []),
    ]
)
