import ReplicateAPI
import Support
import Testing

@testable import Running

extension TestFolder {
  fileprivate var place: FilePlace { FilePlace(home: path + "/home", folder: path) }
}

@Suite struct `Texts that name files` {
  let place = FilePlace(home: "/home/me", folder: "/work/here")

  private func paths(_ text: String) -> [String] {
    LocalPath.candidates(text, in: place).map(\.shown)
  }

  @Test func `absolute, relative, and in the home folder`() {
    #expect(paths("/a/b.png") == ["/a/b.png"])
    #expect(paths("b.png") == ["/work/here/b.png"])
    #expect(paths("./b.png") == ["/work/here/b.png"])
    #expect(paths("../b.png") == ["/work/here/../b.png"])
    #expect(paths("~") == ["/home/me"])
    #expect(paths("~/b.png") == ["/home/me/b.png"])
    #expect(paths("~other/b.png") == ["/work/here/~other/b.png"])
    #expect(paths("-rf") == ["/work/here/-rf"])
  }

  @Test func `quotes and backslashes are taken away if nothing is there with them`() {
    #expect(paths("'/a/my cat.png'") == ["/work/here/'/a/my cat.png'", "/a/my cat.png"])
    #expect(paths(#"/a/my\ cat.png"#) == [#"/a/my\ cat.png"#, "/a/my cat.png"])
    #expect(paths("it's.png") == ["/work/here/it's.png"])
    #expect(paths("my cat.png") == ["/work/here/my cat.png"])
  }

  @Test func `URLs of files on this machine`() {
    #expect(paths("file:///a/my%20cat%0A.png") == ["/a/my cat\n.png"])
    #expect(paths("file://localhost/a") == ["/a"])
    #expect(FileText("file://elsewhere/a") == .unknown)
    #expect(FileText("file:///a%00b") == .unknown)
  }

  @Test(arguments: [
    "/home/me/my cat.png", "/a/-x.png", "/a/漢字 🐈‍⬛.png", #"/a/back\slash"#, "/a/'quoted'", "/",
    "/home/me",
  ])
  func `a path and its text are the same`(path: String) {
    let text = LocalPath(path).text(in: place)
    #expect(!text.hasPrefix("file:"))
    #expect(LocalPath.candidates(text, in: place).first == LocalPath(path))
  }

  @Test func `a name that no field can hold stands as a URL`() {
    for bytes: [UInt8] in [
      Array("/a/new\nline".utf8), [0x2F, 0x61, 0xFF, 0xFE], Array("/a/\u{1B}[31mred".utf8),
      Array("/a/end ".utf8), Array("/a/\u{202E}gnp.exe".utf8),
    ] {
      let path = LocalPath(bytes: bytes)
      let text = path.text(in: place)
      #expect(text.hasPrefix("file:///"))
      #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
      #expect(LocalPath.candidates(text, in: place) == [path])
    }
  }

