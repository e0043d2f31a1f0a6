"""All circles of one member: convene one, answer invitations, look into every box.

    for invitation in member.circles.invitations:
        circle = await member.circles.join(invitation, name="Juniper")
    for circle, news in await member.circles.check(): …

Whoever joins has read the terms: ``join`` acknowledges them. A seat has keys, a name and a box
of its own for each circle, so nobody can tell that two seats are one person's; the convener
knows in which conversation they invited whom.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import msgspec

from kith_client.box_term import KIND as BOX_KIND
from kith_client.circles.circle import Circle, News, news_of
from kith_client.circles.records import CircleBook, CircleRecord
from kith_client.conversation import Conversation
from kith_client.conversations import Conversations
from kith_client.correspondence import Correspondence
from kith_client.knocks import Knocks
from kith_client.mentorship import forgetting
from kith_client.personas import PICTURE_BYTES, Persona
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import KithError, UsageError
from kith_crypto.objects import ID_BYTES
from kith_protocol.circle.bodies import CircleDecline, CircleInvite, CircleJoin
from kith_protocol.circle.links import OwnSeat
from kith_protocol.circle.roster import CircleTerms, check_terms, first_roster, terms_hash
from kith_protocol.circle.rules import check_invite
from kith_protocol.circle.seat import make_keys, make_seat
from kith_protocol.conversation.events import Shown
from kith_protocol.conversation.records import IncomingKnock

GRACE_DAYS = 7  # so long after its end a circle may still let one in


class Invitation(msgspec.Struct, frozen=True):
    """An invitation that waits for an answer. Its ``repr`` shows nothing.

    Attributes:
        conversation: in which it came.
        body: what it says.
    """

    conversation: Conversation
    body: CircleInvite

    @property
    def circle(self) -> bytes:
        """Return the circle, 16 bytes."""
        return parse_base64url(self.body.seat.circle)

    @property
    def terms(self) -> CircleTerms:
        """Return what one acknowledges by joining."""
        return self.body.terms

    def __repr__(self) -> str:
        return "Invitation(...)"


class Circles:
    """The circles of one member."""

    def __init__(
        self, means: Correspondence, conversations: Conversations, knocks: Knocks, *, node: str
    ) -> None:
        """Take the parts.

        Args:
            means: of writing and reading.
            conversations: in which people are invited.
            knocks: by which people ask to come in.
            node: origin of one's own node.
        """
        self._means = means
        self._conversations = conversations
        self._knocks = knocks
        self._node = node
        self._book = CircleBook(means.shelf)

    def list(self) -> tuple[Circle, ...]:
        """Return all circles, in an order that says nothing."""
        return tuple(Circle(self._means, circle) for circle in sorted(self._book.all()))

    def open(self, circle: bytes) -> Circle:
        """Return the circle of this id, 16 bytes.

        Raises:
            UsageError: there is none.
        """
        self._book.get(circle)
        return Circle(self._means, circle)

    @property
    def box_keys(self) -> tuple[SigningKey, ...]:
        """Return the keys of all boxes that circles have."""
        return tuple(circle.links.box_key for circle in self.list())

    @property
    def invitations(self) -> tuple[Invitation, ...]:
        """Return the invitations that wait for an answer, in good order."""
        return tuple(
            invitation
            for conversation in self._conversations.list()
            for invitation in self._invitations_in(conversation)
        )

    def _invitations_in(self, conversation: Conversation) -> Iterator[Invitation]:
        waiting: dict[str, CircleInvite] = {}
        for entry in conversation.messages:
            body = entry.body if isinstance(entry, Shown) else None
            is_own = isinstance(entry, Shown) and entry.is_own
            if isinstance(body, CircleInvite) and not is_own:
                waiting[body.seat.circle] = body
            elif isinstance(body, CircleJoin) and is_own:
                waiting.pop(body.seat.circle, None)
            elif isinstance(body, CircleDecline) and is_own:
                waiting.pop(body.circle, None)
        for body in waiting.values():
            with contextlib.suppress(KithError):  # made by hand: nobody can accept it
                check_invite(body.seat, body.terms, node=conversation.node)
                if check_terms(body.terms).ends > self._means.today:
                    yield Invitation(conversation, body)

    async def convene(
        self, terms: CircleTerms, *, name: str, persona: Persona | None = None
    ) -> Circle:
        """Begin a circle with oneself alone in it.

        Args:
            terms: what it is for, and until when.
            name: what the circle is to call one, 1 to 40 characters.
            persona: whose picture is shown, or None for a new one.

        Raises:
            MalformedError: a text misleads, or the circle ends before it begins.
            UsageError: it would be over already.
        """
        check_terms(terms)
        if terms.ends <= self._means.today:
            raise UsageError("the circle would be over already")
        circle = self._means.rng.bytes(ID_BYTES)
        own = self._new_seat(circle, name, persona)
        key = SigningKey.from_seed(own.keys.seed)
        roster = first_roster(terms, own.seat, key=key, day=self._means.today)
        self._book.put(CircleRecord(own, own.seat, _until(terms)))
        self._book.put_roster(roster)
        await self._open_box(own)
        return self.open(circle)

    async def join(
        self, invitation: Invitation, *, name: str, persona: Persona | None = None
    ) -> Circle:
        """Accept an invitation and acknowledge the terms; the convener then lets one in.

        Args:
            invitation: one of ``invitations``.
            name: what the circle is to call one, 1 to 40 characters.
            persona: whose picture is shown, or None for a new one.

        Raises:
            UsageError: one is in the circle already.
            MalformedError: the name misleads.
        """
        known = self._book.all().get(invitation.circle)
        if known is not None:
            await self._make_way(invitation)
        own = self._new_seat(invitation.circle, name, persona)
        record = CircleRecord(
            own,
            invitation.body.seat,
            _until(invitation.terms),
            conversation=invitation.conversation.id,
            acknowledged=terms_hash(invitation.terms),
        )
        self._book.put(record)
        await self._open_box(own)
        await _write_join(invitation.conversation, record)
        return self.open(invitation.circle)

    async def _make_way(self, invitation: Invitation) -> None:
        """Forget a former seat in the circle; a new one has nothing in common with it."""
        circle = self.open(invitation.circle)
        state = circle.view.state
        if state == "open":
            raise UsageError("you are in this circle already")
        if state == "over":
            raise UsageError("the circle is over")
        await self.forget(circle)

    async def decline(self, invitation: Invitation, words: str = "") -> None:
        """Say no to an invitation, kindly."""
        await invitation.conversation.write(CircleDecline(invitation.body.seat.circle, words))

    async def admit(self, circle: Circle, knock: IncomingKnock, words: str = "") -> None:
        """Accept a knock at the offer that announces a circle, and invite whoever knocked.

        Args:
            circle: one's own.
            knock: from the tray.
            words: at most 800 characters, in the answer.

        Raises:
            UsageError: one does not convene it, no place is left, or the knock is over.
        """
        if knock.offer != circle.record.offer:
            raise UsageError("that knock is not for this circle")
        await self._knocks.accept(knock, words)
        await circle.convener.invite(self._conversations.open(knock.conversation))

    async def check(self) -> tuple[tuple[Circle, News], ...]:
        """Look into all boxes, in random order; return what is new, where anything is.

        Lets in who has accepted an invitation, and deletes what is due; what came by
        conversations was read before (``member.conversations.check``).
        """
        await self._means.shelf.save()
        await self.tidy()
        found: list[tuple[Circle, News]] = []
        for circle in sorted(self.list(), key=lambda _: self._means.rng.bytes(8)):
            before = circle.view
            await self._finish(circle)
            await circle.receive()
            await circle.convener.let_in(self._conversations.list())
            news = news_of(before, circle.view)
            if news.is_any:
                found.append((circle, news))
        return tuple(found)

    async def _finish(self, circle: Circle) -> None:
        """Do what a broken connection kept ``join`` from doing."""
        record = circle.record
        if not record.conversation or circle.view.state != "joining":
            return
        known = {conversation.id: conversation for conversation in self._conversations.list()}
        conversation = known.get(record.conversation)
        if conversation is not None and not _has_joined(conversation, record):
            await self._open_box(record.own)
            await _write_join(conversation, record)

    async def freeze_all(self) -> int:
        """Tell everybody in all circles that everything is paused; return to how many.

        Nothing more can be said in these circles: going on needs a new invitation.
        """
        order = sorted(self.list(), key=lambda _: self._means.rng.bytes(8))
        return sum([await circle.freeze() for circle in order])

    async def tidy(self) -> tuple[bytes, ...]:
        """Delete the circles whose day has come and return their ids."""
        gone = []
        for circle in self.list():
            if self._delete_day(circle) <= self._means.today:
                await self.forget(circle)
                gone.append(circle.id)
        return tuple(gone)

    def _delete_day(self, circle: Circle) -> int:
        """Return the day on which a circle is deleted here.

        Nobody may make what happened vanish before somebody else could report it: what a
        convener says of its end counts no sooner than ``forgetting.GRACE_DAYS`` after it was
        read.
        """
        view = circle.view
        if view.purge_day is None:
            return circle.record.until_day
        circle.note_newest(view)
        return max(view.purge_day, circle.record.newest_day + forgetting.GRACE_DAYS)

    async def forget(self, circle: Circle) -> None:
        """Delete everything of a circle here, and its box; nobody is told."""
        links, means = circle.links, self._means
        async with circle.lock:
            await means.boxes.close(links.box_key)
            for link in links.ids():
                forgetting.erase(link, means.shelf, today=means.today)
            self._book.drop(circle.id)
            means.shelf.drop(BOX_KIND, circle.id)
            await means.shelf.save()

    def _new_seat(self, circle: bytes, name: str, persona: Persona | None) -> OwnSeat:
        rng = self._means.rng
        keys = make_keys(rng)
        picture = rng.bytes(PICTURE_BYTES).hex()
        if persona is not None:
            picture = persona.content.picture
        seat = make_seat(keys, circle=circle, node=self._node, name=name, picture=picture)
        return OwnSeat(seat, keys, self._means.clock.now())

    async def _open_box(self, own: OwnSeat) -> None:
        """Open the box of a seat that is on the shelf: its key has to be stored before."""
        means = self._means
        await means.shelf.save()
        key = SigningKey.from_seed(own.keys.box_seed)
        await means.boxes.create(key, "reply", renew_by=means.reply_month())


def _has_joined(conversation: Conversation, record: CircleRecord) -> bool:
    return any(
        isinstance(entry, Shown)
        and isinstance(entry.body, CircleJoin)
        and entry.body.seat == record.own.seat
        for entry in conversation.messages
    )


async def _write_join(conversation: Conversation, record: CircleRecord) -> None:
    await conversation.write(CircleJoin(record.own.seat, record.acknowledged))


def _until(terms: CircleTerms) -> int:
    """Return when a circle that never let one in is forgotten."""
    return terms.ends + GRACE_DAYS
