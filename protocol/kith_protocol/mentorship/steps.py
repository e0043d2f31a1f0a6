"""Things that two people change: each is a tree of steps, of which one is the head.

Either side may act at any time, on several devices, and messages arrive late, twice, in any
order or never. So a step says which step it follows, and is judged in the state of that one
alone. What is not legal there is passed over, with all that follows it. Two steps that follow
the same one were made without knowing of each other; then one of the branches counts:

    The head is the legal step with the greatest (finality, answers, depth, rank, hash).

Depth is how many steps lead to it, answers how many of these answer a proposal. Finality and
rank are of its kind: what ends a thing for good wins over everything, what was answered over
any number of proposals that nobody answered, and among branches of one length a refusal wins
over consent, and consent over a proposal. So the head is a function of the *set* of messages:
whoever has the same messages sees the same. Acting on the head makes a deeper step with no
fewer answers, which is the new head.

What the steps of a thing mean is said by its ``Rules``. Source: SPEC.md, section on
mentorships.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

import msgspec

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import MentorshipBody

NO_STEP = b""

S = TypeVar("S")
S_rules = TypeVar("S_rules")


class Step(msgspec.Struct, frozen=True):
    """One message of a mentorship.

    Attributes:
        hash: of the message.
        role: of its writer.
        minute: by the writer's clock.
        body: what it says.
    """

    hash: bytes
    role: int
    minute: int
    body: MentorshipBody


class Rules(Protocol[S_rules]):
    """What the steps of one kind of thing mean."""

    def begin(self, step: Step) -> S_rules:
        """Return the state after the first step of a thing.

        Raises:
            UsageError: nothing can begin with it; the text is for a person.
        """
        ...

    def follow(self, state: S_rules, step: Step) -> S_rules:
        """Return the state after *step*.

        Raises:
            UsageError: it is not legal in *state*; the text is for a person.
        """
        ...

    def weigh(self, step: Step) -> tuple[int, int, int]:
        """Return finality, answers (1 if it answers a proposal, else 0) and rank."""
        ...


class Node(msgspec.Struct, Generic[S], frozen=True):
    """A legal step.

    Attributes:
        step: it.
        state: after it.
        answers: how many steps that lead to it answer a proposal, itself among them.
        depth: how many steps lead to it, itself among them.
        first: the first of these.
    """

    step: Step
    state: S
    answers: int
    depth: int
    first: Step


class Settled(msgspec.Struct, Generic[S], frozen=True):
    """A thing as it is now.

    Attributes:
        head: what counts.
        rivals: other legal steps as deep as the head; ordered by hash.
    """

    head: Node[S]
    rivals: tuple[Node[S], ...]


def settle(steps: Iterable[Step], rules: Rules[S]) -> Settled[S] | None:
    """Return the thing that *steps* make, or None if no step of it is legal.

    Args:
        steps: all that are known of one thing, in any order, repeated or not.
        rules: what they mean.
    """
    followers: dict[bytes, list[Step]] = {}
    for step in {step.hash: step for step in steps}.values():
        followers.setdefault(followed(step.body), []).append(step)
    nodes: list[Node[S]] = []
    waiting: list[tuple[Node[S] | None, Step]] = [
        (None, step) for step in followers.get(NO_STEP, [])
    ]
    while waiting:
        before, step = waiting.pop()
        try:
            node = _step(before, step, rules)
        except UsageError:
            continue
        nodes.append(node)
        waiting.extend((node, one) for one in followers.get(step.hash, []))
    if not nodes:
        return None
    head = max(nodes, key=lambda node: _weight(node, rules))
    rivals = [one for one in nodes if one.depth == head.depth and one is not head]
    return Settled(head, tuple(sorted(rivals, key=lambda node: node.step.hash)))


def followed(body: MentorshipBody) -> bytes:
    """Return the hash of the step that *body* follows; nothing for the first one."""
    after: str = getattr(body, "after", "")
    return parse_base64url(after) if after else NO_STEP


def _step(before: Node[S] | None, step: Step, rules: Rules[S]) -> Node[S]:
    _, answers, _ = rules.weigh(step)
    if before is None:
        return Node(step, rules.begin(step), answers, 1, step)
    state = rules.follow(before.state, step)
    return Node(step, state, before.answers + answers, before.depth + 1, before.first)


def _weight(node: Node[S], rules: Rules[S]) -> tuple[int, int, int, int, bytes]:
    finality, _, rank = rules.weigh(node.step)
    return finality, node.answers, node.depth, rank, node.step.hash
