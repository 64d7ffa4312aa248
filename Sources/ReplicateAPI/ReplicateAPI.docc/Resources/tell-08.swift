import Foundation
import ReplicateAPI

@main
struct Tell {
  static func main() async throws {
    let prompt = CommandLine.arguments.dropFirst().joined(separator: " ")
    let client = Client(try .fromEnvironment())

    let request = PredictionRequest(
      .model(ModelID(owner: "meta", name: "meta-llama-3-8b-instruct")),
      input: ["prompt": .string(prompt)])
    let prediction = try await client.create(request, recording: MemoryIntentStore())

    let output = client.output(of: prediction)
    if let output {
      for try await event in output {
        guard case .output(let piece) = event else { continue }
        FileHandle.standardOutput.write(Data(piece.utf8))
      }
      print()
    }

    var end = prediction
    for try await update in client.updates(of: prediction) { end = update }
    if end.status != .succeeded {
      print("The run \(end.status.rawValue): \(end.error ?? "no reason was given")")
    } else if output == nil {
      print(end.output ?? .null)
    }
    await client.shutdown()
  }
}
