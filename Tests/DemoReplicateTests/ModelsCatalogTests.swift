import ReplicateAPI
import Testing

@testable import DemoReplicate

@Suite struct ModelsCatalogTests {
  let models = DemoModels.all()

  @Test func `every model has a unique name, a description, a readme and versions`() {
    #expect(models.count >= 16)
    #expect(Set(models.map(\.id)).count == models.count)
    for model in models {
      #expect(model.description.count > 20 && model.description.count < 120, "\(model.id)")
      #expect(!model.description.hasSuffix("."), "\(model.id)")
      #expect(model.readme.hasPrefix("# "), "\(model.id)")
      #expect(model.readme.count > 150, "\(model.id)")
      #expect((1000...300_000_000).contains(model.runCount), "\(model.id)")
      #expect((1...4).contains(model.versions.count), "\(model.id)")
    }
  }

  @Test func `version IDs are 64 hexadecimal digits, or hidden for official models`() {
    var ids: Set<String> = []
    for model in models {
      for version in model.versions where !(model.isOfficial && version.id == "hidden") {
        #expect(version.id.count == 64 && version.id.allSatisfy(\.isHexDigit), "\(model.id)")
        #expect(ids.insert(version.id).inserted)
      }
      let times = model.versions.map { Timestamp($0.createdAt).secondsSince1970 ?? 0 }
      #expect(times == times.sorted(by: >), "\(model.id)")
      #expect(!times.contains(0), "\(model.id)")
    }
    #expect(models.contains { $0.versions.first?.id == "hidden" })
  }

  @Test func `collections have every model, and only models that exist`() {
    let collections = DemoModels.collections()
    #expect(collections.count >= 5)
    #expect(Set(collections.map(\.slug)).count == collections.count)
    let known = Set(models.map(\.id))
    let held = collections.flatMap(\.models)
    #expect(Set(held) == known)
    for collection in collections {
      #expect(Set(collection.models).count == collection.models.count)
      #expect(!collection.description.isEmpty && !collection.fullDescription.isEmpty)
    }
  }

  @Test func `every schema gives inputs, in the order they were written`() {
    for model in models where model.id.name != "every-input" {
      #expect(!model.inputs.isEmpty, "\(model.id)")
      #expect(!model.inputs.map(\.kind).contains(.json), "\(model.id)")
      #expect(!model.inputs.contains { $0.description.isEmpty }, "\(model.id)")
      #expect(model.outputKind != .none, "\(model.id)")
    }
    #expect(
      DemoModel.painter.inputs.map(\.name) == [
        "prompt", "negative_prompt", "style", "aspect_ratio", "megapixels", "num_outputs", "steps",
        "seed", "output_format",
      ])
  }

  @Test func `examples only have inputs that exist, and all that are required`() {
    for model in models {
      let names = model.inputs.map(\.name)
      #expect(model.exampleInput.keys.allSatisfy(names.contains), "\(model.id)")
      for field in model.inputs where field.isRequired {
        #expect(model.exampleInput[field.name] != nil, "\(model.id) \(field.name)")
      }
    }
  }

  @Test func `the models have every kind of input and output`() {
    let fields = models.flatMap(\.inputs)
    func has(_ isMeant: (InputKind) -> Bool) -> Bool { fields.contains { isMeant($0.kind) } }
    #expect(has { if case .text(let rules) = $0 { rules.pattern != nil } else { false } })
    #expect(has { if case .text(let rules) = $0 { rules.maxLength != nil } else { false } })
    #expect(has { if case .secret = $0 { true } else { false } })
    #expect(has { $0 == .file() })
    #expect(has { if case .integer(let rules) = $0 { rules.maximum != nil } else { false } })
    #expect(has { if case .integer(let rules) = $0 { rules.maximum == nil } else { false } })
    #expect(has { if case .number = $0 { true } else { false } })
    #expect(has { $0 == .boolean })
    #expect(has { if case .enumeration(let values) = $0 { values.count > 200 } else { false } })
    #expect(has { if case .enumeration(let values) = $0 { values[0].int != nil } else { false } })
    #expect(has { if case .array(.text, _, _) = $0 { true } else { false } })
    #expect(has { if case .array(.number, _, _) = $0 { true } else { false } })
    #expect(has { if case .array(.integer, _, _) = $0 { true } else { false } })
    #expect(has { if case .array(.file, _, _) = $0 { true } else { false } })
    #expect(has { if case .object = $0 { true } else { false } })
    #expect(fields.contains { $0.isNullable })
    #expect(fields.contains { $0.isDeprecated })
    #expect(fields.contains { $0.isRequired && $0.defaultValue == nil })
    for kind: OutputKind in [.text, .textStream, .file, .files, .fileStream, .json] {
      #expect(models.contains { $0.outputKind == kind }, "\(kind)")
    }
  }
}
