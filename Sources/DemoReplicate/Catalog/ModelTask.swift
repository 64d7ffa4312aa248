import ReplicateAPI

/// What a model does, as far as its name and description show. A model whose schema isn't known
/// gets the inputs and the output of its task.
enum ModelTask: String, CaseIterable, Sendable {
  case embedding, transcription, speech, music, soundConversion
  case videoFromPicture, videoConversion, videoDescription, video
  case description, detection, pictureConversion, picture, chat, text

  /// The kind of files that it outputs.
  var medium: EchoOutput.Medium {
    switch self {
    case .speech, .music, .soundConversion: .sound
    case .videoFromPicture, .videoConversion, .video: .video
    default: .picture
    }
  }

  /// Guesses from words, the more specific ones first; plain text if there are none of them.
  init(name: String, description: String) {
    let words = Self.words("\(name) \(description)")
    func has(_ signs: [String]) -> Bool { signs.contains { words.contains(" " + $0) } }
    let hasPictures = has(Self.pictureSigns)
    if has(["embedding", "sentence transformer", "bge ", "vectors "])
      && !has(["diffusion", "sdxl"])
    {
      self = .embedding
    } else if has(["transcri", "whisper", "speech to text", "speech recognition", "asr ", "diariz"])
    {
      self = .transcription
    } else if has(["text to speech", "tts ", "speech synthesis", "voice clon", "speech generation"])
    {
      self = .speech
    } else if has(["video", "i2v ", "t2v ", "lipsync", "lip sync", "animate ", "gif "]) {
      self = Self.videoTask(has)
    } else if has(["flux", "sdxl", "lora ", "dreambooth"]) && !has(Self.conversionSigns) {
      self = .picture
    } else if has(["voice conversion", "singing voice", "rvc ", "stems ", "vocals ", "demucs"])
      || has(["source separation", "audio super", "audiosr", "audio to audio", "song covers"])
    {
      self = .soundConversion
    } else if has(["audio", "sound", "music"])
      && has(["trim", "denois", "enhanc", "separat", "convert", "merge", "remix", "remove "])
    {
      self = .soundConversion
    } else if has(["music", "melod", "song", "sound", "audio", "riffusion"]) {
      self = .music
    } else if has(["text to image", "text2im", "txt2im", "text2img"]) {
      self = .picture
    } else if has([
      "caption", "image to text", "img2txt", "ocr ", "visual question", "vqa ", "blip",
    ])
      || has(["vision language", "visual language", "visual instruction", "questions about image"])
      || has(["vlm ", "llava", "multimodal", "clip interrogator", "moondream"])
    {
      self = .description
    } else if has(["detect", "classif", "object recognition", "image tagging", "nsfw "]) {
      self = .detection
    } else if has(Self.conversionSigns) {
      self = .pictureConversion
    } else if hasPictures {
      self = .picture
    } else if has(Self.chatSigns) {
      self = .chat
    } else {
      self = .text
    }
  }

  private static func videoTask(_ has: ([String]) -> Bool) -> Self {
    if has(["image to video", "img2vid", "i2v ", "animate ", "lipsync", "lip sync", "talking"])
      || has(["image into video", "image into a video", "images into video"])
    {
      return .videoFromPicture
    }
    if has(["text to video", "t2v ", "txt2vid"]) { return .video }
    if has(["video caption", "video understanding", "video question", "describe"]) {
      return .videoDescription
    }
    if has(["video to video", "vid2", "upscal", "super resolution", "enhanc", "restor", "convert"])
      || has(["edit", "remov", "interpolat", "segment", "matting", "mask", "stitch", "trim "])
      || has(["frames from", "video utility", "face swap", "add subtitle", "add audio"])
    {
      return .videoConversion
    }
    return .video
  }

  private static let conversionSigns = [
    "upscal", "super resolution", "restor", "coloriz", "colouriz", "remove background",
    "background remov", "remove the background", "rembg", "inpaint", "outpaint", "img2img",
    "image to image", "edit", "style transfer", "face swap", "faceswap", "try on", "deblur",
    "denois", "enhance", "segment", "mask", "relight", "controlnet", "pix2pix", "kontext",
    "depth map", "depth2img", "canny", "modify image", "your photo", "your image", "an image into",
    "a photo into",
  ]

