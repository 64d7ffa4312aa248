import ReplicateAPI

/// The hardware that models and deployments can run on, with the names and SKUs of Replicate's
/// pricing page.
enum HardwareList {
  static let all: [(name: String, sku: String)] = [
    ("CPU", "cpu"),
    ("Nvidia T4 GPU", "gpu-t4"),
    ("Nvidia L40S GPU", "gpu-l40s"),
    ("2x Nvidia L40S GPU", "gpu-l40s-2x"),
    ("Nvidia A100 (80GB) GPU", "gpu-a100-large"),
    ("2x Nvidia A100 (80GB) GPU", "gpu-a100-large-2x"),
    ("4x Nvidia A100 (80GB) GPU", "gpu-a100-large-4x"),
    ("8x Nvidia A100 (80GB) GPU", "gpu-a100-large-8x"),
    ("Nvidia H100 GPU", "gpu-h100"),
    ("2x Nvidia H100 GPU", "gpu-h100-2x"),
    ("4x Nvidia H100 GPU", "gpu-h100-4x"),
    ("8x Nvidia H100 GPU", "gpu-h100-8x"),
  ]

  /// The answer to `GET /hardware`.
  static let json: JSONValue = .array(
    all.map { ["sku": .string($0.sku), "name": .string($0.name)] })

  /// The schema of a SKU in a request body.
  static let schema: JSONValue = ["type": "string", "enum": .array(all.map { .string($0.sku) })]
}
