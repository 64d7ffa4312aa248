// swift-tools-version: 6.2

import PackageDescription

let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

/// One of our own targets: every warning is an error.
func ours(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// A test target of ours; all may use Tests/Support.
func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["Support"], exclude: exclude,
    swiftSettings: strict)
}

let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
  name: "replicant",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "ReplicateAPI", targets: ["ReplicateAPI"]),
    // The benchmarks' package has no other way in.
    .library(name: "TerminalKit", targets: ["TerminalKit"]),
    .library(name: "ViewModels", targets: ["ViewModels"]),
    .executable(name: "replicant", targets: ["replicant"]),
  ],
  dependencies: [
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
  ],
  targets: [
    ours(
      "ReplicateAPI",
      [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Crypto", package: "swift-crypto"),
        collections, logging,
      ]),
    ours("TerminalKit", []),
    .target(
      name: "CNcurses",
      linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
    .target(name: "CTasks"),
    ours("Settings", []),
    ours("CursesTerminal", ["TerminalKit", "Settings", "CNcurses", "CTasks"]),
    ours("Pictures", []),
    ours("Running", ["ReplicateAPI", "Pictures", collections]),
    ours(
      "Archive",
      [
        "ReplicateAPI", "Running", "Settings",
        .product(name: "Crypto", package: "swift-crypto"), collections,
      ]),
    ours("ViewModels", ["Running", "Settings", "ReplicateAPI", collections]),
    ours(
      "Panes", ["ViewModels", "Running", "Settings", "ReplicateAPI", "TerminalKit", collections]),
    ours("Desktop", ["ViewModels", "Running", "Settings", "TerminalKit"]),
    .systemLibrary(
      name: "CZlib", path: "Sources/CZlib", pkgConfig: nil, providers: [.apt(["zlib1g-dev"])]),
    ours(
      "DemoReplicate",
      [
        "ReplicateAPI", "CZlib",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "Crypto", package: "swift-crypto"),
        collections, logging,
      ]),
    .executableTarget(
      name: "replicant",
      dependencies: [
        "ReplicateAPI", "Running", "ViewModels", "Panes", "TerminalKit", "CursesTerminal",
        "Settings", "Desktop", "DemoReplicate", "Archive", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Writes the files in docs that come from tables in the sources; no part of the product.
    .executableTarget(
      name: "GenerateDocuments",
      dependencies: ["Panes", "ViewModels", "Settings", "ReplicateAPI"],
      path: "Tools/GenerateDocuments", swiftSettings: strict),

    .target(
      name: "Support",
      dependencies: ["ReplicateAPI", "Running", "ViewModels", "Panes", "TerminalKit"],
      path: "Tests/Support", swiftSettings: strict),
    .executableTarget(
      name: "ReadmeSample", dependencies: ["ReplicateAPI"], path: "Tests/Sample",
      swiftSettings: strict),
    // The Swift code of requests, which ServiceTests writes and runs.
    .executableTarget(
      name: "RequestSamples", dependencies: ["ReplicateAPI"], path: "Tests/RequestSamples",
      swiftSettings: strict),
    .executableTarget(
      name: "TerminalSample", dependencies: ["CursesTerminal", "Settings", "TerminalKit"],
      path: "Tests/TerminalSample", swiftSettings: strict),
    tests("ReplicateAPITests", ["ReplicateAPI"]),
    tests("TerminalKitTests", ["TerminalKit"]),
    tests("SettingsTests", ["Settings"]),
    tests("CursesTerminalTests", ["CursesTerminal", "Settings"]),
    tests("PicturesTests", ["Pictures"]),
    tests("RunningTests", ["Running", "ReplicateAPI"]),
    tests("ArchiveTests", ["Archive", "ReplicateAPI", "Running"]),
    tests("ViewModelsTests", ["ViewModels"]),
    tests("PanesTests", ["Panes", "Settings"], exclude: ["Snapshots"]),
    tests("LookTests", ["Panes", "CursesTerminal"], exclude: ["Snapshots"]),
    tests("DesktopTests", ["Desktop", "Settings"]),
    tests(
      "DemoReplicateTests",
      [
        "DemoReplicate", "ReplicateAPI",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ]),
    tests(
      "ServiceTests",
      [
        "DemoReplicate", "Panes", "ReadmeSample", "RequestSamples", "ReplicateAPI", "Running",
        "ViewModels",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests(
      "EndToEndTests",
      [
        "replicant", "ReplicateAPI", "TerminalSample",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    tests("RepositoryTests", ["GenerateDocuments"]),
  ],
  swiftLanguageModes: [.v6]
)

// `make sanitize` builds everything again, under the thread sanitizer. `swift build --build-tests`
// can't build only some of the tests, so it leaves out here what needs the demo service: its
// libraries take longest to build, and tests of other processes wouldn't be sanitized anyway. Nor are
// the tests of view-models, of what draws, and of the desktop: the compiler sees to it that the main
// thread does all of that alone, so there is no race to find, in ten times the time. The dependencies
// stay, so that both builds resolve the same versions.
if Context.environment["REPLICANT_SANITIZE"] != nil {
  let leftOut: Set = [
    "DemoReplicate", "replicant", "GenerateDocuments", "ReadmeSample", "RequestSamples",
    "TerminalSample", "Panes",
    "DemoReplicateTests", "ServiceTests", "EndToEndTests", "RepositoryTests",
    "PanesTests", "LookTests", "TerminalKitTests", "ViewModelsTests", "DesktopTests",
  ]
  if let support = package.targets.first(where: { $0.name == "Support" }) {
    support.dependencies = ["ReplicateAPI", "Running"]
    support.exclude = [
      "FieldFiller.swift", "InputExample.swift", "ManyScripts.swift", "Stage.swift",
      "Stage+Account.swift", "Stage+Places.swift", "Mutation/MutationRun.swift",
    ]
  }
  package.targets.removeAll { leftOut.contains($0.name) }
  package.products.removeAll { leftOut.contains($0.name) }

  // The sanitizer can't see how Swift's Mutex waits unless it's told.
  package.targets.append(.target(name: "CThreadSanitizer", path: "Tests/CThreadSanitizer"))
  package.targets.first { $0.name == "Support" }?.dependencies.append("CThreadSanitizer")
}
