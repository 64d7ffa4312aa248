/// The sentences of the stories. Any sentence of one group fits any of the next.
enum StoryText {
  static let titles = [
    "The Visitor", "What {name} Found", "One Morning in {place}", "The Road from {place}",
    "Somebody at the Door", "An Account from {place}",
  ]

  static let openings = [
    "In {place}, where {placeDetail}, there lived {trade} whose name was {name}.",
    "{Name} had been {trade} in {place} for {years} years, and in all that time nobody had once "
      + "asked {them} about {topic}.",
    "Nobody in {place} could say who had first spoken of {topic}, but by {season} the whole town "
      + "was talking of little else, and {name}, {trade}, was talking least of all.",
    "This happened in {place}, where {placeDetail}, in the year in which {name} gave up being "
      + "{trade}.",
    "If you come to {place}, and few people do, ask for {name}, who is {trade} and can tell you "
      + "the rest.",
  ]

  static let habits = [
    "On the windowsill stood {object}, which {they} would not have sold at any price.",
    "{They} drank {their} tea without sugar, spoke when spoken to, and kept {object} on the shelf "
      + "above the stove.",
    "{They} owned four chairs, a good coat and {object}, and thought that this was about enough.",
    "Every evening {they} took down {object}, looked at it for a while and put it back.",
  ]

  static let doubts = [
    "There are people who wait for something all their lives; {name} had never thought of "
      + "{them}self as one of them.",
    "It was a small life, and it fitted {them} as a glove fits.",
    "If anyone had asked whether something was missing, {they} would have said no, and counted "
      + "the spoons to be sure.",
    "Nothing had happened there for a long time, and it had been happening very quietly.",
  ]

  static let arrivals = [
    "Then, on a {weather} morning in {season}, there was a knock at the door. On the step stood "
      + "{visitor}.",
    "It was {visitor} who put an end to that, by knocking three times on a {weather} morning.",
    "One day, in {season}, {visitor} came up the path, wiped both feet with care and asked "
      + "whether this was the right house.",
  ]

  static let requests = [
    "“I have come about {topic},” said the visitor, as one might remark that it looked like rain.",
    "“They tell me that you know something about {topic},” said the visitor. “Or that you would, "
      + "if anybody did.”",
    "“It concerns {topic},” said the visitor, and lowered {object}, which had somehow been picked "
      + "up on the way in, onto the table between them.",
  ]

  static let answers = [
    "{Name} put the kettle on. It seemed the right thing to do.",
    "{Name} considered this for as long as it takes to butter a slice of bread. “You had better "
      + "sit down,” {they} said.",
    "“I wondered when somebody would,” said {name}, and was surprised to find that it was true.",
    "{Name} said nothing, but {they} was already looking for {their} coat.",
  ]

  static let departures = [
    "They set out before noon.",
    "They left the key under the third flowerpot, where everyone in {place} leaves it.",
    "By the time the tea was cold, the two of them were on the road.",
  ]

  static let roads = [
    "The way led past {mark1} and {mark2}, and neither of them spoke until {mark3} was well "
      + "behind.",
    "At {mark1} they shared an apple. At {mark2} they lost the path, and at {mark3} it found them "
      + "again.",
    "You go by {mark1} first, then by {mark2}; after {mark3} there are no signs any more, and it "
      + "is best to follow the sound of water.",
  ]

  static let interludes = [
    "“What will you do with it,” asked {name} after a while, “once it is settled?” The visitor "
      + "thought about that for the length of a hedge. “I suppose I shall go home and be asked how "
      + "it was,” came the answer, “and I should like to have something to say.”",
    "Somewhere to the left a dog barked twice and then, as if it had made its point, stopped. The "
      + "clouds went over in good order. It was the kind of afternoon that gets into the memory by "
      + "the back door and stays there.",
    "They met nobody but a woman leading a goat. She had heard of {topic}, she said; who hadn't? "
      + "Her grandmother used to say that it was a matter of patience, and that patience was a "
      + "matter of shoes. Then she looked at their shoes, and nodded, and went on.",
    "It began to rain, not hard, but with the air of meaning to go on. They stood under a chestnut "
      + "tree and told each other the names of all the teachers they could remember. {Name} won by "
      + "two.",
    "On a milestone, under the moss, somebody had scratched a single word: {word}. The visitor "
      + "copied it into a notebook. {Name}, who had passed that stone a thousand times, felt the "
      + "way one feels when a stranger points out the moon.",
    "“There are three kinds of people,” said the visitor. “Those who look, those who find, and "
      + "those who put things back where they belong.” {Name} asked which kind did the cooking, "
      + "and after that they got on very well.",
    "Toward evening the light came in low under the clouds and made everything look as though it "
      + "had just been washed: the fence posts, the puddles, the visitor's serious face. Neither "
      + "of them mentioned it. It would have been like mentioning the salt.",
  ]

  static let discoveries = [
    "What they were looking for was behind the last door, on a table, under a clean white cloth. "
      + "{Name} lifted one corner and let it fall again.",
    "And there it was. It was smaller than people said, and it was not hidden at all; one only "
      + "had to stand where they were standing, and to have walked there.",
    "They came over the rise, and saw it, and for some time there was nothing to be heard but the "
      + "wind going through the grass.",
  ]

  static let meanings = [
    "“So that is all there is to {topic},” said {name}. “No,” said the visitor, “that is how it "
      + "begins.”",
    "Everything that had ever been said about {topic} was true, it turned out, except for the "
      + "part that everybody believed.",
    "It is hard to describe it to anyone who has only heard of {topic}; it is a little like "
      + "finding the light switch in a dark room, and a little like finding the room.",
  ]

  static let endings = [
    "They were home before the lamps were lit. Little has changed since, but these days "
      + "there are five chairs in that kitchen, and somebody is usually sitting in the fifth.",
    "If you pass through {place} now, you may see two people on the bench by {mark1}, arguing "
      + "cheerfully about {topic}. Sit down with them. They will make room.",
    "Afterwards {name} wrote it all down, left out the rain, and read it aloud to anyone who "
      + "asked. This is how I come to know it, and now you do too.",
    "The next morning there was another knock at the door, and this time {name} was there before "
      + "the third.",
  ]

  static let wistfulEndings = [
    "The visitor went on by the morning train and did not write. But on {weather} days {name} "
      + "still walks as far as {mark1}, and stands there a while, and comes home by the long way.",
    "{Name} gave {object} away that winter. Some things, {they} said, are ours only to look after "
      + "for a while.",
    "Years later, when hardly anybody remembered {topic}, {name} could still find the place with "
      + "closed eyes. {They} never told us where it was. I think that {they} was keeping it warm.",
  ]
}
