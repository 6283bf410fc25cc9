"""The texts of the glossary and the help, and words for runs and days."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from html import escape

from PySide6.QtCore import QCollator, QCoreApplication, QLocale

from mnist_gui.engine.runs.run import RunRecord
from mnist_gui.gui.common.labels import percent
from mnist_gui.gui.learn.browser import Entry
from mnist_gui.gui.runs.text import run_title, steps_text
from mnist_gui.words.glossary import TERMS, Place, Term
from mnist_gui.words.help_topics import TOPICS
from mnist_gui.words.language import language

_TERM = "term:"
_PLACE = "place:"


def glossary_text(marked: str) -> str:
    """Translate a text from the declaration of a term."""
    return QCoreApplication.translate("glossary", marked)


def topic_text(marked: str) -> str:
    """Translate a text from the declaration of a help topic."""
    return QCoreApplication.translate("help topics", marked)


def term_in(address: str) -> str:
    """Return the key of the term that a link leads to, or "" for another link."""
    return address.removeprefix(_TERM) if address.startswith(_TERM) else ""


def place_in(address: str) -> Place | None:
    """Return the place in the window that a link leads to, or None for another link."""
    return Place(address.removeprefix(_PLACE)) if address.startswith(_PLACE) else None


def term_links(keys: Iterable[str]) -> str:
    """Return links to terms, as HTML."""
    return " \u00b7 ".join(_link(_TERM + key, glossary_text(TERMS[key].title)) for key in keys)


def term_entries(places: Mapping[Place, str]) -> list[Entry]:
    """Return all terms in the order of the alphabet; `places` has the titles of places."""
    group = QCoreApplication.translate("learn", "Glossary")
    entries = [_term_entry(term, group, places) for term in TERMS.values()]
    collator = QCollator(QLocale(language()))
    return sorted(entries, key=lambda entry: collator.sortKey(entry.title.casefold()))


def topic_entries() -> list[Entry]:
    """Return the topics of the help in their order."""
    group = QCoreApplication.translate("learn", "Help")
    entries = []
    for topic in TOPICS:
        title, texts = topic_text(topic.title), [*map(topic_text, topic.paragraphs)]
        html = _title(title) + "".join(map(_paragraph, texts))
        entries.append(Entry(topic.key, group, title, html, " ".join(texts)))
    return entries


def _term_entry(term: Term, group: str, places: Mapping[Place, str]) -> Entry:
    title, text = glossary_text(term.title), glossary_text(term.text)
    # Books and programs use the English word; a search finds it too.
    english = f"<p><i>{escape(term.title)}</i></p>" if title != term.title else ""
    see = QCoreApplication.translate("learn", "See also")
    parts = [_title(title), english, _paragraph(text), _labelled(see, term_links(term.related))]
    if term.place in places:
        where = QCoreApplication.translate("learn", "In this window")
        link = _link(_PLACE + term.place.value, places[term.place])
        parts.append(_labelled(where, link))
    return Entry(term.key, group, title, "".join(parts), f"{term.title} {text}")


def _title(text: str) -> str:
    return f"<h3>{escape(text)}</h3>"


def _paragraph(text: str) -> str:
    # A number and its sign stay on one line.
    unbroken = escape(text).replace(" %", "&nbsp;%")
    return f"<p style='line-height: 130%'>{unbroken}</p>"


def _labelled(label: str, links: str) -> str:
    return f"<p style='line-height: 130%'><b>{escape(label)}</b><br>{links}</p>"


def _link(address: str, text: str) -> str:
    # A title does not break, so that a long line of links does between them.
    return f"<a href='{address}'>{escape(text).replace(' ', '&nbsp;')}</a>"


def run_text(run: RunRecord, today: date) -> str:
    """Name a run, its day, and its accuracy or else how far it came."""
    info = run.info
    score = info.test or info.validation
    came = percent(score.accuracy) if score else steps_text(info)
    text = QCoreApplication.translate("learn", "{run} \u00b7 {result} \u00b7 {day}")
    day = _day(info.started.astimezone().date(), today)
    return text.format(run=run_title(run), day=day, result=came)


def _day(day: date, today: date) -> str:
    if day == today:
        return QCoreApplication.translate("learn", "today")
    if day == today - timedelta(days=1):
        return QCoreApplication.translate("learn", "yesterday")
    return day.isoformat()
