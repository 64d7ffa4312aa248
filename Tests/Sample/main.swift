import ReplicateAPI

let client = Client(try .fromEnvironment())
let model = ModelID(owner: "black-forest-labs", name: "flux-schnell")
let request = PredictionRequest(.model(model), input: ["prompt": "a lighthouse in the rain"])
var run = try await client.create(request, recording: MemoryIntentStore())
for try await update in client.updates(of: run) { run = update }
print(run.status.rawValue, run.output ?? .null)
await client.shutdown()
