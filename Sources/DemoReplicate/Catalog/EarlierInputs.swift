import OrderedCollections
import ReplicateAPI

/// The inputs of the demo account's earlier predictions. Variant 0 is the model's example; the
/// others override parts of it and use another seed.
enum EarlierInputs {
  static func input(of model: DemoModel, variant: Int) -> JSONObject {
    guard variant > 0 else { return model.exampleInput }
    var input = model.exampleInput
    let overrides = overrides[model.id.description] ?? []
    if !overrides.isEmpty {
      input.merge(overrides[(variant - 1) % overrides.count]) { _, new in new }
    }
    if model.schema["components"]?["schemas"]?["Input"]?["properties"]?["seed"] != nil {
      var random = SeededRandom("seed of \(model.id)", UInt64(variant))
      input["seed"] = .number(JSONNumber(random.integer(1...99_999)))
    }
    return input
  }

  /// The number of variants that differ in more than their seed.
  static func count(of model: DemoModel) -> Int {
    1 + (overrides[model.id.description]?.count ?? 2)
  }

  private static let overrides: [String: [JSONObject]] = pictures.merging(texts) { first, _ in first
  }

  private static let pictures: [String: [JSONObject]] = [
    "demo/painter": [
      ["prompt": "mountains in the morning mist", "aspect_ratio": "16:9"],
      ["prompt": "a winter forest under stars", "style": "paper cut", "aspect_ratio": "2:3"],
      ["prompt": "northern lights over a quiet fjord", "style": "aurora", "aspect_ratio": "16:9"],
      ["prompt": "autumn rain on a tin roof", "style": "flow field", "aspect_ratio": "1:1"],
      ["prompt": "a rose window at noon", "style": "stained glass", "aspect_ratio": "1:1"],
      ["prompt": "a jar of neon marbles", "style": "circles", "aspect_ratio": "4:3"],
      [
        "prompt": "the same lake four times, from dawn to dusk", "aspect_ratio": "3:2",
        "num_outputs": 4,
      ],
      [
        "prompt": "a boat and a lighthouse, calm sea", "negative_prompt": "clouds, birds",
        "aspect_ratio": "21:9",
      ],
      ["prompt": "desert dunes at sunset", "num_outputs": 2, "megapixels": "0.5"],
    ],
    "demo/paper-foxes": [
      ["prompt": "PAPERFOX by a river at dusk"],
      ["prompt": "PAPERFOX on a hill in autumn", "aspect_ratio": "3:2"],
      ["prompt": "PAPERFOX in a town at night", "lora_scale": 0.8],
    ],
    "demo/night-windows": [
      ["prompt": "NIGHTPANE, a lighthouse in a storm", "aspect_ratio": "2:3"],
      ["prompt": "NIGHTPANE, a winter forest under the moon"],
      ["prompt": "NIGHTPANE, sunset over dunes", "aspect_ratio": "1:1"],
      ["prompt": "NIGHTPANE, a harbor with two boats", "lora_scale": 1.2],
    ],
    "atelier/slow-exposure": [
      ["prompt": "a harbor before sunrise", "style": "landscape", "plates": 4],
      ["prompt": "wind over a wheat field", "style": "flow field", "aspect_ratio": "3:2"],
      ["prompt": "a green curtain above the ice", "style": "aurora"],
    ],
    "lumen-lab/nebula": [
      ["prompt": "embers in the dark", "size": 768],
      ["prompt": "a frozen blue cloud", "brightness": 1.4],
      ["prompt": "violet dust at sunset", "size": 384],
    ],
    "atelier/mural-xl": [
      ["prompt": "a town built on bridges"],
      ["prompt": "forty ships coming home", "width": 8192, "height": 4096, "steps": 20],
    ],
    "darkroom/monochrome": [
      ["tone": "cyanotype"], ["tone": "selenium", "contrast": 1.8], ["tone": "neutral"],
    ],
    "darkroom/contact-sheet": [["columns": 2], ["background": "#101418", "numbered": false]],
    "darkroom/palette-finder": [
      ["prompt": "an autumn forest", "colors": 7], ["prompt": "a neon street", "colors": 4],
      ["prompt": "snow at noon", "colors": 3],
    ],
    "quarry/game-of-life": [
      ["pattern": "r-pentomino", "generations": 200], ["pattern": "glider gun"],
      ["pattern": "random", "width": 48, "height": 24, "rule": "B36/S23"],
    ],
    "inkwell/chart": [
      [
        "values": [212, 187, 240, 265, 301, 322], "title": "Letters per month",
        "labels": ["Jan", "Feb", "Mar", "Apr", "May", "Jun"], "kind": "line",
      ],
      ["values": [-4, -2, 3, 9, 14, 18], "title": "Temperature at six", "labels": []],
    ],
  ]

