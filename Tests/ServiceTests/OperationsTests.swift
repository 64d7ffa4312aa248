import Crypto
import DemoReplicate
import Foundation
import ReplicateAPI
import Testing

/// Each of the API's operations by its typed call, over a socket. The table in docs/operations.md names
/// the tests here.
@Suite(.serialized) struct OperationsTests {
  @Test func `the account is told`() async throws {
    try await Service.run { service in
      let account = try await service.client.send(.account)
      #expect(account.username == "demo" && account.type == "organization")
    }
  }

  @Test func `collections are listed, and one is told with its models`() async throws {
    try await Service.run { service in
      let list = try await service.client.send(.collections)
      let first = try #require(list.results.first)
      let collection = try await service.client.send(.collection(first.slug))
      #expect(collection.name == first.name)
      #expect(!collection.models.isEmpty)
      let reason = await failure { _ = try await service.client.send(.collection("none")) }
      #expect(reason?.status == 404 && reason?.route == .getCollection)
    }
  }

  @Test func `the kinds of hardware are told`() async throws {
    try await Service.run { service in
      let hardware = try await service.client.send(.hardware)
      #expect(hardware.results.contains { $0.sku == "cpu" && $0.name == "CPU" })
    }
  }

  @Test func `models are listed by pages in both directions`() async throws {
    try await Service.run { service in
      var down: [ModelID] = []
      for try await page in service.client.pages(of: .models(sortBy: .modelCreatedAt)) {
        down += page.results.map(\.id)
      }
      var up: [ModelID] = []
      for try await page in service.client.pages(
        of: .models(sortBy: .modelCreatedAt, direction: .ascending))
      {
        up += page.results.map(\.id)
      }
      #expect(down.count > 15 && Set(down).count == down.count)
      #expect(up == down.reversed())
    }
  }

  @Test func `models are searched in both ways`() async throws {
    try await Service.run { service in
      let found = try await service.client.send(.search("palindrome", limit: 3))
      #expect(found.query == "palindrome")
      #expect(found.models.contains { $0.model.id == .palindrome })
      #expect(found.models.count <= 3)
      let older = try await service.client.send(.searchModels("palindrome"))
      #expect(older.results.contains { $0.id == .palindrome })
      let refused = await failure { _ = try await service.client.send(.search("x", limit: 51)) }
      #expect(refused?.status == 400 || refused?.status == 422)
    }
  }

  @Test func `a model is told with its versions, examples and readme`() async throws {
    try await Service.run { service in
      let model = try await service.client.send(.model(.palindrome))
      #expect(model.id == .palindrome && model.latestVersion?.schema != nil)
      let versions = try await service.client.send(.versions(of: .palindrome))
      let newest = try #require(versions.results.first)
      let version = try await service.client.send(.version(newest.id, of: .palindrome))
      #expect(version == newest)
      let examples = try await service.client.send(.examples(of: .palindrome))
      #expect(examples.results.allSatisfy { $0.status == .succeeded && $0.output != nil })
      #expect(!examples.results.isEmpty)
      let readme = try await service.client.send(.readme(of: .palindrome))
      #expect(readme?.isEmpty == false)
    }
  }

  @Test func `a model of one's own is made, changed and deleted`() async throws {
    try await Service.run { service in
      let client = service.client
      let made = try await service.ownModel("mine")
      #expect(made.visibility == "private" && made.latestVersion == nil)
      #expect(try await client.send(.readme(of: made.id)) == nil)
      let changes = ModelChanges(description: "New", readme: "# Mine")
      let changed = try await client.send(.updateModel(made.id, changes))
      #expect(changed.description == "New")
      #expect(try await client.send(.readme(of: made.id)) == "# Mine")
      let again = await failure { _ = try await service.ownModel("mine") }
      #expect(again?.status == 409)
      try await client.send(.deleteModel(made.id))
      let gone = await failure { _ = try await client.send(.model(made.id)) }
      #expect(gone?.status == 404)
    }
  }

  @Test func `a prediction is made by version, followed, listed and canceled`() async throws {
    try await Service.run { service in
      let client = service.client
      let version = try await service.version(of: .palindrome)
      let begun = try await client.send(
        .createPrediction(version: version.rawValue, input: ["text": "Anna"]))
      let ended = try await service.end(of: begun)
      #expect(ended.status == .succeeded && ended.output != nil)
      #expect(try await client.send(.prediction(begun.id)).output == ended.output)
      let list = try await client.send(.predictions(createdAfter: begun.createdAt))
      #expect(list.results.contains { $0.id == begun.id })
      let late = try await client.send(.cancelPrediction(begun.id))
      #expect(late.status == .succeeded)
    }
  }

