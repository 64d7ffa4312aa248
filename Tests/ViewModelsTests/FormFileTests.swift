import Foundation
import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// File fields: what is typed, dropped and completed, and what is said about it.
@MainActor @Suite struct `Files in a form` {
  let folder: TestFolder

  init() throws {
    folder = try TestFolder()
  }

  private func form(
    _ accept: [String] = [], prefill: JSONObject = [:], required: Bool = false
  ) -> InputForm {
    let form = InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(inputs: [
        InputField(
          name: "image", kind: .file(FileRules(accept: accept)), isRequired: required),
        InputField(name: "images", kind: .array(.file())),
        InputField(name: "prompt", kind: .text()),
      ]), prefill: prefill)
    form.files.place = FilePlace(home: folder.path + "/home", folder: folder.path)
    return form
  }

  private func paste(_ text: String, _ form: InputForm) async {
    form.perform(.edit(.insert(text)))
    await form.files.settled()
  }

  private func type(_ text: String, _ form: InputForm) async {
    for character in text { form.perform(.edit(.insert(String(character)))) }
    await form.files.settled()
  }

  private func complete(_ form: InputForm) async {
    form.perform(.complete)
    await form.files.settled()
  }

  private func text(_ form: InputForm) -> String { form.focusedFile?.text ?? "" }

  // MARK: Looking

  @Test func `a picture's size, type and dimensions are said, and how it will be sent`()
    async throws
  {
    let form = form()
    try folder.write("cat.png", TestFolder.png(640, 480))
    await type("cat.png", form)
    guard case .facts(let facts) = form.fileNote else {
      Issue.record("nothing is said")
      return
    }
    #expect(facts.mediaType == "image/png")
    #expect(facts.dimensions.map { [$0.width, $0.height] } == [640, 480])
    #expect(facts.isSentAsData)
    #expect(form.fields[0].payload == "cat.png")
    #expect(form.fields[0].mark == .changed)
  }

  @Test func `a wrong path is marked as the field is left, and keeps its text`() async throws {
    let form = form()
    await type("none.png", form)
    #expect(form.fields[0].mark == .changed)
    #expect(form.fileNote.map { if case .problem = $0 { true } else { false } } == true)
    form.perform(.next)
    await form.files.settled()
    #expect(form.fields[0].mark == .invalid)
    #expect(form.fields[0].problem?.contains("doesn't exist") == true)
    #expect(form.fields[0].control.buffer?.text == "none.png")
    // It doesn't keep a run from trying again: the file may be there by now.
    #expect(form.validate())
    form.perform(.focus(0))
    form.perform(.edit(.deleteBackward))
    #expect(form.fields[0].problem == nil)
  }

  @Test func `folders, pipes and types that aren't accepted are named`() async throws {
    let form = form(["image/*"])
    try folder.write("notes.txt")
    mkfifo(folder.path + "/pipe", 0o600)
    for (text, words) in [
      (folder.path, "is a folder"), ("pipe", "is a pipe"), ("/dev/null", "is a device"),
      ("notes.txt", "must be image/*; notes.txt is text/plain"),
    ] {
      form.perform(.focus(0))
      form.perform(.unset)
      await type(text, form)
      form.perform(.next)
      await form.files.settled()
      #expect(form.fields[0].problem?.contains(words) == true, "\(text)")
    }
  }

  @Test func `addresses are told by their host, data by its type`() async {
    let form = form()
    await paste("https://user@a.example/x.png?y", form)
    #expect(form.fileNote == .web(host: "a.example"))
    form.perform(.unset)
    await paste("data:image/png;base64,AAAA", form)
    #expect(form.fileNote == .data(type: "image/png", size: 3))
  }

  // MARK: Foreign values

  @Test func `an example's path isn't sent unless it is chosen`() async throws {
    let secret = try folder.write("id_rsa")
    let form = form(prefill: ["image": .string(secret), "images": [.string(secret)]])
    #expect(form.fields[0].payload == nil && form.fields[1].payload == nil)
    #expect(form.fields[0].problem?.contains("haven’t chosen") == true)
    #expect(!form.validate())
    form.perform(.focus(0))
    form.setFile(secret)
    #expect(form.fields[0].payload == .string(secret))
  }

  @Test func `a required input's default path is no value`() {
    let field = FormField(
      InputField(name: "image", kind: .file(), isRequired: true, defaultValue: "~/.ssh/id_rsa"))
    #expect(field.mark == .required && field.payload == nil)
    let web = FormField(
      InputField(name: "image", kind: .file(), isRequired: true, defaultValue: "https://a.example"))
    #expect(web.payload == "https://a.example")
  }

  // MARK: Dropping

  @Test func `quotes, backslashes and file URLs are taken away from what is dropped`() async throws
  {
    let path = try folder.write("my cat.png")
    for text in [
      "'\(path)'", path.replacing(" ", with: "\\ ") + " ",
      "file://" + path.replacing(" ", with: "%20") + "\n", path,
    ] {
      let form = form()
      await paste(text, form)
      #expect(self.text(form) == path, "\(text)")
    }
  }

  @Test func `of several dropped files one fits, and the form says so`() async throws {
    let form = form()
    await paste("/a/b.png '/c/d e.png'", form)
    #expect(text(form) == "/a/b.png")
    #expect(form.takeRefusal() == "Only one file fits here, so the first of 2 was taken.")
  }

  @Test func `several dropped files fill the rows of a list`() async throws {
    let form = form()
    form.perform(.focus(1))
    await paste("/a/b.png '/c/d e.png'\n", form)
    #expect(form.fields[1].payload == ["/a/b.png", "/c/d e.png"])
    await paste("https://a.example/x.png", form)
    #expect(form.fields[1].payload?[2] == "https://a.example/x.png")
    form.perform(.edit(.up))
    await paste("file:///f/1\nfile:///f/2", form)
    #expect(
      form.fields[1].payload
        == ["/a/b.png", "/c/d e.png", "/f/1", "/f/2", "https://a.example/x.png"])
  }

  @Test func `a row's file is looked at, completed and marked like a field's`() async throws {
    try folder.write("cat.png", TestFolder.png(8, 6))
    let form = form()
    form.perform(.focus(1))
    await type("ca", form)
    await complete(form)
    #expect(text(form) == "cat.png")
    guard case .facts = form.fileNote else {
      Issue.record("nothing is said")
      return
    }
    await complete(form)
    #expect(form.fields[1].control.list?.selected == 1)
    await type("none.png", form)
    form.perform(.next)
    await form.files.settled()
    #expect(form.fields[1].problem?.hasPrefix("item 2 isn't there") == true)
    #expect(form.fields[1].payload == ["cat.png", "none.png"])
  }

  @Test func `a paste inside a path is part of it`() async {
    let form = form()
    await type("/a/", form)
    await paste("my cat.png", form)
    #expect(text(form) == "/a/my cat.png")
  }

  // MARK: Completing

  @Test func `Tab completes, opens a list, and goes on where nothing is left`() async throws {
    for name in ["pictures/cat.png", "pictures/cow.png", "picnic.txt"] { try folder.write(name) }
    let form = form(["image/*"])
    await type("p", form)
    await complete(form)
    // The text file isn't accepted, so the folder is the only way.
    #expect(text(form) == "pictures/c")
    #expect(form.files.completion?.choices.map(\.name) == ["cat.png", "cow.png"])
    form.perform(.edit(.down))
    form.perform(.activate)
    #expect(text(form) == "pictures/cow.png")
    #expect(form.files.completion == nil && form.focus == 0)
    await complete(form)
    #expect(form.focus == 1)
  }

  @Test func `Esc closes the list, typing goes on`() async throws {
    for name in ["a1", "a2"] { try folder.write(name) }
    let form = form()
    await type("a", form)
    await complete(form)
    #expect(form.files.completion != nil)
    #expect(form.perform(.escape))
    #expect(form.files.completion == nil)
    await complete(form)
    form.perform(.edit(.insert("1")))
    #expect(form.files.completion == nil && text(form) == "a1")
  }

  @Test func `a folder that is taken from the list shows what is in it`() async throws {
    for name in ["d1/x", "d1/y", "d2/z"] { try folder.write(name) }
    let form = form()
    await type("d", form)
    await complete(form)
    form.perform(.activate)
    await form.files.settled()
    #expect(text(form) == "d1/")
    #expect(form.files.completion?.choices.map(\.name) == ["x", "y"])
  }

  @Test func `Tab in an empty field goes to the next one, and without a match says so`() async {
    let form = form()
    await complete(form)
    #expect(form.focus == 1)
    form.perform(.focus(0))
    await type("nothing", form)
    await complete(form)
    #expect(form.focus == 0 && text(form) == "nothing")
    #expect(form.takeRefusal() == "Nothing here begins with “nothing”.")
    form.perform(.focus(2))
    #expect(form.perform(.complete))
  }

  @Test func `what was typed meanwhile isn't replaced by a late completion`() async throws {
    try folder.write("picture.png")
    let form = form()
    form.perform(.edit(.insert("p")))
    form.perform(.complete)
    form.perform(.edit(.insert("x")))
    await form.files.settled()
    #expect(text(form) == "px")
  }
}
