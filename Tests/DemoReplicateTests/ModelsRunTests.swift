import ReplicateAPI
import Testing

@testable import DemoReplicate

@Suite struct ModelsRunTests {
  /// All models except those that are meant to end differently.
  static let ordinary = DemoModels.all()
    .filter { !["endless", "mural-xl"].contains($0.id.name) }

  @Test(arguments: ordinary.map(\.id))
  func `every model outputs the right kind for its example and its defaults`(
    _ id: ModelID
  ) async throws {
    let model = try #require(Self.ordinary.first { $0.id == id })
    for input in [model.exampleInput, model.leastInput] {
      let record = try await model.recorded(input)
      #expect(record.seconds < 15)
      switch model.outputKind {
      case .textStream: #expect(!record.text.isEmpty)
      case .fileStream:
        #expect(record.items.allSatisfy { $0.string != nil } && record.items.count > 1)
      case .files: #expect(record.output?.array?.isEmpty == false)
      case .file:
        #expect(record.output?.string?.hasPrefix("http://output.test/") == true)
        #expect(record.files.count == 1)
      case .text: #expect(record.output?.string?.isEmpty == false)
      default: #expect(record.output?.isNull == false || !record.items.isEmpty)
      }
    }
  }

  @Test(arguments: DemoModels.all().map(\.id))
  func `a model that is canceled stops`(_ id: ModelID) async throws {
    let model = try #require(DemoModels.all().first { $0.id == id })
    await #expect(throws: CancellationError.self) {
      _ = try await model.recorded(callsUntilCanceled: 0)
    }
  }

  @Test func `the endless model logs line after line until it is canceled`() async throws {
    let job = RecordingJob(.endless, callsUntilCanceled: 40)
    await #expect(throws: CancellationError.self) { try await DemoModel.endless.run(job) }
    let lines = job.record.log.split(separator: "\n")
    #expect(lines.count == 41)
    #expect(lines.last?.contains("Signed: E. Brandt") == true)
    #expect(job.record.seconds == 41)
  }

  @Test func `the mural fails halfway, with a traceback in its log`() async throws {
    let job = RecordingJob(.mural)
    let failure = await #expect(throws: DemoFailure.self) { try await DemoModel.mural.run(job) }
    #expect(failure?.message.hasPrefix("CUDA out of memory. Tried to allocate 32.00 GiB") == true)
    #expect(job.record.log.contains("Traceback (most recent call last):"))
    #expect(job.record.log.contains(" 50%|█████     | 20/40"))
    #expect(!job.record.log.contains("21/40"))
  }

  @Test func `a progress line looks like tqdm's`() {
    var line = ProgressLine(total: 40)
    #expect(line.text == "  0%|          | 0/40 [00:00<?, ?it/s]")
    line.advance(by: 23, seconds: 12.1)
    #expect(line.text == " 57%|█████▊    | 23/40 [00:12<00:08,  1.90it/s]")
    line.advance(by: 17, seconds: 80)
    #expect(line.text == "100%|██████████| 40/40 [01:32<00:00,  2.30s/it]")
  }

  @Test func `stages redraw their bars in place and end with a newline`() async throws {
    let record = try await DemoModel.nebula.recorded(["size": 384])
    let stages = record.log.split(separator: "\n").filter { $0.contains("%|") }
    #expect(stages.count == 5)
    #expect(stages[0].split(separator: "\r").count == 17)
    #expect(stages[0].hasSuffix("512/512 [00:01<00:00, \(stages[0].suffix(11))"))
    #expect(stages[0].contains("\rgas.safetensors: 100%|██████████|"))
  }

  @Test func `a story honors its limit, its seed and its stop sequence`() async throws {
    let prompt: JSONObject = ["prompt": "a story about a patient heron", "seed": 3]
    let whole = try await DemoModel.storyteller.recorded(prompt).text
    #expect(whole == (try await DemoModel.storyteller.recorded(prompt, seed: 8).text))
    #expect(whole.contains("a patient heron"))
    #expect(!whole.contains("{"))

    let short = try await DemoModel.storyteller.recorded(
      prompt.merging(["max_tokens": 12]) { $1 })
    #expect(whole.hasPrefix(short.text))
    #expect(short.metrics["output_token_count"] == 12)

    let stopped = try await DemoModel.storyteller.recorded(
      prompt.merging(["stop_sequence": "the"]) { $1 })
    #expect(!stopped.text.contains("the"))
    #expect(whole.hasPrefix(stopped.text + "the"))
  }

  @Test(arguments: ["story", "poem", "letter"], ["", "What is a star?", "write", "about …", "🦩"])
  func `every placeholder is filled in, whatever the form and prompt`(
    _ form: String, _ prompt: String
  ) async throws {
    for seed in 0..<12 {
      let record = try await DemoModel.storyteller.recorded([
        "prompt": .string(prompt), "form": .string(form), "max_tokens": 1024, "temperature": 1,
        "seed": .number(JSONNumber(seed)),
      ])
      #expect(record.text.count > 200)
      #expect(!record.text.contains("{") && !record.text.contains("}"))
      #expect(!record.text.contains("  "))
      #expect(!record.text.contains("?’,"))
    }
  }

  @Test func `joined tokens are the original text`() {
    let text = "“Sit down,” she said;\n\nand they did. Extraordinarily so: 3.14!"
    let tokens = Tokens.split(text)
    #expect(tokens.joined() == text)
    #expect(tokens.contains(" she"))
    #expect(tokens.count > 15)
  }

  @Test func `a sealed note only opens with its key`() async throws {
    let note = "The spare key is under the third flowerpot. Schöne Grüße!"
    let sealed = try await DemoModel.sealedNote.recorded([
      "api_key": "one", "note": .string(note),
    ])
    let digits = try #require(sealed.output)
    #expect(!sealed.log.contains("one\n") && digits.string?.contains("spare") == false)
    let opened = try await DemoModel.sealedNote.recorded([
      "api_key": "one", "note": digits, "action": "open",
    ])
    #expect(opened.output?.string == note)
    await #expect(throws: DemoFailure.self) {
      _ = try await DemoModel.sealedNote.recorded([
        "api_key": "two", "note": digits, "action": "open",
      ])
    }
  }

  @Test func `vectors of similar texts point the same way`() async throws {
    let record = try await DemoModel.sentenceVectors.recorded([
      "texts": ["sailing boats", "a boat that sails", "income tax"], "dimensions": 256,
    ])
    let vectors = try #require(record.output?.array).map { $0.array?.compactMap(\.double) ?? [] }
    #expect(vectors.map(\.count) == [256, 256, 256])
    #expect(abs(WordVectors.similarity(vectors[0], vectors[0]) - 1) < 0.001)
    #expect(WordVectors.similarity(vectors[0], vectors[1]) > 0.3)
    #expect(abs(WordVectors.similarity(vectors[0], vectors[2])) < 0.2)
  }

  @Test func `the nearest saying is about ships`() async throws {
    let record = try await DemoModel.nearest.recorded()
    #expect(record.output?.array?.count == 3)
    #expect(record.output?[0]?["text"]?.string?.hasPrefix("A ship in harbor") == true)
  }

  @Test func `words, sentences and syllables are counted`() {
    let measures = TextMeasures("The cat sat.\n\nIt didn't move; why would it?\n")
    #expect(measures.words.count == 9)
    #expect(measures.sentences == 2)
    #expect(measures.paragraphs == 2)
    #expect(TextMeasures.syllables("temperature") == 4)
    #expect(TextMeasures.syllables("a") == 1)
    #expect(TextMeasures("").words.isEmpty)
    #expect(TextMeasures("").readingEase == 0)
  }

  @Test func `every haiku has five, seven and five syllables`() async throws {
    let record = try await DemoModel.haiku.recorded(["about": "moon", "count": 5, "seed": 1])
    let verses = try #require(record.output?.string).split(separator: "\n\n")
    #expect(verses.count == 5)
    #expect(verses.allSatisfy { $0.split(separator: "\n").count == 3 })
    #expect(verses[0].contains("moon"))
  }

  @Test func `a text file is converted to uppercase`() async throws {
    let record = try await DemoModel.letterCase.recorded()
    #expect(
      String(decoding: record.files[0].bytes, as: UTF8.self)
        == "THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG.\n")
  }

  @Test func `palindromes are recognized`() async throws {
    #expect(try await DemoModel.palindrome.recorded().output == true)
    let strict: JSONObject = ["text": "Never odd or even", "strict": true]
    #expect(try await DemoModel.palindrome.recorded(strict).output == false)
  }

  @Test(
    arguments: [
      ("0", "0 has no prime factors."), ("1", "1 has no prime factors."), ("2", "2 is prime."),
      ("1024", "1024 = 2¹⁰"), ("600851475143", "600851475143 = 71 × 839 × 1471 × 6857"),
      ("999999999999999989", "999999999999999989 is prime."),
      ("999999866000004473", "999999866000004473 = 999999929 × 999999937"),
      ("999998000001000000", "999998000001000000 = 2⁶ × 3⁶ × 5⁶ × 7² × 11² × 13² × 37²"),
      ("994009", "994009 = 997²"),
    ])
  func `numbers are factored exactly`(_ number: String, _ answer: String) async throws {
    let record = try await DemoModel.primeFactors.recorded(["number": .string(number)])
    #expect(record.output?.string == answer)
  }

  @Test func `text that isn't a number fails with a message`() async throws {
    await #expect(throws: DemoFailure(message: "“12a” isn't an integer of at most 18 digits.")) {
      _ = try await DemoModel.primeFactors.recorded(["number": "12a"])
    }
  }

  @Test func `π has the right digits and the right length`() async throws {
    let record = try await DemoModel.pi.recorded(["digits": 775, "pause": 0])
    let digits = record.text.filter { $0.isNumber }
    #expect(digits.hasPrefix("314159265358979323846264338327950288419716939937510"))
    #expect(digits.count == 776)
    // The six nines from the 762nd digit on test the carry.
    #expect(digits.hasSuffix("99999983729780"))
  }

  @Test func `a maze has one path through it`() async throws {
    var random = SeededRandom(4)
    let maze = Maze(width: 12, height: 7, &random)
    let path = maze.solution()
    #expect(path.first == 0 && path.last == 12 * 7 - 1)
    #expect(Set(path).count == path.count)
    let lines = maze.drawn(showing: path).split(separator: "\n")
    #expect(lines.count == 15)
    #expect(lines.allSatisfy { $0.count == 49 })
    let dots = lines.enumerated().filter { $0.offset % 2 == 1 }
      .reduce(0) { sum, line in
        sum + stride(from: 2, to: 49, by: 4).filter { Array(line.element)[$0] == "·" }.count
      }
    #expect(dots == path.count)
  }

  @Test func `gliders glide, and a blinker is detected`() throws {
    var random = SeededRandom(1)
    var board = LifeBoard(pattern: "glider", width: 12, height: 12, &random)
    let first = board
    for _ in 0..<48 { board = board.next(LifeRule("B3/S23"), wraps: true) }
    #expect(board == first)
    #expect(LifeRule("b36/s125") == LifeRule("B36/S125"))
    #expect(LifeRule("B2/S").survives.isEmpty)
    #expect(first.braille.split(separator: "\n").count == 3)
  }

  @Test func `new names are new`() async throws {
    let record = try await DemoModel.nameMaker.recorded(["kind": "tea", "count": 10, "seed": 2])
    let names = record.items.compactMap(\.string)
    #expect(Set(names).count == names.count && names.count == 10)
    #expect(Set(names).isDisjoint(with: ["Assam", "Matcha", "Sencha"]))
  }

  @Test func `ELIZA turns a statement into a question`() {
    var random = SeededRandom(1)
    #expect(
      ["Do you often feel tired of your work?", "When did you begin to feel tired of your work?"]
        .contains(Eliza.answer(to: "I feel tired of my work.", &random)))
    #expect(Eliza.answer(to: "", &random).isEmpty == false)
    #expect(Eliza.answer(to: "I am", &random).isEmpty == false)
  }

  @Test func `the transcriber hears what the synthesizer plays, in any language`() async throws {
    let tune = Tune(text: "Abc def.", scale: "major")
    let played = tune.notes.compactMap(\.pitch)
    let sound = Instrument.flute.play(tune, tempo: 120, rate: 8000)
    let heard = NoteFinder(sound: try WAV(file: sound.file)).notes().map(\.pitch)
    #expect(heard == played)
    #expect(NoteNames.of("Italian").name(69) == "La4")
    #expect(NoteNames.of("de").name(71) == "H4")
    #expect(NoteNames.of("German").name(70) == "B4")
    #expect(NoteNames.of("Japanese").name(61) == "嬰ハ4")
    #expect(NoteNames.of("Welsh").name(60) == "C4")
  }

  @Test func `there are many languages, each of them once`() {
    #expect(Languages.all.count >= 200)
    #expect(Set(Languages.all).count == Languages.all.count)
    #expect(Languages.name("haw") == "Hawaiian")
    #expect(Languages.name("ht") == "Haitian Creole")
  }

  @Test func `a tune is a WAV file of the right length`() async throws {
    let record = try await DemoModel.tunesmith.recorded(["text": "Ode, to joy", "tempo": 120])
    let file = record.files[0].bytes
    #expect(record.files[0].type == "audio/wav")
    #expect(String(decoding: file.prefix(4), as: UTF8.self) == "RIFF")
    #expect(Int(file.littleEndian(at: 4)) == file.count - 8)
    let sound = try WAV(file: file)
    #expect(sound.rate == 22_050)
    #expect(sound.samples.contains { abs($0) > 0.1 })
    let told = try #require(record.metrics["audio_output_duration_seconds"]?.double)
    #expect(abs(told - sound.seconds) < 0.01)
    #expect(throws: DemoFailure.self) { try WAV(file: Array("RIFFxxxxWAVE".utf8)) }
  }

  @Test func `the scale of a chart starts at zero and ends at a round number`() {
    let chart = Chart(
      values: [3, 31], labels: ["<a>", "b"], title: "T & U", color: "#123456", isLine: false)
    #expect(chart.svg.contains(">40<") && chart.svg.contains(">0<"))
    #expect(chart.svg.contains("&lt;a&gt;") && chart.svg.contains("T &amp; U"))
    let both = Chart(values: [-5, 12], labels: [], title: "", color: "#123456", isLine: true)
    #expect(both.svg.contains(">-5<") && both.svg.contains("<polyline"))
    #expect(Chart(values: [0], labels: [], title: "", color: "", isLine: false).svg.count > 100)
  }

  @Test func `every input is returned, except the secret`() async throws {
    let record = try await DemoModel.everyInput.recorded([
      "text": "x", "required_choice": "no", "secret": "hush", "text_or_number": 2.5,
    ])
    #expect(record.output?["text_or_number"]?["type"] == "number")
    #expect(record.output?["secret"] == nil)
    #expect(record.output?.serialized().contains("hush") == false)
    #expect(!record.log.contains("hush"))
  }
}
