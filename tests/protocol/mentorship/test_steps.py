"""Trees of steps: which one counts is decided by the set of messages alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_protocol.mentorship.bodies import Note, Thanks
from kith_protocol.mentorship.steps import NO_STEP, Node, Settled, Step, followed, settle
from kith_testing.mentorships import MENTEE, THING, name_of


class Letters:
    """A thing whose state is all that was written: in capitals it answers, ``.`` ends it.

    ``-`` is never legal, and nothing is legal after the end. ``!`` outranks other letters.
    """

    def begin(self, step: Step) -> str:
        return self.follow("", step)

    def follow(self, state: str, step: Step) -> str:
        letter = letter_of(step)
        if letter == "-" or state.endswith("."):
            raise UsageError("not here")
        return state + letter

    def weigh(self, step: Step) -> tuple[int, int, int]:
        letter = letter_of(step)
        return int(letter == "."), int(letter.isupper()), int(letter == "!")


def letter_of(step: Step) -> str:
    assert isinstance(step.body, Note)
    return step.body.text


def write(letter: str, after: Step | None = None, *, number: int = 0) -> Step:
    """Return a step; of two that differ in nothing else, the greater number has more weight."""
    before = NO_STEP if after is None else after.hash
    hashed = bytes([number]) + sha256(before + letter.encode())[:31]
    body = Note(THING, letter, after="" if after is None else name_of(after))
    return Step(hashed, MENTEE, 0, body)


def state_of(*steps: Step) -> str | None:
    settled = settle(steps, Letters())
    return None if settled is None else settled.head.state


def nodes_of(settled: Settled[str]) -> list[Node[str]]:
    return [settled.head, *settled.rivals]


def test_nothing_is_made_of_nothing() -> None:
    assert settle([], Letters()) is None


def test_each_step_is_judged_in_the_state_of_the_one_it_follows() -> None:
    one = write("a")
    two = write("b", one)
    assert state_of(one, two) == "ab"
    settled = settle([two, one, two], Letters())
    assert settled is not None
    assert settled.head == Node(step=two, state="ab", answers=0, depth=2, first=one)
    assert settled.rivals == ()


def test_what_is_not_legal_is_passed_over_with_all_that_follows_it() -> None:
    one = write("a")
    bad = write("-", one)
    assert state_of(one, bad, write("b", bad)) == "a"
    assert state_of(write("-")) is None


def test_a_step_whose_step_before_has_not_come_waits_for_it() -> None:
    one = write("a")
    two = write("b", one)
    three = write("c", two)
    assert state_of(two, three) is None
    assert state_of(one, three) == "a"
    assert state_of(three, one, two) == "abc"


def test_a_circle_of_steps_is_never_begun() -> None:
    name = encode_base64url(b"x" * 32)
    circle = Step(b"x" * 32, MENTEE, 0, Note(THING, "a", after=name))
    assert state_of(circle) is None
    assert state_of(circle, write("b")) == "b"


def test_the_longer_branch_counts() -> None:
    one = write("a")
    short, long = write("z", one, number=9), write("b", one)
    assert state_of(one, short, long, write("c", long)) == "abc"


def test_among_branches_of_one_length_rank_decides_and_then_the_hash() -> None:
    one = write("a")
    low, high = write("b", one, number=1), write("c", one, number=2)
    assert state_of(one, low, high) == "ac"
    assert state_of(one, low, high, write("!", one)) == "a!"


def test_what_ends_a_thing_wins_over_everything() -> None:
    one = write("a")
    two = write("B", one)
    three = write("C", two)
    assert state_of(one, two, three, write(".", one)) == "a."
    assert state_of(one, two, three, write(".", one), write("d", write(".", one))) == "a."


def test_what_was_answered_wins_over_any_number_of_proposals_that_were_not() -> None:
    one = write("a")
    two, answer = write("b", one), write("A", one)
    three = write("c", two)
    four = write("d", three)
    assert state_of(one, two, three, four, answer) == "aA"
    assert state_of(one, two, three, four, answer, write("B", four)) == "abcdB"


def test_acting_on_the_head_makes_the_new_head() -> None:
    one = write("a")
    steps = [one, write("B", one), write("c", one), write("!", one)]
    settled = settle(steps, Letters())
    assert settled is not None
    for letter in "aB!.":
        step = write(letter, settled.head.step)
        after = settle([*steps, step], Letters())
        assert after is not None
        assert after.head.step == step


def test_steps_that_lost_are_shown_as_rivals_until_somebody_goes_on() -> None:
    one = write("a")
    two, other = write("b", one, number=2), write("c", one, number=1)
    settled = settle([one, two, other], Letters())
    assert settled is not None
    assert [node.state for node in nodes_of(settled)] == ["ab", "ac"]
    settled = settle([one, two, other, write("d", two)], Letters())
    assert settled is not None
    assert [node.state for node in nodes_of(settled)] == ["abd"]


def test_two_first_steps_are_two_branches() -> None:
    one, two = write("a", number=1), write("b", number=2)
    assert state_of(one, two) == "b"
    assert state_of(one, two, write("c", one)) == "ac"


def test_what_names_no_step_before_it_is_a_first_step() -> None:
    assert followed(Thanks("Thank you.")) == NO_STEP
    assert followed(Note(THING, "x", after=encode_base64url(bytes(32)))) == bytes(32)


CHOICES = st.tuples(st.sampled_from("abAB!.-"), st.integers(-1, 30), st.integers(0, 3))


def grown(choices: list[tuple[str, int, int]]) -> list[Step]:
    steps: list[Step] = []
    for letter, place, number in choices:
        before = steps[place % len(steps)] if steps and place >= 0 else None
        steps.append(write(letter, before, number=number))
    return steps


@given(st.lists(CHOICES, max_size=12), st.data())
def test_the_order_and_the_number_of_copies_change_nothing(
    choices: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    steps = grown(choices)
    shuffled = data.draw(st.permutations([*steps, *steps[: len(steps) // 2]]))
    assert settle(shuffled, Letters()) == settle(steps, Letters())


@given(st.lists(CHOICES, min_size=1, max_size=12))
def test_every_head_is_legal_all_the_way(choices: list[tuple[str, int, int]]) -> None:
    steps = {step.hash: step for step in grown(choices)}
    settled = settle(steps.values(), Letters())
    if settled is None:
        return
    for node in nodes_of(settled):
        letters, step = "", node.step
        while True:
            letters = letter_of(step) + letters
            before = followed(step.body)
            if before == NO_STEP:
                break
            step = steps[before]
        assert node.state == letters
        assert node.depth == len(letters)
        assert node.first == step
        assert "-" not in letters
        assert "." not in letters[:-1]
