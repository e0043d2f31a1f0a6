"""An export as one HTML page that a person can read, print and keep.

The page needs nothing else: no script, no link, nothing fetched, and a policy in it that
forbids all of that. Everything people wrote is escaped and stands in an element of its own with
its own direction, so that no text can turn the words around it; characters that only hide or
turn text are shown as a mark.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from kith_client.export_document import (
    Export,
    ExportedAnswers,
    ExportedCard,
    ExportedCircle,
    ExportedCircleSession,
    ExportedCircleTerms,
    ExportedConversation,
    ExportedKnock,
    ExportedMentorship,
    ExportedMessage,
    ExportedOffer,
    ExportedPersona,
    ExportedSession,
    ExportedTerms,
    ExportedWish,
    ExportedWords,
)
from kith_protocol.day import Day, format_day

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
section, article { margin-block: 1.5rem; }
article { border: 1px solid; border-radius: .5rem; padding: .5rem 1rem; }
ol { list-style: none; padding: 0; }
li { margin-block: .75rem; }
.who { font-weight: 600; }
.when { opacity: .7; font-size: .875rem; }
.said { display: block; unicode-bidi: plaintext; white-space: pre-wrap; }
.said, bdi { overflow-wrap: anywhere; }
bdi { unicode-bidi: isolate; }
dt { font-weight: 600; }
dd { margin: 0 0 .5rem; }
"""
# What turns, joins or hides text without a trace; direction marks and joiners are needed.
_TRICKS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u180e\u200b\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)
_MINUTE_S = 60
_DAY_MINUTES = 24 * 60


def render_export(export: Export) -> str:
    """Return *export* as an HTML document."""
    title = "Everything of mine"
    sections = (
        _section("Personas", map(_persona, export.personas)),
        _section("Offers", map(_offer, export.offers)),
        _section("Profiles", map(_persona, export.profiles)),
        _section("Knocks", map(_knock, export.knocks)),
        _section("Conversations", map(_conversation, export.conversations)),
        _section("Circles", map(_circle, export.circles)),
        _section("Wishes", map(_wish, export.wishes)),
        _section("Thanks", (_line(_date(one.day), one.text) for one in export.thanks)),
        _section("Blocked", (_line("Offer", one.offer) for one in export.blocked)),
    )
    return "".join(
        (
            '<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="referrer" content="no-referrer">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head><body><main>",
            f"<h1>{title}</h1>",
            f"<p>Community {_said(export.community)}, on {_date(export.day)}. This page holds "
            "what people told each other in confidence: keep it where nobody else looks.</p>",
            *sections,
            "</main></body></html>\n",
        )
    )


def _section(title: str, parts: Iterable[str]) -> str:
    inner = "".join(parts)
    return f"<section><h2>{title}</h2>{inner or '<p>None.</p>'}</section>"


def _persona(persona: ExportedPersona) -> str:
    facts = (
        ("Pronouns", persona.pronouns),
        ("About", persona.about),
        ("Languages", ", ".join(persona.languages)),
        ("Topics", ", ".join(persona.topics)),
    )
    return f"<article><h3>{_said(persona.pseudonym)}</h3>{_facts(facts)}</article>"


def _offer(offer: ExportedOffer) -> str:
    facts = [
        ("State", offer.state),
        ("Until", _date(offer.end_day)),
        ("Topics", ", ".join(offer.topics)),
        ("Languages", ", ".join(offer.languages)),
        *offer.texts,
    ]
    return f"<article><h3>{_said(offer.url)}</h3>{_facts(facts)}</article>"


def _knock(knock: ExportedKnock) -> str:
    facts = (
        ("Direction", "I knocked" if knock.is_mine else "somebody knocked"),
        ("Offer", knock.offer),
        ("State", knock.state),
        ("Text", knock.text),
    )
    return f"<article>{_card(knock.card)}{_facts(facts)}</article>"


def _conversation(conversation: ExportedConversation) -> str:
    facts = (("Offer", conversation.offer), ("State", conversation.state))
    messages = "".join(map(_message, conversation.messages))
    mentorship = "" if conversation.mentorship is None else _mentorship(conversation.mentorship)
    return (
        f"<article>{_card(conversation.card)}{_facts(facts)}{mentorship}"
        f"<ol>{messages}</ol></article>"
    )


def _circle(circle: ExportedCircle) -> str:
    purge_day = circle.purge_day
    facts = (
        ("State", circle.state),
        *_circle_terms(circle.terms),
        ("My name", circle.my_name),
        ("Members", ", ".join(circle.members)),
        ("Deleted on", "" if purge_day is None else _date(purge_day)),
        *(("Session", _circle_session(one)) for one in circle.sessions),
        ("At my removal", circle.farewell),
    )
    purpose = "A circle" if circle.terms is None else circle.terms.purpose
    words = "".join(map(_words, circle.words))
    return f"<article><h3>{_said(purpose)}</h3>{_facts(facts)}<ol>{words}</ol></article>"


