// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "tell",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "../replicant")],
  targets: [
    .executableTarget(
      name: "tell",
      dependencies: [.product(name: "ReplicateAPI", package: "replicant")])
  ]
)
