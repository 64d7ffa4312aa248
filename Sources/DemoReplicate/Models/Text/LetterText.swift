/// The sentences of the letters.
enum LetterText {
  static let dates = [
    "{Place}, in {season}", "{Place}, on a {weather} Thursday", "From {place}, by the evening post",
  ]

  static let greetings = ["Dear friend,", "My dear,", "Dear neighbor of former days,"]

  static let openings = [
    "You asked me about {topic}, and I have put off answering because I wanted to be sure of my "
      + "facts.",
    "Your letter came this morning, and I have read the part about {topic} aloud to everyone who "
      + "would stand still.",
    "I am sitting at the window with {object} beside me, and I mean to tell you what I know of "
      + "{topic}.",
  ]

  static let news = [
    "I am no longer sure of anything, so I may as well begin.",
    "Here, where {placeDetail}, such news goes round before the kettle boils.",
    "It is not much, but it is in the right order.",
  ]

  static let middles = [
    "Last week {visitor} called and stayed until the lamps were lit. We spoke of {topic} and of "
      + "nothing else. I had not known that I held such strong opinions, and by the end of the "
      + "evening I held the opposite ones.",
    "I walked out as far as {mark1} to think it over. The light was good and the path was dry, and "
      + "I had almost come to a conclusion when I reached {mark2} and met the cat from next door, "
      + "who was coming back from the same errand.",
    "Do you remember {mark3}? It is still there. I sat down where we used to sit and tried to look "
      + "at the matter with your eyes, which have always been better than mine.",
    "There is a word for all this, and I believe that the word is “{word}”. I wrote it on a slip "
      + "of paper and pinned it over the stove. When people ask, I say that it is a reminder, "
      + "which is true of most things on that wall.",
    "You will want to know whether it has changed me. I still drink my tea without sugar. But I "
      + "notice that I leave the door on the latch now, and that I listen for steps on the path.",
  ]

  static let partings = [
    "Come and see for yourself, if you can. There is a fifth chair in the kitchen, and the weather "
      + "is said to be improving.",
    "Write soon, and tell me that I am wrong; I look forward to it more than I can say.",
    "The post is about to go, so the rest must wait. It is the best part, of course. It always is.",
  ]

  static let wistfulPartings = [
    "I don't suppose that you will come again. But I have left your cup where it was, and the "
      + "lamp in the window burns a little later than it need.",
    "It is growing dark, and I can hardly see the page. Think of me when you think of {topic}; I "
      + "shall do the same, and so we shall have met.",
  ]
}
