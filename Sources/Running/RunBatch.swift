import OrderedCollections
import ReplicateAPI

/// A run with the values that some of its inputs are to have, one after another: what a group of runs
/// is made of. Without such values it is a single run.
public struct RunBatch: Hashable, Sendable {
  public var plan: RunPlan
  public var sweeps: [PredictionGroup.Sweep]

  public init(plan: RunPlan, sweeps: [PredictionGroup.Sweep] = []) {
    self.plan = plan
    self.sweeps = sweeps
  }
}

extension RunBatch {
  /// The files in the input and in the values, each value named by its number, as in `image.2`.
  var files: [FileReference] {
    let swept = Set(sweeps.map(\.name))
    var files = plan.files.filter { !swept.contains($0.path.first ?? "") }
    for sweep in sweeps {
      guard let kind = plan.schema?.inputs.first(where: { $0.name == sweep.name })?.kind else {
        continue
      }
      for (number, value) in sweep.values.enumerated() {
        files += value.files(kind, at: [sweep.name, "\(number)"])
      }
    }
    return files
  }

  mutating func replaceText(at path: [String], with text: String) {
    if let sweep = sweeps.firstIndex(where: { $0.name == path.first }) {
      guard path.count > 1, let number = Int(path[1]),
        sweeps[sweep].values.indices.contains(number)
      else { return }
      sweeps[sweep].values[number].replaceText(at: path[2...], with: text)
    } else {
      plan.input.replaceText(at: path[...], with: text)
    }
  }

  /// Whether ``Runs/prepare(_:in:progress:)`` has anything to do.
  package func needsPreparation(by client: Client) -> Bool {
    files.contains { $0.needsPreparation(by: client) }
  }
}

extension JSONObject {
  /// Replaces the text at a path of names of members and indices of items.
  mutating func replaceText(at path: ArraySlice<String>, with text: String) {
    guard let name = path.first else { return }
    self[name]?.replaceText(at: path.dropFirst(), with: text)
  }
}
