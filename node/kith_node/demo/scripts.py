"""What the demonstration's members write to each other: made up, about one topic, in turns.

Nobody wrote these to anybody. Each side has sentences of its own in an order that goes with
almost any answer; how many of them come in one turn, one to three, is chosen by the seed. Some
are short and some long, some not in Latin letters, so that all sizes of envelopes are in use.
"""

from __future__ import annotations

import itertools

import msgspec

from kith_node.demo.chooser import Chooser

MESSAGES = 30
MAX_TURN = 3

KNOCK = (
    "Good day! I am looking for somebody who knows {topic} and would talk with me about it "
    "now and then. Would you?"
)
AGAIN = "It is me again: shall we go on talking about {topic}?"
OTHER = "I would like to ask you something about {topic}, too."
ACCEPT = "Gladly. Write whenever you like; I answer in the evenings."
DECLINE = (
    "Thank you for asking. I am with two people already and would not have the time that you "
    "deserve. I am sure you will find somebody."
)

_MENTEE = (
    "Thank you for taking the time!",
    "I began with {topic} about a year ago, on my own, and by now I do not know what I do not "
    "know.",
    "Where would you begin in my place?",
    "That helps. I had tried it the other way round and wondered why it got harder each week.",
    "May I ask how you learned it?",
    "I wrote down what I understood, so that you can correct me. First: small steps, each one "
    "finished. Second: ask before I am stuck for a whole evening. Third: look at how others "
    "did it, and not only at how it ends. Fourth: explain it to somebody who knows nothing of "
    "{topic}, for that is where I find out what I have not understood. Is there a fifth?",
    "Yes.",
    "I tried it yesterday. The first half went well, the second did not.",
    "Vielen Dank, das war genau der Satz, der mir fehlte.",
    "I am a little afraid of showing it to people at work.",
    "Could we go through one example together next week?",
    "Tuesday would suit me, or any evening after.",
    "Большое спасибо! 🌱",
    "I did it, and nobody laughed.",
    "What would you read next about {topic}?",
    "I will come back to you when I have finished it.",
)
_MENTOR = (
    "You are welcome. Tell me what you have done so far with {topic}.",
    "That is further than you think.",
    "Begin with the part that you would use tomorrow, and leave the rest for later.",
    "I learned it the slow way: by doing it badly in company of patient people.",
    "What do you want to be able to do in half a year that you can't do now?",
    "Good. Your list is right, and I would put the second one first. Most people wait too "
    "long, because asking feels like admitting something. It is the other way round: whoever "
    "asks early is somebody one likes to work with. As a fifth: keep what you have thrown "
    "away, with a line about why. In a year it is the best book about {topic} that you own.",
    "はい、その通りです。",
    "The second half is always like that. Which step was it, exactly?",
    "Then we look at that one together.",
    "Ask them for one thing that they would change. It is easier to answer than whether it "
    "is good.",
    "Tuesday is fine.",
    "See?",
    "شكرًا لك، هذا يسعدني.",
    "I would not read anything for a while. Do two more of the same kind first.",
    "Write to me when you are stuck, or when you are not. Both are good news.",
    "You have come a long way with {topic}.",
)


class Line(msgspec.Struct, frozen=True):
    """One message.

    Attributes:
        by_mentee: who writes it.
        text: what it says.
    """

    by_mentee: bool
    text: str


def write_script(topic: str, *, number: int, seed: int) -> tuple[Line, ...]:
    """Return what two people write to each other, ``MESSAGES`` in all, the mentee first.

    Args:
        topic: its label.
        number: of the conversation; each has other turns.
        seed: any number.
    """
    chooser = Chooser(seed)
    words = {True: itertools.cycle(_MENTEE), False: itertools.cycle(_MENTOR)}
    lines: list[Line] = []
    for turn in itertools.count():
        by_mentee = turn % 2 == 0
        length = min(1 + chooser.below(MAX_TURN, "turn", number, turn), MESSAGES - len(lines))
        said = itertools.islice(words[by_mentee], length)
        lines += [Line(by_mentee, text.format(topic=topic)) for text in said]
        if len(lines) == MESSAGES:
            break
    return tuple(lines)


def turns_of(script: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    """Return *script* in turns: what one side writes before the other one reads."""
    grouped = itertools.groupby(script, key=lambda line: line.by_mentee)
    return [tuple(lines) for _, lines in grouped]
