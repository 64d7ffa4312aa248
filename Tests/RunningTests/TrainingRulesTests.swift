import Running
import Testing

struct TrainingRulesTests {
  private func rules(_ description: String) -> TrainingRules {
    TrainingRules(description: description)
  }

  @Test func `the description of a Flux trainer`() {
    let rules = rules(
      """
      A zip file containing the images that will be used for training. We recommend a minimum of 10 \
      images. If you include captions, include them as one .txt file per image, e.g. my-photo.jpg \
      should have a caption file named my-photo.txt. If you don't include captions, you can use \
      autocaptioning (enabled by default).
      """)
    #expect(rules.fewest == TrainingRules.Bound(count: 10, isAdvice: true))
    #expect(rules.most == nil && rules.smallest == nil)
    #expect(rules.archives == ["zip"])
    #expect(rules.formats.isEmpty)
    #expect(rules.takesCaptionFiles && rules.writesCaptions && !rules.takesCaptionsFromNames)
    #expect(!rules.keepsFolders)
  }

  @Test func `the description of SDXL’s trainer`() {
    let rules = rules(
      "A .zip or .tar file containing the image files that will be used for fine-tuning")
    #expect(rules.archives == ["zip", "tar"])
    #expect(rules.fewest == nil && rules.formats.isEmpty)
  }

  @Test func `captions that are the names of the files`() {
    let rules = rules(
      "A zip/tar file of images. File names must be their captions: a_photo_of_TOK.png, etc. "
        + "Min 12 images required.")
    #expect(rules.takesCaptionsFromNames && !rules.takesCaptionFiles)
    #expect(rules.fewest == TrainingRules.Bound(count: 12, isAdvice: false))
    #expect(rules.archives == ["zip", "tar"])
    #expect(rules.formats.isEmpty)
  }

  @Test func `a trainer that needs its folders`() {
    let rules = rules(
      "https url or path name of a zipfile containing training data. Training data should have a "
        + "json file data.json and an images/ folder. data.json should link the images from "
        + "images/ to conversations.")
    #expect(rules.keepsFolders)
    #expect(rules.archives == ["zip"])
  }

  @Test(
    arguments: [
      ("a minimum of 10 images", 10, nil), ("at least 5 high quality images", 5, nil),
      ("Upload 10-20 images", 10, 20), ("10 to 20 photos", 10, 20), ("10–20 photos", 10, 20),
      ("between 4 and 30 training images", 4, 30), ("no more than 50 images", nil, 50),
      ("up to 100 pictures", nil, 100), ("12+ images", 12, nil), ("5 images or more", 5, nil),
      ("images (minimum 8 images)", 8, nil), ("20 images maximum", nil, 20),
      ("Max 30 images.", nil, 30), ("no fewer than 6 images", 6, nil),
      // What says nothing about the number of pictures.
      ("4 images", nil, nil), ("generates up to 4 images", nil, nil),
      ("at least 5 steps", nil, nil),
      ("a batch of at least 2 images", nil, nil), ("at least 10 repeats per image", nil, nil),
      ("at least 0 images", nil, nil), ("at least 99999999999999999999 images", nil, nil),
      ("don't use fewer than 3 images or more than 9 images", nil, nil), ("20-10 images", nil, nil),
      ("", nil, nil), ("at least", nil, nil), ("10", nil, nil),
    ] as [(String, Int?, Int?)])
  func `numbers of pictures`(text: String, fewest: Int?, most: Int?) {
    let rules = rules(text)
    #expect(rules.fewest?.count == fewest)
    #expect(rules.most?.count == most)
  }

  @Test func `what is recommended isn't demanded`() {
    #expect(rules("We recommend at least 5 images.").fewest?.isAdvice == true)
    #expect(rules("10-20 images").fewest?.isAdvice == true)
    #expect(rules("You must send 10-20 images").most?.isAdvice == false)
    #expect(rules("At least 5 images.").fewest?.isAdvice == false)
  }

  @Test func `formats of pictures`() {
    #expect(rules("Images (jpg, PNG or WebP)").formats == [.jpeg, .png, .webp])
    #expect(rules("a zip of .jpg/.png files").formats == [.jpeg, .png])
    #expect(rules("Only PNG files.").formats == [.png])
    #expect(rules("like cat.jpg or dog.png").formats.isEmpty)
    #expect(rules("a jpg").formats.isEmpty)
    #expect(rules("gif and webp aren’t supported").formats.isEmpty)
  }

  @Test func `sizes of pictures`() {
    #expect(rules("minimum 1024x1024").smallest.map { [$0.width, $0.height] } == [1024, 1024])
    #expect(rules("at least 768×512 pixels").smallest.map { [$0.width, $0.height] } == [768, 512])
    #expect(rules("Minimum size: 512px").smallest.map { [$0.width, $0.height] } == [512, 512])
    #expect(rules("512 pixels or larger").smallest?.width == 512)
    #expect(rules("resized to 1024x1024").smallest == nil)
    #expect(rules("at least 99999999x1").smallest == nil)
  }

  @Test func `long and odd texts take no time and do no harm`() {
    for text in [
      String(repeating: "at least 5 ", count: 20_000), String(repeating: "1-", count: 50_000),
      String(repeating: "x", count: 1_000_000), "\u{0}at least\u{7} 5\timages", "….…/…/",
    ] {
      _ = rules(text)
    }
    #expect(rules("at least\n5 images").fewest == nil)
  }
}
