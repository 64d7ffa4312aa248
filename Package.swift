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
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
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
    ours("CursesTerminal", ["TerminalKit", "CNcurses"]),
    ours("ViewModels", ["ReplicateAPI", collections]),
    ours("Panes", ["ViewModels", "ReplicateAPI", "TerminalKit", collections]),
    ours("Desktop", ["ViewModels", "TerminalKit"]),
    ours(
      "DemoReplicate",
      [
        "ReplicateAPI",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
        .product(name: "Crypto", package: "swift-crypto"),
        collections, logging,
      ]),
    .executableTarget(
      name: "replicant",
      dependencies: [
        "ReplicateAPI", "ViewModels", "Panes", "TerminalKit", "CursesTerminal", "Desktop",
        "DemoReplicate", logging,
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "Support",
      dependencies: ["ReplicateAPI", "ViewModels", "Panes", "TerminalKit", "DemoReplicate"],
      path: "Tests/Support", swiftSettings: strict),
    .executableTarget(
      name: "ReadmeSample", dependencies: ["ReplicateAPI"], path: "Tests/Sample",
      swiftSettings: strict),
    .executableTarget(
      name: "TerminalSample", dependencies: ["CursesTerminal", "TerminalKit"],
      path: "Tests/TerminalSample", swiftSettings: strict),
    tests("ReplicateAPITests", ["ReplicateAPI"]),
    tests("TerminalKitTests", ["TerminalKit"]),
    tests("CursesTerminalTests", ["CursesTerminal"]),
    tests("ViewModelsTests", ["ViewModels"]),
    tests("PanesTests", ["Panes"], exclude: ["Snapshots"]),
    tests("LookTests", ["Panes", "CursesTerminal"], exclude: ["Snapshots"]),
    tests("DesktopTests", ["Desktop"]),
    tests(
      "DemoReplicateTests",
      [
        "DemoReplicate", "ReplicateAPI",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
      ]),
    tests(
      "ServiceTests",
      [
        "DemoReplicate", "ReadmeSample", "ReplicateAPI",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests("EndToEndTests", ["replicant", "TerminalSample"]),
    tests("RepositoryTests", []),
  ],
  swiftLanguageModes: [.v6]
)