  @Test(arguments: [
    ("/a/b.png", ["/a/b.png"]), ("'/a/my cat.png'", ["/a/my cat.png"]),
    ("\"/a/b.png\" ", ["/a/b.png"]), (#"/a/my\ cat.png "#, ["/a/my cat.png"]),
    ("/a/b.png /c/d.png", ["/a/b.png", "/c/d.png"]),
    (#"'/a/x y.png' /c/d\ e.png"#, ["/a/x y.png", "/c/d e.png"]),
    ("/a/my cat.png", ["/a/my cat.png"]),
    ("file:///a/my%20cat.png\nfile:///b\n", ["/a/my cat.png", "/b"]),
    ("# comment\nhttps://a.example/x\n/b", ["https://a.example/x", "/b"]),
    ("https://a.example/x y'", ["https://a.example/x y'"]),
    ("it's mine.png", ["it's mine.png"]), ("~/a.png ~/b.png", ["~/a.png", "~/b.png"]),
    ("", []), ("  \n ", []), ("https://a.example/\nx\n", ["https://a.example/\nx\n"]),
  ])
  func `what terminals type for dropped files`(text: String, files: [String]) {
    #expect(ShellWords.files(in: text, place) == files)
  }

  @Test(arguments: [
    ("http://a", FileText.web), ("HTTPS://a", .web), ("data:,x", .data), ("/a", .local),
    ("cat.png", .local), ("ftp://a.example", .unknown), ("s3://bucket/x", .unknown),
    ("a:b.png", .local), ("C:\\x.png", .local),
  ])
  func `what a text is`(text: String, kind: FileText) {
    #expect(FileText(text) == kind)
  }
}

@Suite struct `Completing paths` {
  private func texts(_ completion: PathCompletion?) -> [String] {
    completion?.choices.map(\.text) ?? []
  }

  @Test func `the common part first, then the choices, folders with a slash`() async throws {
    let folder = try TestFolder()
    for name in ["pictures/cat.png", "picnic.txt", "other", ".hidden"] { try folder.write(name) }
    let first = await PathCompletion.of("pi", in: folder.place)
    #expect(first?.text == "pic")
    #expect(texts(first) == ["pictures/", "picnic.txt"])
    let only = await PathCompletion.of("pict", in: folder.place)
    #expect(only?.text == "pictures/")
    let inside = await PathCompletion.of("\(folder.path)/pictures/", in: folder.place)
    #expect(inside?.text == "\(folder.path)/pictures/cat.png")
    #expect(texts(await PathCompletion.of(".", in: folder.place)) == [".hidden"])
    #expect(await PathCompletion.of("", in: folder.place)?.choices.count == 3)
  }

  @Test func `another case, if nothing has this one`() async throws {
    let folder = try TestFolder()
    try folder.write("Readme.md")
    #expect(await PathCompletion.of("read", in: folder.place)?.text == "Readme.md")
    try folder.write("Reader.md")
    let both = await PathCompletion.of("read", in: folder.place)
    #expect(both?.text == "read" && both?.choices.count == 2)
  }

  @Test func `the home folder stays a tilde`() async throws {
    let folder = try TestFolder()
    try folder.write("home/cat.png")
    #expect(await PathCompletion.of("~", in: folder.place)?.text == "~/cat.png")
    #expect(await PathCompletion.of("~/c", in: folder.place)?.text == "~/cat.png")
  }

  @Test func `what the input doesn't accept is marked and doesn't stop the common part`()
    async throws
  {
    let folder = try TestFolder()
    for name in ["cat.png", "cats.mp4", "cat-big.png"] { try folder.write(name) }
    let completion = await PathCompletion.of("c", accept: ["image/*"], in: folder.place)
    #expect(completion?.text == "cat")
    #expect(completion?.choices.filter(\.isExcluded).map(\.name) == ["cats.mp4"])
  }

  @Test func `odd names are completed as URLs`() async throws {
    let folder = try TestFolder()
    try folder.write(named: Array("odd\nname".utf8))
    let text = try #require(await PathCompletion.of("odd", in: folder.place)).text
    #expect(text.hasSuffix("/odd%0Aname"))
    #expect(await PathCompletion.of(text, in: folder.place)?.text == text)
  }

  @Test func `an address or a folder that isn't there has no completion`() async throws {
    let folder = try TestFolder()
    #expect(await PathCompletion.of("https://a.ex", in: folder.place) == nil)
    #expect(await PathCompletion.of("none/x", in: folder.place) == nil)
  }

  @Test func `thousands of entries are sorted and filtered`() async throws {
    let folder = try TestFolder()
    for number in 0..<10_000 { try folder.write(named: Array("file-\(number).png".utf8)) }
    let start = ContinuousClock.now
    let result = await FolderListing.entries(of: LocalPath(folder.path))
    let read = ContinuousClock.now
    let entries = try result.get()
    #expect(entries.count == 10_000)
    #expect(entries.filter { $0.matches([Array("99".utf8)]) }.count == 280)
    print("10,000 entries: read \(read - start), filtered \(ContinuousClock.now - read)")
  }
}
