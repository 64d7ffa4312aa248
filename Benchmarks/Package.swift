// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that whoever uses Replicant never resolves it.
let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "replicant", path: "..")],
  targets: [
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        .product(name: "TerminalKit", package: "replicant"),
        .product(name: "ViewModels", package: "replicant"),
      ],
      swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")])
  ],
  swiftLanguageModes: [.v6]
)
