"""One run of the demonstration, from empty folders to figures.

The order: make nodes, let them serve, connect them, fill them; check that everybody holds what
was published; ask wishes; measure single offers; send a tampered announcement; let people meet
and talk; live mentorships and pass on what was learned; gather circles; report; fill the
libraries; withdraw; move the clocks until something expires; check everything once more. The
first check that fails ends the run. Left to the caller: stopping the stage, whatever happened.
"""

from __future__ import annotations

import msgspec

from kith_node.demo import circles, encounters, endings, library, mentorships, opening, trials
from kith_node.demo.accusations import Accused
from kith_node.demo.asking import Asked
from kith_node.demo.encounters import Sample
from kith_node.demo.fairness import top_share
from kith_node.demo.figures import Figures
from kith_node.demo.mentorships import Lived
from kith_node.demo.plan import make_plan
from kith_node.demo.stage import Stage
from kith_node.demo.wishes import add_up
from kith_node.topics.loading import load_vocabulary
from kith_protocol.query import primary_language
from kith_protocol.vocabulary import Vocabulary


class Result(msgspec.Struct, frozen=True):
    """What a run showed.

    Attributes:
        figures: for scripts.
        asked: the wishes with their answers.
        sample: the beginning of one conversation.
        lived: what came of the mentorships.
        accused: what became of the reports.
        topics: for labels.
    """

    figures: Figures
    asked: list[Asked]
    sample: Sample
    lived: Lived
    accused: Accused
    topics: Vocabulary


async def run(stage: Stage) -> Result:
    """Return what a run showed in which every check passed.

    Raises:
        CheckError: one did not.
        NodeFailedError: a node or a command failed.
        ProblemError: a node refused something that it must not.
    """
    options = stage.options
    plan = make_plan(
        load_vocabulary(), nodes=options.nodes, offers=options.offers, seed=options.seed
    )
    invites = await opening.open_communities(stage, plan)
    await opening.fill(stage, plan, invites)
    verified = await opening.verify(stage)
    topics = await stage.readers()[0].search.topics()
    asked = await trials.ask_wishes(stage, plan)
    understood = await trials.ask_spoken(stage, topics)
    spread = await trials.measure_singles(stage)
    refused = await trials.try_tampered(stage)
    met = await encounters.let_people_talk(stage, topics)
    lived = await mentorships.live(stage, encounters.of_good_will(met))
    gathered = await circles.gather(stage, met.talks[:-1])
    accused = await encounters.report(stage, met)
    resources = await library.share(stage)
    withdrawn, receipts = await trials.withdraw(stage)
    expired = await trials.expire(stage)
    await trials.check_again(stage)
    score = add_up([one.outcome for one in asked])
    figures = Figures(
        nodes=len(stage.nodes),
        offers=len(stage.published) + len(stage.passed_on),
        real_offers=sum(offer.row is not None for offer in plan.offers),
        accounts=len(stage.filling.accounts),
        profiles=stage.filling.profiles,
        verified=verified,
        refused_tampered=refused,
        wishes=score.wishes,
        hit_at_5=score.hit_at_5,
        hit_at_5_popularity=score.hit_at_5_popularity,
        reachable=score.reachable,
        cross_community_share=score.cross_community_share,
        top5_share=top_share(
            ([hit.id for hit in one.hits] for one in asked), offers=len(stage.filling.offers)
        ),
        languages=len(
            {primary_language(tag) for offer in plan.offers for tag in offer.content.languages}
        ),
        understood=understood,
        release_to_visible_ms=spread,
        conversations=len(met.talks),
        messages=met.messages,
        message_ms=met.message_ms,
        declined=met.declined,
        mentorships_closed=lived.closed,
        passed_on=lived.passed_on,
        circles=gathered,
        resources=resources,
        reports_proven=accused.proven,
        reports_refused=accused.refused,
        withdrawn=withdrawn,
        receipts_confirmed=receipts,
        expired=expired,
        seconds=dict(stage.progress.seconds),
    )
    return Result(figures, asked, met.sample, lived, accused, topics)


async def open_for_visitors(stage: Stage) -> None:
    """Set the clocks right again, and let go of the members' keys for other programs."""
    with stage.progress.part("reopen", "Setting the clocks right again"):
        await stage.close_members()
        await endings.move_clocks(stage, days_ahead=0)
