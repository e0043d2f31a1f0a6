"""Bodies and answers of the client API ``/api/v1`` as structs.

Node and clients share these; the OpenAPI document is generated from them. Bytes travel as
base64url without padding (``Bytes…`` aliases give the decoded size). Days are whole days since
1970-01-01, UTC.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from kith_protocol.offer_content import Audience, OfferContent, ProfileContent
from kith_protocol.vocabulary import Concept

Bytes8 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{11}$(?!\n)")]
Bytes16 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}$(?!\n)")]
Bytes32 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{43}$(?!\n)")]
Bytes64 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{86}$(?!\n)")]
Blob = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]*$(?!\n)", max_length=65536)]
Day = Annotated[int, msgspec.Meta(ge=0, le=100_000)]


class Ours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Base of all our own bodies: immutable, unknown members refused, camelCase on the wire."""


# --- the community -------------------------------------------------------------


class CommunityAnswer(Ours, frozen=True):
    """What anyone may know of a community before joining.

    ``moderators_key`` is base64url of 1216 bytes, empty where there is none: applications to
    join are sealed to it.
    """

    actor: str
    name: str
    summary: str
    rules: str
    languages: tuple[str, ...]
    programme: Audience
    policy: str
    registration: str
    version: str
    fingerprint: tuple[str, ...]
    keyholders_fingerprint: tuple[str, ...]
    in_person: bool
    max_offer_days: int
    moderators_key: Blob = ""


# --- accounts ------------------------------------------------------------------


class Slots(Ours, frozen=True):
    """The vault key wrapped for each way to open it (SPEC.md, section on signing in)."""

    passphrase: Blob
    recovery: Blob
    kdf: Annotated[str, msgspec.Meta(pattern=r"^a2-1$(?!\n)")] = "a2-1"


class RegisterBody(Ours, frozen=True):
    """An accepted invite with the verifiers and slots that the device made."""

    invite: Annotated[str, msgspec.Meta(min_length=8, max_length=64)]
    auth: Bytes32
    recovery_auth: Bytes32
    slots: Slots
    device: Bytes8


class SignInBody(Ours, frozen=True):
    """``auth`` of the passphrase or of the recovery code; nothing else is ever asked."""

    auth: Bytes32
    device: Bytes8


class SessionAnswer(Ours, frozen=True):
    """A session: token, the day's reader pass, role and slots."""

    token: str
    reader_pass: str
    role: str
    slots: Slots


class ReaderPassAnswer(Ours, frozen=True):
    """The same for every member, valid today and tomorrow (UTC)."""

    reader_pass: str


class AccountAnswer(Ours, frozen=True):
    """What the node holds of the member who asks."""

    role: str
    state: str
    slots: Slots


class CredentialsBody(Ours, frozen=True):
    """New verifiers and slots after a changed passphrase or a taken device."""

    auth: Bytes32
    recovery_auth: Bytes32
    slots: Slots
    device: Bytes8


# --- offers --------------------------------------------------------------------


class OfferBody(Ours, frozen=True):
    """A new or edited offer. ``end_day`` is used when creating; edits keep the end."""

    content: OfferContent
    end_day: Day


class EditBody(Ours, frozen=True):
    """The new content of one's offer or the new state of its room."""

    content: OfferContent


class ExtendBody(Ours, frozen=True):
    """The new last day, at most 365 days after publication."""

    end_day: Day


class BundlesBody(Ours, frozen=True):
    """Key bundles of one offer, 1333 bytes each, one per calendar week."""

    bundles: Annotated[tuple[Blob, ...], msgspec.Meta(min_length=1, max_length=54)]


class OwnOfferAnswer(Ours, frozen=True):
    """One's own offer as the node holds it. ``published`` is absent until released."""

    id: Bytes16
    content: OfferContent
    end_day: Day
    revision: int
    released: bool
    state: str
    published_day: Day | None = None
    object: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class Receipt(Ours, frozen=True):
    """What one peer said of a withdrawal: ``confirmed``, ``pending`` or ``unreachable``."""

    peer: str
    state: str