  private static let pictureSigns = [
    "image", "photo", "pictur", "paint", "art ", "artwork", "draw", "diffusion", "flux", "sdxl",
    "sd ", "lora", "dreambooth", "anime", "portrait", "illustrat", "dall", "stylegan", "logo",
    "sprite", "dream", "vqgan", "kandinsky", "pokemon", "txt2img", "style",
  ]

  private static let chatSigns = [
    "llm", "language model", "chat", "llama", "mistral", "mixtral", "gpt", "instruct", "reasoning",
    "coding", "gguf", "qwen", "gemma", "claude", "gemini", "deepseek", "vicuna", "falcon", "phi ",
    "text generation", "answers", "question",
  ]

  /// Lowercased words with single spaces between and around them.
  private static func words(_ text: String) -> String {
    let words = text.lowercased().replacing("video game", with: "game")
      .replacing("videogame", with: "game")
    return " " + words.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") + " "
  }
}

// MARK: - Schemas

extension ModelTask {
  /// The OpenAPI document of a model with this task.
  var schema: JSONValue { Self.schemas[self] ?? Self.make(.text) }

  private static let schemas = [ModelTask: JSONValue](
    uniqueKeysWithValues: allCases.map { ($0, make($0)) })

  private static let prompt = SchemaInput.text("prompt", "What to make.").required()
  private static let seed = SchemaInput.integer(
    "seed", "The same seed gives the same result. Random if left out."
  ).nullable()
  private static let photo = SchemaInput.file("image", "The picture to work on.").required()
  private static let sound = SchemaInput.file("audio", "The recording to work on.").required()
  private static let film = SchemaInput.file("video", "The video to work on.").required()
  private static let seconds = SchemaInput.integer(
    "duration", "The length in seconds.", default: 5, 1...30)
  private static let ratio = SchemaInput.choice(
    "aspect_ratio", "Width to height.", ["1:1", "16:9", "9:16", "4:3", "3:4"], default: "1:1")

  private static func make(_ task: Self) -> JSONValue {
    switch task {
    case .embedding:
      return .openAPI(
        [.text("text", "The text to embed.").required()],
        .other(["type": "array", "items": ["type": "number"], "title": "Output"]))
    case .transcription:
      return .openAPI(
        [
          sound,
          .text("language", "The language that is spoken. Detected if left out.").nullable(),
          .choice(
            "task", "What to write down.", ["transcribe", "translate"], default: "transcribe"),
        ], .object([("text", ["type": "string"]), ("language", ["type": "string"])]))
    case .speech:
      return .openAPI(
        [
          .text("text", "The text to speak.").required(),
          .file("speaker", "A recording of the voice to imitate.").nullable(),
          .number("speed", "How fast to speak.", default: 1, 0.5...2),
        ], .file)
    case .music: return .openAPI([prompt, seconds, seed], .file)
    case .soundConversion:
      return .openAPI(
        [sound, .integer("pitch", "Semitones to shift by.", default: 0, -12...12)], .file)
    case .videoFromPicture: return .openAPI([photo, .text("prompt", "What happens."), seed], .file)
    case .videoConversion:
      return .openAPI(
        [film, .integer("fps", "Frames per second.", default: 24, 1...60)], .file)
    case .videoDescription:
      return .openAPI(
        [film, .text("prompt", "What to ask about it.", default: "Describe this video.")], .text)
    case .video: return .openAPI([prompt, ratio, seconds, seed], .file)
    case .description:
      return .openAPI(
        [photo, .text("prompt", "What to ask about it.", default: "Describe this picture.")],
        .textStream)
    case .detection:
      return .openAPI(
        [photo, .number("threshold", "The lowest score to list.", default: 0.5, 0...1)],
        .objects([("label", ["type": "string"]), ("score", ["type": "number"])]))
    case .pictureConversion:
      return .openAPI([photo, .text("prompt", "What to change.").nullable(), seed], .file)
    case .picture:
      return .openAPI(
        [
          prompt, ratio, .integer("num_outputs", "The number of pictures.", default: 1, 1...4),
          seed,
        ], .files)
    case .chat:
      return .openAPI(
        [
          .text("prompt", "What to say to the model.").required(),
          .text("system_prompt", "How the model should behave.").nullable(),
          .integer("max_tokens", "The maximum length of the reply.", default: 512, 1...4096),
          .number("temperature", "How varied the reply is.", default: 0.7, 0...2),
        ], .textStream)
    case .text: return .openAPI([.text("prompt", "The text to echo.").required()], .text)
    }
  }
}
