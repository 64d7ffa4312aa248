import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// Texts that are difficult for a grid of cells: wide scripts, families joined into one emoji,
/// flags, skin tones, combining marks, variation selectors, and right-to-left letters.
public enum ManyScripts {
  public static let family = "👩‍👩‍👧‍👦"
  public static let flags = "🇩🇪🇯🇵"
  public static let skinTone = "👋🏽"
  public static let heart = "❤️"
  public static let marks = "e\u{301}a\u{308}o\u{302}\u{323}"
  public static let chinese = "画像を直す漢字の名前"
  public static let korean = "한국어 그림"
  public static let hebrew = "שלום"

  public static let prompt = """
    \(family) 狐が雪の中を走る、\(heart) 浮世絵風、細部まで丁寧に描かれた一枚 \(flags) a fox \(marks) \(skinTone)
    """

  /// Uploaded files with names of many scripts.
  @MainActor public static let files = Stage.page([
    file("f1", chinese + ".png", 2_000_000, "2026-11-24T02:00:00Z"),
    file("f2", "\(family)\(flags).webp", 300, "2026-11-24T01:00:00Z"),
    file("f3", hebrew + ".txt", 0, "2026-11-23T03:10:00Z"),
  ])

  private static func file(_ id: String, _ name: String, _ size: Int, _ time: String) -> String {
    let day = Int(time.dropFirst(8).prefix(2)) ?? 24
    let end = time.replacing("-\(day)T", with: "-\(day + 1)T")
    return """
      {"id":"\(id)","name":"\(name)","content_type":"image/png","size":\(size),\
      "checksums":{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},\
      "metadata":{},"created_at":"\(time)","expires_at":"\(end)",\
      "urls":{"get":"https://api.replicate.com/v1/files/\(id)"}}
      """
  }

  public static let log = """
    Using seed: 7
    \u{1B}[32m重みを読み込んでいます… \(family)\u{1B}[0m
    loading\tweights \(flags) \(skinTone) \(heart)
    한국어 로그 \(marks) \u{202E}reversed\u{202C} \(hebrew)
    \(String(repeating: "長い行", count: 40))
     58%|█████▊    | 23/40 [00:12<00:08,  1.90it/s]

    """

  public static let output = """
    むかしむかし、あるところに\(family)がいました。\(heart) Once upon a time \(flags) there was \(marks) \(korean) \
    \(skinTone). \(String(repeating: "狐は走る。", count: 12))
    """

  /// Calls that went well, went wrong, and are still under way, oldest first.
  public static let calls: [CallRecord] = [
    CallRecord(
      id: 1, startedAt: Timestamp("2026-11-24T02:59:58Z"), route: .listModels, method: "GET",
      path: "/models", url: "https://api.replicate.com/v1/models",
      requestHeaders: [.init("authorization", "Bearer ••••")], status: 200,
      responseHeaders: [.init("content-type", "application/json")], requestID: "8f1c-\(chinese)",
      duration: .milliseconds(42), byteCount: 69_120, receivedByteCount: 12_288),
    CallRecord(
      id: 2, startedAt: Timestamp("2026-11-24T02:59:59Z"), route: .search, method: "GET",
      path: "/search?query=\(chinese)", status: 503, duration: .milliseconds(1_204),
      byteCount: 24, error: ReplicateError(.server(status: 503, detail: family)), attempt: 2,
      retryDelay: .seconds(2)),
    CallRecord(
      id: 3, startedAt: Timestamp("2026-11-24T03:00:00Z"), route: nil, method: "GET",
      path: "stream.replicate.com/…", status: 200, isOngoing: true),
  ]

  /// A run with this status that contains all of the above.
  @MainActor
  public static func run(_ status: Prediction.Status) -> Run {
    var prediction = Prediction(
      id: "bbb1", model: "acme/絵師-🦊", status: status,
      input: ["prompt": .string(prompt), "steps": 28], output: .string(output), logs: log,
      createdAt: Timestamp("2026-11-24T02:59:40Z"), startedAt: Timestamp("2026-11-24T02:59:48Z"))
    if status == .failed { prediction.error = "メモリ不足 \(family): CUDA out of memory" }
    if status.isTerminal { prediction.metrics = ["predict_time": 4.25] }
    return Run(prediction)
  }
}

/// What belongs to the account, with names and texts of many scripts.
extension ManyScripts {
  @MainActor private static func deployment(
    _ name: String, _ model: String, _ hardware: String, _ least: Int, _ most: Int, _ number: Int
  ) -> String {
    #"{"owner":"工房","name":"\#(name)","current_release":{"number":\#(number),"#
      + #""model":"\#(model)","version":"\#(Stage.versionID)","#
      + #""created_at":"2026-11-2\#(number % 4)T10:00:00Z","#
      + #""created_by":{"type":"user","username":"\#(korean)"},"configuration":"#
      + #"{"hardware":"\#(hardware)","min_instances":\#(least),"max_instances":\#(most)}}}"#
  }

  @MainActor public static let deployments = Stage.page([
    deployment(chinese, "工房/絵師-🦊", "gpu-l40s-2x", 0, 5, 3),
    deployment("\(family)-\(flags)", "acme/\(skinTone)", "cpu", 1, 20, 121),
    deployment("app", "acme/\(marks)", "\(hebrew)", 0, 1, 1),
  ])