def _circle_terms(terms: ExportedCircleTerms | None) -> list[tuple[str, str]]:
    if terms is None:
        return []
    return [
        ("From", _date(terms.begins)),
        ("Over on", _date(terms.ends)),
        ("Ground rules", terms.rules),
        ("Rhythm", terms.rhythm),
        ("Room for", str(terms.places)),
    ]


def _circle_session(one: ExportedCircleSession) -> str:
    state = "cancelled" if one.is_cancelled else one.attends
    return "; ".join(filter(None, (_time(one.minute), one.where, state)))


def _words(words: ExportedWords) -> str:
    who = "I" if words.is_mine else _said(words.name or "Somebody who is gone")
    return _entry(who, words.minute, words.text)


def _wish(wish: ExportedWish) -> str:
    title = f"<h3>{_said(wish.name)}</h3>" if wish.name else ""
    return f"<article>{title}{_facts(tuple(wish.query.items()))}</article>"


def _mentorship(mentorship: ExportedMentorship) -> str:
    kept_until = mentorship.kept_until
    facts = [
        ("Mentorship", mentorship.stage),
        ("Kept until", "" if kept_until is None else _date(kept_until)),
        *_terms("Agreed", mentorship.terms),
        *_terms("Proposed", mentorship.proposed),
        *(("Session", _session(one)) for one in mentorship.sessions),
        *(
            (_own("Goal", one.is_private), f"{one.text} ({one.state})")
            for one in mentorship.goals
        ),
        *((_own("Note", one.is_private), one.text) for one in mentorship.notes),
        *(("Answer", _answers(one)) for one in mentorship.answers),
        *(("At the end", words) for words in mentorship.closing_words),
        *(("Thanks", text) for text in mentorship.thanks),
    ]
    return _facts(facts)


def _terms(title: str, terms: ExportedTerms | None) -> list[tuple[str, str]]:
    if terms is None:
        return []
    texts = {
        "goals": "; ".join(terms.goals),
        "how often": terms.cadence,
        "sessions": str(terms.sessions or ""),
        "minutes": str(terms.minutes or ""),
        "where": terms.channel,
        "boundaries": terms.boundaries,
        "confidentiality": terms.confidentiality,
        "its limits": terms.limits,
        "ending": terms.ending,
        "review": _date(terms.review_day) if terms.review_day else "",
    }
    return [(f"{title}: {name}", text) for name, text in texts.items()]


def _session(session: ExportedSession) -> str:
    times = [_time(minute) for minute in (session.minute, *session.proposed) if minute]
    return f"{session.state} {', '.join(times)}".rstrip()


def _answers(answers: ExportedAnswers) -> str:
    who = "I" if answers.is_mine else "They"
    what = f"check-in {answers.number}" if answers.number else "looking back"
    return f"{who}, {what}: {'; '.join(filter(None, (answers.feeling, *answers.words)))}"


def _own(name: str, is_private: bool) -> str:
    return f"{name} (only mine)" if is_private else name


def _message(message: ExportedMessage) -> str:
    who = "I" if message.is_mine else "They"
    what = message.text or f"({message.kind})"
    file = f" {_said(message.file_name)} ({message.file_bytes} bytes)" if message.file else ""
    return _entry(who, message.minute, what, file)


def _entry(who: str, minute: int, text: str, more: str = "") -> str:
    """Return one message; *who* and *more* are HTML, *text* is as somebody wrote it."""
    return (
        f'<li><span class="who">{who}</span> <span class="when">{_time(minute)}</span>'
        f'<span class="said" dir="auto">{_escape(text)}</span>{more}</li>'
    )


def _card(card: ExportedCard | None) -> str:
    if card is None:
        return "<h3>Without a card</h3>"
    pronouns = f" ({_said(card.pronouns)})" if card.pronouns else ""
    about = f"<p>{_said(card.about)}</p>" if card.about else ""
    return f"<h3>{_said(card.pseudonym)}{pronouns}</h3>{about}"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f"<dt>{_said(name)}</dt><dd>{_said(value)}</dd>" for name, value in facts if value
    )
    return f"<dl>{rows}</dl>" if rows else ""


def _line(name: str, value: str) -> str:
    return f"<p>{_escape(name)} {_said(value)}</p>"


def _said(text: str) -> str:
    return f'<bdi dir="auto">{_escape(text)}</bdi>'


def _escape(text: str) -> str:
    return html.escape(_TRICKS.sub("\ufffd", text), quote=True)


def _date(day: int) -> str:
    return format_day(Day(day))[:10]


def _time(minute: int) -> str:
    day, rest = divmod(minute, _DAY_MINUTES)
    return f"{_date(day)} {rest // _MINUTE_S:02}:{rest % _MINUTE_S:02} UTC"
