import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mnist_gui.gui.common.theme import Theme, apply_theme
from mnist_gui.gui.learn.browser import EntryBrowser, found
from mnist_gui.gui.learn.glossary import GlossaryPage
from mnist_gui.gui.learn.text import term_entries, topic_entries
from mnist_gui.words.glossary import TERMS, Place, data, network, results, training
from mnist_gui.words.lesson import LESSON


@pytest.fixture
def page(qtbot: QtBot) -> GlossaryPage:
    page = GlossaryPage()
    page.show_places({Place.CURVES: "Curves"})
    qtbot.addWidget(page)
    page.show()
    return page


def listed(browser: EntryBrowser) -> list[str]:
    return [browser.list.item(place).text() for place in range(browser.list.count())]


def test_every_term_has_a_key_and_a_title_of_its_own() -> None:
    terms = (*data.TERMS, *network.TERMS, *training.TERMS, *results.TERMS)
    assert len(terms) >= 60
    assert len({term.key for term in terms}) == len(terms)
    assert len({term.title.casefold() for term in terms}) == len(terms)


def test_what_is_related_exists_and_is_another_term() -> None:
    for term in TERMS.values():
        assert set(term.related) <= TERMS.keys() - {term.key}
        assert term.related
    assert {key for words in LESSON.values() for key in words.terms} <= TERMS.keys()


def test_a_text_has_one_to_three_sentences() -> None:
    for term in TERMS.values():
        assert 1 <= term.text.count(". ") + 1 <= 3, term.key
        assert term.text.endswith(".")


def test_help_and_glossary_share_no_key(qapp: QApplication) -> None:
    assert not {topic.key for topic in topic_entries()} & TERMS.keys()


def test_a_search_finds_titles_first_and_then_texts(qapp: QApplication) -> None:
    keys = [entry.key for entry in found(term_entries({}), "BATCH")]
    assert keys[0] == "batch"
    assert {"epoch", "step"} <= set(keys)
    assert "pixel" not in keys
    assert [entry.key for entry in found(term_entries({}), "fog slope")] == ["gradient-descent"]


def test_what_is_sought_is_shown_at_once_and_arrows_go_on(page: GlossaryPage, qtbot: QtBot) -> None:
    browser = page.browser
    qtbot.keyClicks(browser.search, "softmax")
    assert listed(browser)[:2] == ["Softmax", "Softmax regression"]
    assert browser.text.toPlainText().startswith("Softmax\n")
    qtbot.keyClick(browser.search, Qt.Key.Key_Down)
    assert browser.text.toPlainText().startswith("Softmax regression\n")
    assert browser.search.text() == "softmax"


def test_a_search_without_a_result_says_so(page: GlossaryPage, qtbot: QtBot) -> None:
    qtbot.keyClicks(page.browser.search, "xyzzy")
    assert listed(page.browser) == []
    assert "Nothing was found" in page.browser.text.toPlainText()
    page.browser.search.clear()
    assert len(listed(page.browser)) == len(TERMS)


def test_a_link_leads_to_a_term_even_if_the_search_does_not_have_it(
    page: GlossaryPage, qtbot: QtBot
) -> None:
    qtbot.keyClicks(page.browser.search, "seed")
    page.browser.text.anchorClicked.emit(QUrl("term:convolution"))
    assert page.browser.text.toPlainText().startswith("Convolution\n")
    current = page.browser.list.currentItem()
    assert current is not None
    assert current.text() == "Convolution"


def test_a_term_leads_to_its_place_where_the_window_has_it(
    page: GlossaryPage, qtbot: QtBot
) -> None:
    page.show_term("loss")
    assert "place:curves" in page.browser.text.toHtml()
    with qtbot.waitSignal(page.place_requested) as asked:
        page.browser.text.anchorClicked.emit(QUrl("place:curves"))
    assert asked.args == [Place.CURVES]
    page.show_term("stride")
    assert "place:" not in page.browser.text.toHtml()


def test_links_have_the_colour_of_the_theme(page: GlossaryPage, qapp: QApplication) -> None:
    for theme in (Theme.DARK, Theme.LIGHT):
        apply_theme(qapp, theme)
        QApplication.processEvents()
        colour = page.palette().link().color().name()
        assert colour in page.browser.text.toHtml()