  private static let texts: [String: [JSONObject]] = [
    "lumen-lab/storyteller": [
      ["prompt": "A poem about the last train of the evening", "form": "poem"],
      ["prompt": "Write to a friend who has moved to an island", "form": "letter"],
      ["prompt": "The clockmaker's apprentice and the thirteenth hour"],
      ["prompt": "A story about a village where nobody owns a map", "temperature": 0.4],
      ["prompt": "Why does the ferry leave on time only in fog?", "max_tokens": 160],
      ["prompt": "A cheerful poem about rain", "form": "poem", "system_prompt": "Be cheerful."],
    ],
    "lumen-lab/eliza-1966": [
      ["prompt": "I am worried about my exam."], ["prompt": "My brother never calls me."],
      ["prompt": "I remember the sea."], ["prompt": "Are you a machine?"],
    ],
    "glacier/haiku": [
      ["about": "moon and river", "count": 3], ["about": "crows", "count": 1],
      ["about": "the first warm day"],
    ],
    "quarry/pi": [["digits": 1000, "pause": 0.05], ["digits": 120]],
    "quarry/maze": [["width": 24, "height": 12], ["width": 12, "height": 12, "solved": false]],
    "quarry/prime-factors": [
      ["number": "1729"], ["number": "1000000007"], ["number": "987654321987654321"],
      ["number": "720720", "powers": false],
    ],
    "inkwell/text-statistics": [
      [
        "text": """
        The ferry leaves at seven. Bring bread, a lamp and the blue umbrella; the others will \
        bring the rest. If there is fog we wait, and if there is none we go.
        """
      ],
      ["text": "Stop. Look. Listen.", "top_words": 3],
    ],
    "inkwell/name-maker": [
      ["kind": "ship", "count": 5], ["kind": "tea", "count": 12],
      ["kind": "village", "count": 6, "initial": "s"],
    ],
    "inkwell/is-it-a-palindrome": [
      ["text": "Never odd or even"], ["text": "A nut for a jar of tuna", "strict": true],
      ["text": "Lighthouse"],
    ],
    "inkwell/letter-case": [["letters": "title"], ["letters": "lower"]],
    "meridian/sentence-vectors": [
      ["texts": ["a warm coat", "a cold day"], "dimensions": 64],
      ["texts": ["north", "south", "east", "west"], "dimensions": 32, "normalize": false],
    ],
    "meridian/nearest": [
      ["query": "patience is rewarded"], ["query": "early in the morning", "top": 5],
    ],
    "quietwave/tunesmith": [
      ["text": "The owl and the pussycat went to sea", "instrument": "flute", "tempo": 108],
      ["text": "Four candles, fork handles", "instrument": "bell"],
      ["text": "All the trains are late again", "instrument": "organ", "tempo": 92],
    ],
    "demo/harbor-tunes": [
      ["text": "Fog, fog, and then the bell"],
      ["text": "On Sundays the organ", "instrument": "organ", "tempo": 84],
    ],
    "quietwave/note-transcriber": [["language": "German"], ["language": "Japanese"]],
    "cipher/sealed-note": [
      ["note": "Meet me at the ferry, eight sharp."], ["note": "The cake is for Thursday."],
    ],
    "demo/endless": [["keeper": "M. Okafor", "every": 2], ["keeper": "A. Lindqvist"]],
    "demo/every-input": [
      ["text": "Grüße aus Zürich", "color": "blue", "integer": 7],
      ["text": "Again", "required_choice": "no", "numbers": [8, 13, 21]],
    ],
  ]
}
