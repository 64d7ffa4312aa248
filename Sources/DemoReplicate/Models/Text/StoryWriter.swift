/// Composes a story, a poem or a letter.
struct StoryWriter: Sendable {
  private var grammar: Grammar
  private let subject: Subject
  private let form: String
  private let isWistful: Bool

  init(prompt: String, systemPrompt: String, form: String, temperature: Double, seed: UInt64) {
    subject = Subject(prompt)
    grammar = Grammar(seed: prompt, number: seed, freedom: temperature)
    let hints = Set(Scene.words(of: prompt + " " + systemPrompt))
    self.form =
      switch form {
      case "story", "poem", "letter": form
      default:
        if !hints.isDisjoint(with: ["poem", "poems", "verse", "verses", "rhyme", "song"]) {
          "poem"
        } else {
          hints.contains("letter") ? "letter" : "story"
        }
      }
    isWistful = !hints.isDisjoint(with: ["wistful", "sad", "melancholy", "sombre", "somber"])
  }

  func text() -> String {
    var writer = self
    switch form {
    case "poem": return writer.poem()
    case "letter": return writer.letter()
    default: return writer.story()
    }
  }

  private mutating func fillPlaceholders() {
    let person = grammar.choose(Vocabulary.people).split(separator: "/").map(String.init)
    grammar.fills["name"] = person[0]
    let isShe = person[1] == "she"
    grammar.fills["they"] = person[1]
    grammar.fills["them"] = isShe ? "her" : "him"
    grammar.fills["their"] = isShe ? "her" : "his"
    grammar.fills["trade"] = grammar.choose(Vocabulary.trades)
    let place = grammar.choose(Vocabulary.places).split(separator: "/").map(String.init)
    grammar.fills["place"] = place[0]
    grammar.fills["placeDetail"] = place[1]
    grammar.fills["object"] = grammar.choose(Vocabulary.objects)
    grammar.fills["visitor"] = grammar.choose(Vocabulary.visitors)
    grammar.fills["season"] = grammar.choose(Vocabulary.seasons)
    grammar.fills["weather"] = grammar.choose(Vocabulary.weathers)
    grammar.fills["years"] = grammar.choose(["eleven", "nineteen", "thirty", "seven", "forty"])
    let marks = grammar.several(3, of: Vocabulary.landmarks)
    for (index, mark) in marks.enumerated() { grammar.fills["mark\(index + 1)"] = mark }
    grammar.fills["topic"] = subject.phrase
    // A line of verse only has room for a few words.
    let isShort = subject.phrase.split(separator: " ").count <= 4
    grammar.fills["short"] = isShort ? subject.phrase : "that old tale"
    grammar.fills["word"] = grammar.choose(subject.words.isEmpty ? ["nothing"] : subject.words)
  }

  private mutating func story() -> String {
    fillPlaceholders()
    var paragraphs = [grammar.say(StoryText.titles)]
    paragraphs.append(joined([StoryText.openings, StoryText.habits, StoryText.doubts]))
    paragraphs.append(joined([StoryText.arrivals, StoryText.requests, StoryText.answers]))
    paragraphs.append(joined([StoryText.departures, StoryText.roads]))
    for interlude in grammar.several(3, of: StoryText.interludes) {
      paragraphs.append(grammar.filled(interlude))
    }
    paragraphs.append(joined([StoryText.discoveries, StoryText.meanings]))
    paragraphs.append(grammar.say(isWistful ? StoryText.wistfulEndings : StoryText.endings))
    return paragraphs.joined(separator: "\n\n")
  }

  private mutating func letter() -> String {
    fillPlaceholders()
    var paragraphs = [grammar.say(LetterText.dates), grammar.say(LetterText.greetings)]
    paragraphs.append(joined([LetterText.openings, LetterText.news]))
    for middle in grammar.several(3, of: LetterText.middles) {
      paragraphs.append(grammar.filled(middle))
    }
    paragraphs.append(grammar.say(isWistful ? LetterText.wistfulPartings : LetterText.partings))
    paragraphs.append(grammar.filled("Yours,\n{name}"))
    return paragraphs.joined(separator: "\n\n")
  }

  private mutating func poem() -> String {
    fillPlaceholders()
    var stanzas = [grammar.say(PoemText.titles)]
    for stanza in grammar.several(4, of: PoemText.stanzas) {
      stanzas.append(grammar.filled(stanza))
    }
    stanzas.append(grammar.say(isWistful ? PoemText.wistfulEndings : PoemText.endings))
    return stanzas.joined(separator: "\n\n")
  }

  private mutating func joined(_ pools: [[String]]) -> String {
    pools.map { grammar.say($0) }.joined(separator: " ")
  }
}
