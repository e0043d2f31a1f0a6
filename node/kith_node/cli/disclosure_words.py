"""What every table and column of a node is, in words for people who are no programmers.

A test compares them with the live schema: what has no sentence here cannot be stored.
"""

from __future__ import annotations

import msgspec

from kith_node.storage.migrations import File


class TableWords(msgspec.Struct, frozen=True):
    """One table: what it holds, how long, what nobody can read in it, and its columns."""

    holds: str
    lives: str
    never: str
    columns: dict[str, str]


_MIGRATIONS = TableWords(
    "which changes of the file's form have been made",
    "as long as the node",
    "anything of people: it is the same in every node of this release",
    {"number": "its number", "name": "its name", "checksum": "a hash of its text"},
)

WORDS: dict[File, dict[str, TableWords]] = {
    "members": {
        "migrations": _MIGRATIONS,
        "members": TableWords(
            "who may sign in",
            "until the member deletes the account",
            "names, addresses, dates, what anybody owns, writes or reads",
            {
                "id": "random bytes, drawn at joining",
                "auth_hash": "a hash of what the device makes of name and passphrase",
                "recovery_hash": "a hash of what the device makes of the recovery words",
                "slots": "the key of the vault, locked by passphrase and recovery words",
                "role": "what the member may do",
                "state": "active or suspended",
                "epoch": "random bytes; other ones end all sessions",
            },
        ),
        "invites": TableWords(
            "invites that nobody has used yet",
            "until used or revoked",
            "who made them, for whom, when",
            {"hash": "a hash of the invite"},
        ),
        "vault_chunks": TableWords(
            "members' vaults, locked on their devices",
            "until the member changes them or deletes the account",
            "what is in them: the key is not here",
            {
                "member": "id of the member",
                "chunk": "number of the piece",
                "bytes": "the piece, locked",
            },
        ),
    },
    "objects": {
        "migrations": _MIGRATIONS,
        "offers": TableWords(
            "offers of this community",
            "until withdrawn or over, at most a year",
            "whose they are",
            {
                "id": "a hash of the offer's key",
                "key": "the key that may change the offer",
                "bytes": "the offer as published",
                "end_day": "its last day",
                "state": "whether it has left",
            },
        ),
        "unreleased": TableWords(
            "which offers have a change that has not left yet",
            "until the next release, at most three days",
            "when the change was made",
            {"offer": "id of the offer", "kind": "what kind of change"},
        ),
        "bundles": TableWords(
            "keys to which first messages to an offer are sealed",
            "until their week is over",
            "what opens those messages",
            {"offer": "id of the offer", "week": "its week", "bytes": "the public keys"},
        ),
        "seals": TableWords(
            "who owns an offer or profile, sealed to the keyholders",
            "as long as the offer or profile",
            "the owner: only the keyholders' keys open it, and they are elsewhere",
            {
                "object": "id of the offer or profile",
                "kind": "offer or profile",
                "seal": "the sealed owner",
            },
        ),
        "profiles": TableWords(
            "profiles under a pseudonym, for members only",
            "until withdrawn or over",
            "whose they are",
            {
                "id": "a hash of the profile's key",
                "key": "the key that may change it",
                "bytes": "the profile as its owner wrote it",
                "listed": "whether members find it in the list",
                "end_day": "its last day",
            },
        ),
        "shown_offers": TableWords(
            "which offers stand under which profile, because their owner wanted so",
            "as long as both",
            "who that is",
            {
                "profile": "id of the profile",
                "offer": "id of the offer",
                "profile_signature": "the word of the profile's key",
                "offer_signature": "the word of the offer's key",
            },
        ),
        "mailboxes": TableWords(
            "boxes for sealed messages",
            "until closed, or the month is over",
            "whose they are, who writes to them, when they were made or read",
            {
                "address": "a hash of the box's key",
                "key": "the key that may read the box",
                "kind": "for first messages or for answers",
                "renew_by": "the month in which it ends",
            },
        ),
        "envelopes": TableWords(
            "sealed messages that nobody has fetched yet",
            "until fetched, at most 30 days",
            "what they say, who wrote them, who reads them",
            {
                "box": "address of the box",
                "id": "a hash of the message",
                "day": "on which it came",
                "peer": "the node that delivered it",
                "bytes": "the message, sealed",
            },
        ),
        "reports": TableWords(
            "reports, sealed to the moderators",
            "30 days after the decision, undecided at most 180",
            "what they say, who reported, who is reported",
            {
                "id": "random bytes",
                "category": "what kind, as the reporter chose",
                "day": "on which it came",
                "decided_day": "on which it was decided",
                "state": "waiting, or the decision",
                "answer": "what another node's moderators decided",
                "origin": "the node that passed it on, if one did",
                "object": "the reported offer, where another node names it",
                "bytes": "the report, sealed",
            },
        ),
        "applications": TableWords(
            "applications to join, sealed to the moderators",
            "until the decision, at most 14 days",
            "what they say, who applies",
            {
                "id": "random bytes",
                "invite": "a hash of an invite on the applicant's device",
                "day": "on which it came",
                "bytes": "the application, sealed",
            },
        ),
    },
    "catalogue": {
        "migrations": _MIGRATIONS,
        "peers": TableWords(
            "other communities' nodes and what was agreed with them",
            "until forgotten, 30 days after the last word",
            "anything of people",
            {
                "actor": "address of the node",
                "document": "its public description",
                "peering": "what was agreed",
                "is_open": "whether offers go both ways",
                "is_paused": "whether it shows a key that nobody vouches for",
                "log_cursor": "how far its offers have been read",
                "sent": "how far ours have been sent",
                "looked_day": "on which a steward last decided about it",
            },
        ),
        "outbox": TableWords(
            "what has left this node for its peers",
            "until the offers are over",
            "whose the offers are",
            {
                "sequence": "a number in shuffled order",
                "object": "address of the offer",
                "revision": "which version",
                "kind": "new, changed or withdrawn",
                "end_day": "its last day",
                "activity": "what was sent",
            },
        ),
        "letters": TableWords(
            "what is on its way to single nodes: requests, answers, sealed reports",
            "until delivered, at most 7 days",
            "anything of members",
            {
                "number": "a number in order",
                "peer": "the node that it goes to",
                "activity_id": "its id",
                "activity": "what is sent",
                "day": "on which it was written",
                "is_receipt": "whether it confirms a withdrawal",
            },
        ),
        "tombstones": TableWords(
            "withdrawn offers, so that they do not come back",
            "until the offer would have ended",
            "what the offers said",
            {
                "object": "address of the offer",
                "author": "the node that it was of",
                "end_day": "last day",
            },
        ),
        "outlived": TableWords(
            "versions of offers that would have lived longer than newer ones",
            "until their last day",
            "what they said",
            {
                "object": "address of the offer",
                "revision": "which version",
                "end_day": "its last day",
            },
        ),
        "receipts": TableWords(
            "what peers said of withdrawals",
            "until the offer would have ended",
            "whose the offer was",
            {
                "object": "address of the offer",
                "peer": "the node that was told",
                "state": "confirmed, pending or unreachable",
                "end_day": "last day",
                "delete_id": "id of the message that told it",
            },
        ),
        "audit": TableWords(
            "what stewards and moderators decided",
            "as long as the node",
            "who decided, about whom",
            {
                "day": "of the decision",
                "role": "of who decided",
                "action": "what was decided",
                "object": "the offer or node that it was about",
            },
        ),
        "catalogue_objects": TableWords(
            "released offers and library entries of this and other communities",
            "until withdrawn or over",
            "whose they are",
            {
                "position": "a number in order of arrival",
                "id": "address of the offer or entry",
                "author": "the node that it is of",
                "kind": "whether it is an offer or an entry of a library",
                "revision": "which version",
                "end_day": "its last day",
                "hidden": "whether members see it",
                "bytes": "the offer or entry as published",
                "serial": "a number in order of arrival",
            },
        ),
        "posted": TableWords(
            "sealed messages on their way, and what became of them",
            "8 days; the message itself only until it has left",
            "who wrote them, what they say",
            {
                "handle": "random bytes, known to the sender's device",
                "peer": "the node that it goes to",
                "state": "waiting, delivered or failed",
                "day": "on which it was handed in",
                "is_slow": "whether it may wait longer",
                "mark": "a keyed hash, to tell a repetition from another message",
                "bytes": "the message, sealed",
            },
        ),
        "introduced": TableWords(
            "nodes to which some message went",
            "half a year",
            "whose message, to whom",
            {"node": "its address", "day": "of the last message"},
        ),
        "cut_off": TableWords(
            "nodes with which an exchange has ended",
            "half a year",
            "anything of people",
            {"node": "its address", "day": "on which it ended"},
        ),
        "key_pages": TableWords(
            "other nodes' public keys for first messages, the same for all members",
            "until Monday",
            "who is interested in which offer",
            {
                "node": "whose keys",
                "prefix": "which part",
                "week": "of which week",
                "fetched_day": "on which they were fetched",
                "bytes": "the keys",
            },
        ),
    },
}

# What lies in the folder of keys: the beginning of a name, and what it is.
KEY_WORDS: dict[str, str] = {
    "node-ed25519.seed": "the node's own key: with it somebody could speak as this node",
    "node-rsa.pem": "the same for software that knows no newer kind",
    "reader.key": "makes the day's pass for reading, the same for all members",
    "keyholders.json": "the keyholders' public keys; the private ones are elsewhere",
    "moderators.json": "the moderators' public key; the private one is in their vaults",
    "session/": "one key a day for sessions, seven kept; opens no vault and no message",
    "week/": "one key a week, nine kept: with the keyholders' keys it shows who sent what left",
    "who/": "one key a year: lets a blocked person be recognised; with a known member's id it "
    "shows whether they knocked at a known offer",
}

CAN = (
    "published offers and profiles, as everybody with access sees them",
    "how many members there are, and the sizes of their vaults",
    "sealed messages, reports and vaults, as bytes that this node cannot open",
    "which other communities this one exchanges with, and what stewards decided",
)
CANNOT = (
    "names, mail addresses, telephone numbers, IP addresses: they were never here",
    "which member owns which offer, profile or box",
    "what anybody wrote, or to whom; what reports and applications say",
    "when a member joined, signed in, read or wrote",
)
