"""Rosters: who is in a circle, under which terms, and who convenes it; a signed chain.

Every change makes a new roster, which names the one before by its hash and is signed by whoever
convened the circle until then: so only a convener changes anything, a hand-over is the old
convener's last word, and what was archived stays so. A roster holds hashes of seats and no
seat, so it stays small.

A roster that was lost must not lock anybody out: where none follows, the next one that the same
convener made counts.

Two rosters may follow the same one: a convener had two devices, or tells different things to
different people. Everybody has to settle on the same one without asking anybody: the last word
of a convener counts first, because after it there is no more to say; then the one with fewer
seats, because who was removed must not come back by accident; then the smaller hash. That there
were two is shown.

Source: SPEC.md, section on circles; RFC 8785 (canonical form).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey, VerifyKey, parse_verify_key, verify_ed25519
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import KithError, MalformedError, SignatureError, UsageError
from kith_crypto.hashes import sha256
from kith_protocol.circle.parts import Signed, signed_bytes
from kith_protocol.circle.seat import Seat, seat_hash
from kith_protocol.conversation.body import (
    Blob16,
    Blob32,
    Blob64,
    ShortWords,
    check_body,
)
from kith_protocol.mentorship.bodies import Day

MIN_PLACES = 3
MAX_PLACES = 30
MIN_PURGE_DAYS = 7
MAX_PURGE_DAYS = 90
MAX_RULES_CHARACTERS = 2000
MAX_LENGTH_DAYS = 366
MAX_EPOCH = 10_000
NO_ROSTER = encode_base64url(bytes(32))

_SIGN_LABEL = b"kith/circle-roster/v1\0"
_HASH_LABEL = b"kith/circle-roster-hash/v1\0"
_TERMS_LABEL = b"kith/circle-terms/v1\0"

RosterState = Literal["open", "archived"]
Rules = Annotated[str, msgspec.Meta(max_length=MAX_RULES_CHARACTERS)]


class CircleTerms(Signed, frozen=True):
    """What a circle agrees on. Whoever enters has acknowledged it.

    Attributes:
        purpose: what it is for, 1 to 200 characters.
        begins: first day, in days since 1970-01-01.
        ends: first day on which it is over, at most 366 days later.
        purge_days: so long after its end everything said in it is deleted, 7 to 90.
        places: how many people it has room for, 3 to 30, the convener among them.
        rules: ground rules, at most 2000 characters.
        rhythm: how often and where they meet, at most 200 characters.
    """

    purpose: Annotated[ShortWords, msgspec.Meta(min_length=1)]
    begins: Day
    ends: Day
    purge_days: Annotated[int, msgspec.Meta(ge=MIN_PURGE_DAYS, le=MAX_PURGE_DAYS)] = 30
    places: Annotated[int, msgspec.Meta(ge=MIN_PLACES, le=MAX_PLACES)] = 12
    rules: Rules = ""
    rhythm: ShortWords = ""


class Roster(Signed, frozen=True):
    """Who is in a circle from now on.

    Attributes:
        circle: 16 bytes.
        epoch: from 1, one more for each change.
        previous: hash of the roster before; zeros in the first.
        convener: key of the seat whose owner makes the next one.
        day: on which it was made, by the convener's clock.
        terms: what the circle agrees on.
        seats: hashes of all seats, ascending.
        state: ``archived`` is the end: nothing is said any more, and no roster follows.
        sign: by the convener of the roster before; of the first one, by its own.
    """

    circle: Blob16
    epoch: Annotated[int, msgspec.Meta(ge=1, le=MAX_EPOCH)]
    previous: Blob32
    convener: Blob32
    day: Day
    terms: CircleTerms
    seats: Annotated[tuple[Blob32, ...], msgspec.Meta(min_length=1, max_length=MAX_PLACES)]
    state: RosterState = "open"
    sign: Blob64 | Literal[""] = ""


def check_terms(terms: CircleTerms) -> CircleTerms:
    """Return *terms* if they are in order.

    Raises:
        MalformedError: they end before they begin or last too long, or a text misleads.
    """
    check_body(terms)
    if not 0 < terms.ends - terms.begins <= MAX_LENGTH_DAYS:
        raise MalformedError(f"a circle lasts 1 to {MAX_LENGTH_DAYS} days")
    return terms


def terms_hash(terms: CircleTerms) -> str:
    """Return what somebody acknowledges: 32 bytes as base64url."""
    return encode_base64url(sha256(_TERMS_LABEL + signed_bytes(terms)))


def roster_hash(roster: Roster) -> str:
    """Return what names *roster*: 32 bytes as base64url, without its signature."""
    return encode_base64url(sha256(_HASH_LABEL + signed_bytes(roster)))


def first_roster(terms: CircleTerms, seat: Seat, *, key: SigningKey, day: int) -> Roster:
    """Return the roster a circle begins with: its convener alone.

    Args:
        terms: what it is for.
        seat: the convener's own.
        key: of that seat.
        day: today.

    Raises:
        MalformedError: the terms are not in order.
    """
    roster = Roster(
        circle=seat.circle,
        epoch=1,
        previous=NO_ROSTER,
        convener=seat.key,
        day=day,
        terms=check_terms(terms),
        seats=(seat_hash(seat),),
    )
    return _signed(roster, key)


def next_roster(
    previous: Roster,
    *,
    key: SigningKey,
    day: int,
    seats: Iterable[Seat],
    convener: str = "",
    terms: CircleTerms | None = None,
    is_archived: bool = False,
) -> Roster:
    """Return the roster that follows *previous*.

    Args:
        previous: the newest one.
        key: of its convener.
        day: today.
        seats: everybody's from now on.
        convener: key of who convenes from now on, as base64url; empty for the same.
        terms: from now on; None for the same.
        is_archived: whether this is the end.

    Raises:
        UsageError: the circle is over, or has no place for so many, or *key* is not its
            convener's, or its convener would have no seat.
        MalformedError: the terms are not in order.
    """
    taken = tuple(seats)
    roster = Roster(
        circle=previous.circle,
        epoch=previous.epoch + 1,
        previous=roster_hash(previous),
        convener=convener or previous.convener,
        day=max(day, previous.day),
        terms=check_terms(terms or previous.terms),
        seats=tuple(sorted(seat_hash(seat) for seat in taken)),
        state="archived" if is_archived else "open",
    )
    if previous.state == "archived":
        raise UsageError("the circle is archived: nothing in it changes any more")
    if encode_base64url(key.verify_key) != previous.convener:
        raise UsageError("only the convener changes a circle")
    if len(taken) > roster.terms.places:
        raise UsageError(f"the circle has {roster.terms.places} places; change its terms first")
    if roster.convener not in {seat.key for seat in taken}:
        raise UsageError("whoever convenes a circle has a seat in it: hand it over first")
    if len({seat.key for seat in taken}) != len(taken):
        raise UsageError("nobody has two seats with one key")
    return _signed(roster, key)


def check_roster(roster: Roster, *, signer: str) -> Roster:
    """Return *roster*, which may come from a stranger, if it is in order by itself.

    Args:
        roster: any.
        signer: key of who had to sign it, as base64url.

    Raises:
        MalformedError: a member breaks a rule.
        KeyRefusedError: a key is none.
        SignatureError: somebody else signed it, or nobody.
    """
    check_body(roster)
    check_terms(roster.terms)
    parse_verify_key(parse_base64url(roster.convener, size=32))
    if list(roster.seats) != sorted(set(roster.seats)):
        raise MalformedError("the seats of a roster ascend")
    if len(roster.seats) > roster.terms.places:
        raise MalformedError("more seats than places")
    if (roster.epoch == 1) != (roster.previous == NO_ROSTER):
        raise MalformedError("the first roster, and no other, follows none")
    if roster.epoch == 1 and roster.convener != signer:
        raise MalformedError("a circle begins with who convenes it")
    if not roster.sign:
        raise SignatureError("Ed25519 verification failed")
    key: VerifyKey = parse_verify_key(parse_base64url(signer, size=32))
    sign = parse_base64url(roster.sign, size=64)
    verify_ed25519(key, sign, _SIGN_LABEL + signed_bytes(roster))
    return roster


def check_next(previous: Roster, roster: Roster) -> Roster:
    """Return *roster* if it follows *previous*.

    Raises:
        MalformedError: it does not, or breaks a rule.
        KeyRefusedError, SignatureError: as ``check_roster``.
    """
    if roster.circle != previous.circle or roster.epoch != previous.epoch + 1:
        raise MalformedError("not the next roster of this circle")
    if roster.previous != roster_hash(previous):
        raise MalformedError("the roster follows another one")
    if previous.state == "archived" or roster.day < previous.day:
        raise MalformedError("nothing follows the end, and no roster is older than the last")
    return check_roster(roster, signer=previous.convener)


class Chain(msgspec.Struct, frozen=True):
    """The rosters that count, oldest first; none before the first one came.

    Attributes:
        hashes: of each.
        rosters: them.
        sound: by hash also those that another one was preferred to; what somebody said who
            had only these counts.
        is_forked: whether its convener has made two for the same place.
    """

    hashes: tuple[str, ...]
    rosters: tuple[Roster, ...]
    sound: dict[str, Roster]
    is_forked: bool

    @property
    def newest(self) -> Roster | None:
        """Return the one that counts now."""
        return self.rosters[-1] if self.rosters else None


def chain_of(rosters: Iterable[Roster], *, circle: str, convener: str, seat: str) -> Chain:
    """Return the rosters that count, from the first one in which one has a seat.

    The same set gives the same chain, in whatever order and however often it came.

    Args:
        rosters: all that came, from anybody.
        circle: 16 bytes as base64url.
        convener: key of whoever convened the circle when one was invited, as base64url.
        seat: hash of one's own seat.
    """
    known = {roster_hash(roster): roster for roster in rosters if roster.circle == circle}
    following: dict[str, list[tuple[str, Roster]]] = {}
    for name, roster in known.items():
        following.setdefault(roster.previous, []).append((name, roster))
    roots = [
        (name, roster)
        for name, roster in known.items()
        if _is_root(roster, known.get(roster.previous), seat) and _is_by(roster, convener)
    ]
    chain: list[tuple[str, Roster]] = []
    is_forked = False
    choices = _earliest(roots)
    while choices:
        is_forked = is_forked or len(choices) > 1
        chain.append(min(choices, key=lambda named: _precedence(chain, named)))
        name, roster = chain[-1]
        choices = [one for one in following.get(name, ()) if _follows(roster, one[1])]
        choices = choices or _later(roster, known)
    return Chain(
        hashes=tuple(name for name, _ in chain),
        rosters=tuple(roster for _, roster in chain),
        sound=_reach(dict(roots) | dict(chain), following),
        is_forked=is_forked,
    )


def seats_of(roster: Roster, seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """Return those of *seats* that *roster* names, each once, in its order."""
    known = {seat_hash(seat): seat for seat in seats}
    return tuple(known[name] for name in roster.seats if name in known)


def _signed(roster: Roster, key: SigningKey) -> Roster:
    sign = key.sign(_SIGN_LABEL + signed_bytes(roster))
    return replace(roster, sign=encode_base64url(sign))


def _is_root(roster: Roster, before: Roster | None, seat: str) -> bool:
    """Whoever enters a circle begins with the first roster they have a seat in."""
    return seat in roster.seats and (before is None or seat not in before.seats)


def _is_by(roster: Roster, signer: str) -> bool:
    try:
        check_roster(roster, signer=signer)
    except KithError:
        return False
    return True


def _follows(previous: Roster, roster: Roster) -> bool:
    try:
        check_next(previous, roster)
    except KithError:
        return False
    return True


def _earliest(named: Sequence[tuple[str, Roster]]) -> list[tuple[str, Roster]]:
    first = min((roster.epoch for _, roster in named), default=0)
    return [one for one in named if one[1].epoch == first]


def _later(roster: Roster, known: Mapping[str, Roster]) -> list[tuple[str, Roster]]:
    """Return what the same convener made later, where all that lies between was lost.

    It gives a former convener no power that two rosters for one place do not give: the word by
    which they handed over was theirs to send, and as soon as it comes, it counts.
    """
    if roster.state == "archived":
        return []
    return _earliest(
        [
            (name, one)
            for name, one in known.items()
            if one.epoch > roster.epoch
            and one.day >= roster.day
            and one.previous not in known
            and _is_by(one, roster.convener)
        ]
    )


def _reach(
    roots: dict[str, Roster], following: Mapping[str, Sequence[tuple[str, Roster]]]
) -> dict[str, Roster]:
    """Return all rosters that follow *roots*, and these."""
    reached = dict(roots)
    ahead = list(roots.items())
    while ahead:
        name, roster = ahead.pop()
        for one in following.get(name, ()):
            if one[0] not in reached and _follows(roster, one[1]):
                reached[one[0]] = one[1]
                ahead.append(one)
    return reached


def _precedence(
    chain: Sequence[tuple[str, Roster]], named: tuple[str, Roster]
) -> tuple[int, bool, int, str]:
    """The least of several rosters for one place counts; see the module's head."""
    name, roster = named
    is_last_word = roster.state == "archived" or (
        bool(chain) and roster.convener != chain[-1][1].convener
    )
    return (
        roster.epoch,
        not is_last_word,
        len(roster.seats),
        name,
    )