  @Test func `a prediction is made by an official model's name`() async throws {
    try await Service.run { service in
      let found = try await service.client.send(.models()).results.first(where: \.isOfficial)
      let official = try #require(found)
      let example = try await service.client.send(.examples(of: official.id)).results.first
      let begun = try await service.client.send(
        .createPrediction(model: official.id, input: try #require(example).input))
      #expect(begun.model == official.id.description)
      #expect(try await service.client.send(.cancelPrediction(begun.id)).status.isTerminal)
      let community = await failure {
        _ = try await service.client.send(.createPrediction(model: .palindrome, input: [:]))
      }
      #expect(community?.status == 404 && community?.route == .createModelPrediction)
    }
  }

  @Test func `a deployment is made, changed, run and told`() async throws {
    try await Service.run { service in
      let client = service.client
      let version = try await service.version(of: .palindrome)
      let request = DeploymentRequest(
        name: "words", model: .palindrome, version: version, hardware: "cpu", maxInstances: 2)
      let made = try await client.send(.createDeployment(request))
      #expect(made.id == ModelID(owner: "demo", name: "words"))
      #expect(made.currentRelease?.number == 1)
      let changed = try await client.send(
        .updateDeployment(made.id, DeploymentChanges(minInstances: 1)))
      #expect(changed.currentRelease?.number == 2)
      #expect(changed.currentRelease?.configuration.minInstances == 1)
      #expect(try await client.send(.deployment(made.id)) == changed)
      #expect(try await client.send(.deployments).results.first == changed)
      let begun = try await client.send(
        .createPrediction(deployment: made.id, input: ["text": "Otto"]))
      #expect(begun.deployment?.hasSuffix("words") == true)
      #expect(try await service.end(of: begun).status == .succeeded)
    }
  }

  @Test func `a deployment that is idle and off is deleted`() async throws {
    // So fast that its quarter of an hour is over at once.
    try await Service.run(speed: 1_000_000) { service in
      let version = try await service.version(of: .palindrome)
      let request = DeploymentRequest(
        name: "words", model: .palindrome, version: version, hardware: "cpu")
      let made = try await service.client.send(.createDeployment(request))
      try await service.client.send(.deleteDeployment(made.id))
      #expect(try await !service.client.send(.deployments).results.contains { $0.id == made.id })
    }
  }

  @Test func `a training is made, followed, listed and ends in a version`() async throws {
    try await Service.run(speed: 500) { service in
      let client = service.client
      let model = try await service.ownModel("trained")
      let version = try await service.version(of: .palindrome)
      let request = TrainingRequest(destination: model.id, input: [:])
      let begun = try await client.send(.createTraining(from: version, of: .palindrome, request))
      var last = begun
      for try await training in client.updates(of: begun) { last = training }
      #expect(last.status == .succeeded)
      let trained = try #require(last.output?.version)
      #expect(trained.hasPrefix("demo/trained:"))
      #expect(try await client.send(.training(begun.id)) == last)
      #expect(try await client.send(.trainings).results.first?.id == begun.id)
      let late = try await client.send(.cancelTraining(begun.id))
      #expect(late.status == .succeeded)
      let number = ModelVersion.ID(String(trained.split(separator: ":")[1]))
      try await client.send(.deleteVersion(number, of: model.id))
      #expect(try await client.send(.versions(of: model.id)).results.isEmpty)
    }
  }

  @Test func `a file is uploaded, told, listed, given to a model and deleted`() async throws {
    try await Service.run { service in
      let client = service.client
      let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      let steps = Steps()
      let upload = FileUpload(
        .bytes(bytes), name: "a \"b\" ü.bin", contentType: "application/x-thing",
        metadata: ["purpose": "test"])
      let file = try await client.upload(upload) { steps.add($0) }
      #expect(file.size == bytes.count)
      #expect(file.name == upload.name && file.contentType == upload.contentType)
      #expect(file.metadata == upload.metadata)
      #expect(file.checksums["sha256"]?.count == 64)
      #expect(steps.all.last == TransferProgress(done: bytes.count, total: bytes.count))
      #expect(steps.all.count == 2)
      #expect(try await client.send(.file(file.id)) == file)
      #expect(try await client.send(.files).results.contains(file))
      try await client.send(.deleteFile(file.id))
      let gone = await failure { _ = try await client.send(.file(file.id)) }
      #expect(gone?.reason == .notFound(detail: "File not found"))
    }
  }

  @Test func `a file's content is fetched by a signed address alone`() async throws {
    try await Service.run { service in
      let file = try await service.client.upload(FileUpload(.bytes([1, 2, 3]), name: "a"))
      let expiry = 4_000_000_000
      let code = HMAC<SHA256>.authenticationCode(
        for: Data("demo \(file.id) \(expiry)".utf8),
        using: SymmetricKey(data: Data(DemoServer.filesSigningSecret.utf8)))
      let signature = Data(code).base64EncodedString()
      let content = try await service.client.send(
        .fileContent(file.id, owner: "demo", expiry: expiry, signature: signature))
      #expect(content == [1, 2, 3])
      let refused = await failure {
        _ = try await service.client.send(
          .fileContent(file.id, owner: "demo", expiry: expiry, signature: "no"))
      }
      #expect(refused?.status == 404)
    }
  }

  @Test func `the webhook secret is told, and is a usable key`() async throws {
    try await Service.run { service in
      let secret = try await service.client.send(.webhookSecret)
      #expect(secret.key.hasPrefix("whsec_"))
      #expect(throws: WebhookSecret.VerificationError.wrongSignature) {
        try secret.verify(
          WebhookSecret.Delivery(id: "a", timestamp: "10", signatures: "v1,AAAA", body: []),
          now: 10)
      }
    }
  }
}
