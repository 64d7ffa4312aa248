// swift-tools-version: 6.2

import PackageDescription

// A separate package, so that users of Replicant never resolve its dependencies.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "replicant", path: "..")],
  targets: [
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        .product(name: "ReplicateAPI", package: "replicant"),
        .product(name: "TerminalKit", package: "replicant"),
        .product(name: "ViewModels", package: "replicant"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")])
  ],
  swiftLanguageModes: [.v6]
)
