import DemoReplicate
import ReplicateAPI
import Support
import Testing

/// The core against a service with odd data: it may not understand everything, but it goes on.
@Suite(.serialized, .endsSometime) struct OddServiceTests {
  /// A client that neither repeats nor waits, so that an absurd wait is an error at once.
  private static func hasty(_ server: DemoServer) -> Client {
    Service.client(of: server) { $0.retryPolicy = .never }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `every list and every object is read, whatever is in it`(seed: UInt64) async throws {
    var options = DemoOptions()
    options.faults = DemoFault.odd.subtracting([.oddWaits])
    options.seed = seed
    try await Service.run(options) { service in
      let client = Self.hasty(service.server)
      var goodRows = 0
      var calls = 0
      /// An answer may be unreadable, and a row that isn't one may lead to nothing.
      func ask<Response>(_ endpoint: Endpoint<Response>) async -> Response? {
        calls += 1
        do throws(ReplicateError) {
          return try await client.send(endpoint)
        } catch {
          switch error.reason {
          case .unreadable, .notFound: break
          default: Issue.record(error)
          }
          return nil
        }
      }
      func list<Item>(_ endpoint: Endpoint<Page<Item>>) async -> [Item] {
        var page = await ask(endpoint)
        var rows = page?.results ?? []
        // What leads back is for the list's own tests.
        for _ in 0..<4 {
          guard let last = page, last.next != nil else { break }
          calls += 1
          page = try? await client.page(after: last, of: endpoint)
          rows += page?.results ?? []
        }
        goodRows += rows.count
        return rows
      }
      for _ in 0..<3 {
        _ = await ask(.account)
        _ = await ask(.webhookSecret)
        _ = await list(.hardware)
        _ = await list(.deployments)
        _ = await list(.files)
        _ = await list(.trainings)
        for collection in await list(.collections).prefix(8) {
          goodRows += await ask(.collection(collection.slug))?.models.count ?? 0
        }
        for model in await list(.models()).prefix(12) {
          _ = await ask(.model(model.id))
          _ = await ask(.readme(of: model.id))
          _ = await list(.examples(of: model.id))
          guard !model.isOfficial else { continue }
          for version in await list(.versions(of: model.id)).prefix(2) {
            _ = await ask(.version(version.id, of: model.id))
          }
        }
        for words in ["picture", "text", "a"] {
          _ = await ask(.search(words))
          _ = await list(.searchModels(words))
        }
        for prediction in await list(.predictions()).prefix(40) {
          _ = await ask(.prediction(prediction.id))
        }
      }
      #expect(calls > 300)
      #expect(goodRows > 500)
      await client.shutdown()
    }
  }

  @Test func `a run ends for a client that follows it`() async throws {
    var options = DemoOptions()
    options.faults = DemoFault.odd.subtracting([.oddWaits])
    try await Service.run(options) { service in
      let version = try await service.version(of: .palindrome)
      for number in 0..<10 {
        let begun = try await service.client.send(
          .createPrediction(version: version.rawValue, input: ["text": .string("Anna \(number)")]))
        #expect(try await service.end(of: begun).hasEnded)
      }
      #expect(await service.server.predictions().count == 10)
    }
  }

  @Test func `waits of every kind are read`() async throws {
    var options = DemoOptions()
    options.faults = [.oddWaits]
    try await Service.run(options) { service in
      var statuses: Set<Int> = []
      for _ in 0..<40 {
        // What a client is told, another doesn't know.
        let client = Self.hasty(service.server)
        for _ in 0..<8 {
          do throws(ReplicateError) {
            #expect(try await client.send(.account).username == "demo")
            statuses.insert(200)
          } catch {
            statuses.insert(error.status ?? 0)
          }
        }
        await client.shutdown()
      }
      #expect(statuses.isSuperset(of: [200, 429, 503]))
    }
  }
}