class ReceiptsAnswer(Ours, frozen=True):
    """Erasure receipts of one withdrawn offer."""

    receipts: tuple[Receipt, ...]


# --- profiles ------------------------------------------------------------------


class ProfileBody(Ours, frozen=True):
    """A new profile or its new content."""

    content: ProfileContent
    listed: bool
    end_day: Day


class ShownOfferBody(Ours, frozen=True):
    r"""Both keys' word that an offer stands under a profile.

    Each signature is over ``"kith/shown/v1\0" ‖ profile id ‖ offer id`` (16 bytes each).
    """

    profile_signature: Bytes64
    offer_signature: Bytes64


class ProfileAnswer(Ours, frozen=True):
    """A profile as members of the community see it."""

    id: Bytes16
    content: ProfileContent
    listed: bool
    end_day: Day
    offers: tuple[str, ...] = ()


class ProfilesAnswer(Ours, frozen=True):
    """A page of listed profiles in an order that says nothing."""

    profiles: tuple[ProfileAnswer, ...]
    next: str | None = None


# --- topics and catalogue ------------------------------------------------------


class TopicLanguage(Ours, frozen=True):
    """A language that there are words in.

    Attributes:
        language: one of ``vocabulary.LABEL_LANGUAGES``.
        reviewed: whether a native speaker has read the words.
        etag: of ``/api/v1/topics/{language}``, to see whether what one has is still right.
    """

    language: str
    reviewed: bool
    etag: str


class TopicsAnswer(Ours, frozen=True):
    """All topics, without words; the words are an address of their own for each language.

    Attributes:
        version: of the form of the vocabulary.
        topics: parents before children, retired ones last.
        languages: that there are words in.
    """

    version: int
    topics: tuple[Concept, ...]
    languages: tuple[TopicLanguage, ...]


class Reason(Ours, frozen=True):
    """One reason why an offer was found: a stable code and what it is about.

    Clients make the sentence in the reader's language.
    """

    code: str
    values: tuple[str, ...] = ()


class Hit(Ours, frozen=True):
    """One result: the public object as signed by its author, its score and the reasons."""

    id: str
    community: str
    own: bool
    score: int
    reasons: tuple[Reason, ...]
    object: msgspec.Raw


class FacetsAnswer(Ours, frozen=True):
    """Counts of live offers for each value that a query could choose; zeros are left out.

    Each group is counted without the query's own choice in it: a number says what choosing that
    value instead, or besides, would bring. ``total`` is what the query as it is brings.
    """

    topics: dict[str, int]
    languages: dict[str, int]
    ways: dict[str, int]
    formats: dict[str, int]
    when: dict[str, int]
    level: dict[str, int]
    room: dict[str, int]
    communities: dict[str, int]
    total: int


class Meaning(Ours, frozen=True):
    """A part of a free text, the topics it was taken to mean, and others it could mean."""

    text: str
    topics: tuple[str, ...]
    others: tuple[str, ...] = ()


class UnderstoodAnswer(Ours, frozen=True):
    """What was made of a free text.

    ``topics`` are all that were searched, chosen ones first; ``words`` were compared with what
    offers say of themselves; ``did_you_mean`` are topics of a similar spelling.
    """

    topics: tuple[str, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    ways: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    did_you_mean: tuple[str, ...] = ()


class SearchAnswer(Ours, frozen=True):
    """A ranked page; counts if they were asked for; what was made of free text, if any."""

    hits: tuple[Hit, ...]
    total: int
    next: str | None = None
    facets: FacetsAnswer | None = None
    understood: UnderstoodAnswer | None = None


class PartitionEntry(Ours, frozen=True):
    """One downloadable part of the catalogue, the same file for everybody."""

    language: str
    etag: str
    size_bytes: int
    offers: int


class PartitionsAnswer(Ours, frozen=True):
    """All partitions that this node serves."""

    partitions: tuple[PartitionEntry, ...]