  /// Runs of these deployments in the last day.
  @MainActor public static let deploymentRuns = Stage.page(
    (0..<12).map { index in
      Stage.prediction(
        "d\(index)", index % 4 == 0 ? "failed" : "succeeded",
        "2026-11-24T0\(index / 5):\(10 + index):00Z",
        #""deployment":"工房/\#(index % 3 == 0 ? family + "-" + flags : chinese)","#
          + #""started_at":"2026-11-24T0\#(index / 5):\#(10 + index):0\#(index % 9)Z","#
          + #""metrics":{"predict_time":\#(index)}"#)
    })

  @MainActor private static func training(
    _ id: String, _ status: String, _ time: String, _ input: String, _ output: String = "null"
  ) -> String {
    #"{"id":"\#(id)","model":"工房/絵師-🦊","version":"\#(Stage.versionID)","status":"\#(status)","#
      + #""input":{\#(input)},"created_at":"\#(time)","started_at":"\#(time)","output":\#(output),"#
      + #""logs":"flux_train: 10%|█         | 100/1000 [00:50<07:30, 2.00it/s, lr: 4e-04 loss: 3.2e-01]\n\#(chinese)\n","#
      + #""urls":{}}"#
  }

  @MainActor public static let trainings = Stage.page([
    training(
      "t1", "succeeded", "2026-11-24T02:30:00Z", #""trigger_word":"\#(chinese)","steps":1000"#,
      #"{"version":"工房/\#(chinese):\#(Stage.versionID)","weights":"https://a.example/w.tar"}"#),
    training("t2", "processing", "2026-11-24T02:50:00Z", #""trigger_word":"\#(family)""#),
    training("t3", "failed", "2026-11-20T02:50:00Z", #""prompt":"\#(hebrew) \#(marks)""#),
  ])

  /// A hardware list with a long name.
  public static let hardware =
    #"[{"name":"CPU","sku":"cpu"},{"name":"8x Nvidia H100 GPU \#(heart)","sku":"gpu-h100-8x"}]"#
}

extension Stage {
  /// Makes all following answers use names, descriptions, logs, and outputs in many scripts.
  public func speakManyScripts() {
    transport.answer(
      "GET /account",
      #"{"type":"organization","username":"工房-\#(ManyScripts.flags)","name":"Acme"}"#)
    transport.answer(
      "GET /collections",
      Self.page([
        Self.collection(ManyScripts.chinese, "restore", "Restore pictures \(ManyScripts.heart)"),
        Self.collection("Families \(ManyScripts.family) all", "family", ManyScripts.korean),
        Self.collection("\(ManyScripts.flags) Flags", "flags", "旗 \(ManyScripts.skinTone)"),
        Self.collection("Marks \(ManyScripts.marks)", "marks", ManyScripts.hebrew),
        Self.collection("Generate images", "text-to-image", "Models that paint"),
      ]))
    for slug in ["restore", "family"] {
      transport.answer(
        "GET /collections/\(slug)",
        #"{"name":"\#(ManyScripts.chinese)","slug":"\#(slug)","#
          + #""full_description":"**\#(ManyScripts.korean)** \#(ManyScripts.family)","models":["#
          + Self.model("工房", "絵師-🦊", ManyScripts.chinese, 4200) + "]}")
    }
    let models = [
      Self.model("acme", "painter", ManyScripts.prompt, 312_000_000),
      Self.model("工房", "絵師-🦊", ManyScripts.chinese, 4200),
      Self.model("acme", "\(ManyScripts.skinTone)-\(ManyScripts.flags)", ManyScripts.korean, 77),
      Self.model("acme", ManyScripts.marks, "\(ManyScripts.heart)\(ManyScripts.family)", 1),
    ]
    let more = (1...29).map { Self.model("acme", "模型-\($0)", "\($0) 番目の模型", $0 * 1234) }
    transport.answer("GET /models", Self.page(models + more))
    transport.answer(
      "GET /search",
      #"{"query":"絵","models":["#
        + models.map { #"{"model":\#($0),"metadata":{"tags":["絵"]}}"# }.joined(separator: ",")
        + #"],"collections":[],"pages":[]}"#)
    transport.answer("GET /models/acme/painter", Self.painterOfManyScripts)
    transport.answer(
      "GET /models/acme/painter/versions",
      Self.page([
        Self.versionOfManyScripts,
        Self.version.replacing(Self.versionID, with: String(repeating: "0f3e", count: 16)),
      ]))
    transport.answer(
      "GET /predictions",
      Self.page([
        Self.prediction("aaa1", "succeeded", "2026-11-24T02:55:00Z").replacing(
          "acme/painter", with: "工房/絵師-🦊"),
        Self.prediction(
          "aaa2", "failed", "2026-11-24T01:00:00Z",
          #""error":"メモリ不足 \#(ManyScripts.family)","metrics":{"predict_time":12.5}"#),
        Self.prediction(
          "aaa3", "canceled", "2026-11-20T01:00:00Z", #""metrics":{"predict_time":61}"#
        ).replacing("acme/painter", with: "acme/\(ManyScripts.skinTone)-\(ManyScripts.flags)"),
      ]))
  }

  private static func collection(_ name: String, _ slug: String, _ description: String) -> String {
    #"{"name":"\#(name)","slug":"\#(slug)","description":"\#(description)"}"#
  }

  private static func model(
    _ owner: String, _ name: String, _ description: String, _ runs: Int
  ) -> String {
    summary(owner, name, runs).replacing("What \(name) does", with: description)
  }

  private static let versionOfManyScripts = version.replacing(
    "What to paint", with: "何を描くか \(ManyScripts.family) \(ManyScripts.heart)"
  ).replacing(
    "How long to work on it", with: "どれだけ長く \(ManyScripts.flags)"
  ).replacing(
    #"["ink","oil","chalk"]"#,
    with:
      #"["ink","墨絵 \#(ManyScripts.family)","油絵 \#(ManyScripts.skinTone)","\#(ManyScripts.marks)"]"#)

  private static let painterOfManyScripts = painter.replacing(version, with: versionOfManyScripts)
    .replacing("Paints what it is told.", with: ManyScripts.prompt)
}
