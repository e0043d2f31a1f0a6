"""``kith me pass-on``: offering on what was learned."""

from __future__ import annotations

import click
import msgspec

from kith_client.commands.common import Place, member_command
from kith_client.commands.offers import check_place, show_preview, show_taken
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import Scene, ask_first, in_conversation
from kith_client.commands.topics import topic_names
from kith_client.commands.writing import change_offer, content_options, read_said
from kith_client.offers import DEFAULT_DAYS, MAX_DAYS
from kith_crypto.errors import UsageError
from kith_protocol.community_topics import with_labels
from kith_protocol.offer_content import OfferContent


@click.command("pass-on")
@click.argument("number")
@content_options
@click.option("--days", type=click.IntRange(1, MAX_DAYS), help="How long it stands.")
@click.option("--tell", is_flag=True, help="Tell the other side that you pass it on.")
@click.option("--tell-text", default="", help="With a word of yours.")
@click.option("--yes", "is_agreed", is_flag=True, help="Publish without asking.")
@member_command
def pass_on(
    place: Place,
    number: str,
    days: int | None,
    tell: bool,
    tell_text: str,
    is_agreed: bool,
    **said: object,
) -> None:
    """Offer on what you learned in conversation NUMBER of `kith me talk`.

    Drafts an offer from the topics of your shared goals, for beginners; the options change
    it. Shows what will leave and who gets it, then publishes it. The offer has a key of its
    own: nothing leads from it to this conversation. With --tell the other side reads that you
    pass it on, not where; they may guess from the topics which offer is yours.

    Example: kith me pass-on 1 -l en --tell
    """
    changes, reader = read_said(said), reader_of()

    async def act(scene: Scene) -> None:
        member = scene.member
        await member.resume()
        names = await topic_names(member.search)
        topics = tuple(map(names.find, changes.topics))
        draft = _draft(scene, topics, changes.languages or (reader.language,))
        community = await member.get_community()
        changed = change_offer(draft, changes, names)
        content = msgspec.structs.replace(
            with_labels(changed, await member.search.topics()), audience=community.programme
        )
        check_place(content, community)
        stands = days or min(DEFAULT_DAYS, community.max_offer_days)
        show_preview(place, member.offers.preview(content, days=stands))
        if tell_text:
            ask_first(place, tell_text, reader, is_agreed=is_agreed)
        place.confirm("Publish this?", is_agreed=is_agreed)
        show_taken(place, await member.offers.publish(content, days=stands), content)
        if tell or tell_text:
            await scene.send(scene.mentorship.tell_passed_on(tell_text))
            place.say("They will read that you pass it on.")

    in_conversation(place, number, act)


def _draft(scene: Scene, topics: tuple[str, ...], languages: tuple[str, ...]) -> OfferContent:
    """Return the draft; about *topics* where somebody names some."""
    try:
        draft = scene.mentorship.draft_offer(languages=languages)
    except UsageError:
        if not topics:
            raise UsageError(
                "no shared goal says what it is about; name a topic with --topic, such as "
                "--topic career.cv; `kith me topics WORD` finds it"
            ) from None
        draft = OfferContent(
            topics=topics,
            languages=languages,
            ways=("advise",),
            formats=("chat",),
            level=("starting",),
        )
    return msgspec.structs.replace(draft, topics=topics or draft.topics)
