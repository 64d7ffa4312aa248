/// The stanzas of the poems.
enum PoemText {
  static let titles = ["On {topic}", "Lines on {topic}", "Written at {place}", "{Season}"]

  static let stanzas = [
    """
    The kettle sings, the window clears,
    the gulls go out with the tide;
    a thing I had not thought in years
    sits down here at my side.
    """,
    """
    I walked as far as {mark1}
    to see what I could see:
    the evening took its colors down
    and handed them to me.
    """,
    """
    They say that all that can be said
    was said before we came.
    I called it by another word.
    It answered just the same.
    """,
    """
    One word the milestone kept for me
    beneath the moss and rain.
    I read it once, “{word}”, and then
    I read it once again.
    """,
    """
    The clouds go over, row by row,
    like pages being turned;
    the things I was supposed to know
    are not the things I learned.
    """,
    """
    A lamp is lit across the bay,
    another answers soon:
    two people who have much to say,
    and both must leave by noon.
    """,
    """
    So small a thing, so light to hold,
    so easily mislaid;
    I keep it, as I have been told,
    in paper, in the shade.
    """,
  ]

  static let endings = [
    """
    And if you ask what it was for,
    I'll say, and not in rhyme:
    {Short} came knocking at the door,
    and I was home in time.
    """,
    """
    So leave the door upon the latch,
    and leave the lamp alight.
    Whatever we have failed to catch
    may find its way tonight.
    """,
  ]

  static let wistfulEndings = [
    """
    The path is there. The gate is shut.
    The orchard has gone wild.
    I turn the key, and find it cut
    for someone else's child.
    """,
    """
    The tide comes in, the tide goes out,
    the lamp burns low and thin.
    I've quite forgotten what about,
    but not who let me in.
    """,
  ]
}
