"""Finds what does not fit into a window: controls that are cut off, texts that are not whole."""

import re
from collections.abc import Iterator
from html import unescape

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QMenuBar,
    QScrollArea,
    QScrollBar,
    QSlider,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QTableView,
    QWidget,
)

from mnist_gui.gui.common.labels import ElidedLabel
from mnist_gui.gui.network.bar import NetworkChoice
from mnist_gui.gui.training.recipe_cards import RecipeCard

SMALLEST_TARGET = 24
_TARGETS = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider)
_PADDING = 4


def misfits(window: QWidget) -> list[str]:
    """Return what is wrong with what can be seen in a window, a line for each fault."""
    return [
        f"{_name(widget)}: {fault}"
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.window() is window and not _is_qt_own(widget)
        for fault in (*_cut(widget), *_squeezed(widget), *_unread(widget), *_missed(widget))
    ]


def _name(widget: QWidget) -> str:
    known = f"{type(widget).__name__} {widget.objectName()}".strip()
    parent = widget.parentWidget()
    return known if parent is None or widget.objectName() else f"{known} in {_name(parent)}"


def _is_qt_own(widget: QWidget) -> bool:
    """Whether it is a part of another widget that Qt makes and looks after."""
    return isinstance(widget, QScrollBar) or widget.objectName().startswith("qt_")


def _cut(widget: QWidget) -> Iterator[str]:
    """Tell where a widget is outside of what it lies in, and cannot be scrolled to."""
    at, place = widget, widget.rect()
    while (parent := at.parentWidget()) is not None and not at.isWindow():
        place = place.translated(at.pos())
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            yield from _unreachable(area, place)
            place = parent.rect()
        elif not parent.rect().contains(place):
            yield f"is cut off by {_name(parent)}: {_box(place)} in {_box(parent.rect())}"
            return
        at = parent


def _unreachable(area: QAbstractScrollArea, place: QRect) -> Iterator[str]:
    bars = (area.horizontalScrollBar(), area.verticalScrollBar())
    inside = area.viewport().rect()
    for bar, start, end, room in (
        (bars[0], place.left(), place.right(), inside.width()),
        (bars[1], place.top(), place.bottom(), inside.height()),
    ):
        policy = (
            area.horizontalScrollBarPolicy() if bar is bars[0] else area.verticalScrollBarPolicy()
        )
        is_off = policy is Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        first, last = start + bar.value(), end + bar.value()
        reached = room if is_off else bar.maximum() + room
        if isinstance(area, QScrollArea) and (first < 0 or last >= reached):
            yield f"cannot be scrolled to in {_name(area)}: {_box(place)} in {_box(inside)}"


def _squeezed(widget: QWidget) -> Iterator[str]:
    """Tell where a widget has less room than it needs at least; tables scroll."""
    if isinstance(widget, QHeaderView):
        return
    if isinstance(widget, QScrollArea) and (beyond := widget.horizontalScrollBar().maximum()):
        yield f"has to be scrolled sideways, by {beyond}"
    least = _least(widget)
    if widget.width() < least.width() or widget.height() < least.height():
        yield f"is {_size(widget.size())}, needs {_size(least)}"


def _least(widget: QWidget) -> QSize:
    hint = widget.minimumSizeHint().boundedTo(widget.maximumSize())
    own = widget.minimumSize()
    width = own.width() or hint.width()
    height = own.height() or hint.height()
    layout, is_free = widget.layout(), not own.height()
    if is_free and layout is not None and layout.hasHeightForWidth():
        height = layout.totalMinimumHeightForWidth(widget.width())
    elif is_free and isinstance(widget, QLabel) and widget.hasHeightForWidth():
        height = widget.heightForWidth(widget.width())
    return QSize(width, height)


def _missed(widget: QWidget) -> Iterator[str]:
    """Tell which targets of a pointer are too small to hit."""
    if isinstance(widget, QTabBar):
        rects = [widget.tabRect(place) for place in range(widget.count())]
        sizes = [rect.size() for rect in rects if rect.isValid()]
    else:
        sizes = [widget.size()] if isinstance(widget, _TARGETS) else []
    for size in sizes:
        if min(size.width(), size.height()) < SMALLEST_TARGET:
            yield f"is a target of {_size(size)}"


# --- texts -----------------------------------------------------------------------------------


def _unread(widget: QWidget) -> Iterator[str]:
    """Tell which texts are not whole, and are not whole in a tooltip either."""
    for text, fits, tip in _texts(widget):
        # What is shortened by three dots begins as the whole does.
        start = _plain(text).partition("\u2026")[0]
        if not fits and start not in _plain(tip):
            yield f"does not show all of {text!r}; tooltip {tip!r}"


def _texts(widget: QWidget) -> Iterator[tuple[str, bool, str]]:
    """Return the texts of a widget, whether there is room for each, and their tooltips."""
    tip = widget.toolTip()
    match widget:
        case ElidedLabel():
            yield widget.text(), _advance(widget, widget.text()) <= widget.width(), tip
        case QLabel():
            yield _shown(widget), _fits_label(widget), tip
        case RecipeCard():
            # Its texts are labels.
            return
        case QAbstractButton():
            yield widget.text(), widget.sizeHint().width() <= widget.width() + _PADDING, tip
        case QComboBox():
            yield _choice(widget), _fits_box(widget), tip
        case QLineEdit():
            yield _typed(widget), _fits_field(widget), _tip_of_field(widget)
        case QHeaderView():
            yield from _sections(widget)
        case _:
            yield from _items(widget)


def _items(widget: QWidget) -> Iterator[tuple[str, bool, str]]:
    match widget:
        case QTabBar():
            yield from _tabs(widget)
        case QMenuBar():
            for action in widget.actions():
                is_inside = widget.rect().contains(widget.actionGeometry(action))
                yield action.text(), is_inside or not action.isVisible(), ""
        case QAbstractItemView():
            yield from _cells(widget)


def _choice(box: QComboBox) -> str:
    chosen = box.currentData()
    return chosen.title if isinstance(chosen, NetworkChoice) else box.currentText()


def _fits_box(box: QComboBox) -> bool:
    # Less than its advance where it ends with a wide bracket, as in Chinese.
    return box.fontMetrics().boundingRect(_choice(box)).width() <= _field(box)


def _typed(field: QLineEdit) -> str:
    return field.displayText() or field.placeholderText()


def _fits_field(field: QLineEdit) -> bool:
    margins = field.textMargins()
    room = field.contentsRect().width() - margins.left() - margins.right() - _PADDING
    return _advance(field, _typed(field)) <= room


def _tip_of_field(field: QLineEdit) -> str:
    holder = field.parentWidget()
    return holder.toolTip() if isinstance(holder, QAbstractSpinBox) else field.toolTip()


def _shown(label: QLabel) -> str:
    """Return a label's text without the mark of the key that leads to its buddy."""
    return label.text().replace("&", "") if label.buddy() else label.text()


def _fits_label(label: QLabel) -> bool:
    margins = 2 * label.margin()
    room = label.contentsRect().adjusted(margins, margins, -margins, -margins)
    if _is_rich(label.text()) and label.textFormat() is not Qt.TextFormat.PlainText:
        document = QTextDocument()
        document.setDefaultFont(label.font())
        document.setDocumentMargin(0)
        document.setHtml(label.text())
        document.setTextWidth(room.width() if label.wordWrap() else -1)
        size = document.size()
        return size.width() <= room.width() + 1 and size.height() <= room.height() + 1
    flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextExpandTabs
    widest = QRect(0, 0, room.width(), 100_000)
    taken = label.fontMetrics().boundingRect(widest, flags, _shown(label))
    return taken.width() <= room.width() + 1 and taken.height() <= room.height() + 1


def _tabs(bar: QTabBar) -> Iterator[tuple[str, bool, str]]:
    for place in range(bar.count()):
        rect = bar.tabRect(place)
        is_inside = bar.rect().contains(rect)
        is_whole = _advance(bar, bar.tabText(place)) + _PADDING <= rect.width()
        yield (
            bar.tabText(place),
            is_inside and is_whole,
            "" if not is_inside else bar.tabToolTip(place),
        )


def _sections(header: QHeaderView) -> Iterator[tuple[str, bool, str]]:
    model, across = header.model(), header.orientation() is Qt.Orientation.Horizontal
    for section in range(header.count()):
        if header.isSectionHidden(section):
            continue
        text = str(model.headerData(section, header.orientation()) or "")
        tip = model.headerData(section, header.orientation(), Qt.ItemDataRole.ToolTipRole)
        room = header.sectionSize(section) if across else header.width()
        lines = text.split("\n")
        widest = max(_advance(header, line) for line in lines)
        yield text, widest + _PADDING <= room, str(tip or "")


def _cells(view: QAbstractItemView) -> Iterator[tuple[str, bool, str]]:
    model = view.model()
    columns = model.columnCount() if isinstance(view, QTableView) else 1
    for row in range(min(model.rowCount(), 40)):
        for column in range(columns):
            index = model.index(row, column, view.rootIndex())
            text = index.data()
            if isinstance(text, str) and not _is_hidden(view, index):
                tip = str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
                yield text, _fits_cell(view, index, text), tip


def _is_hidden(view: QAbstractItemView, index: QModelIndex) -> bool:
    if isinstance(view, QTableView):
        return view.isColumnHidden(index.column())
    return isinstance(view, QListView) and view.isRowHidden(index.row())


def _fits_cell(view: QAbstractItemView, index: QModelIndex, text: str) -> bool:
    room = view.visualRect(index).size()
    metrics = view.fontMetrics()
    widest = max(metrics.horizontalAdvance(line) for line in text.split("\n"))
    can_scroll = isinstance(view, QListView) and view.horizontalScrollBar().maximum() > 0
    return widest + _PADDING <= room.width() or can_scroll


def _field(box: QComboBox) -> int:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    complex_, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(complex_, option, part, box).width()


def _advance(widget: QWidget, text: str) -> int:
    return widget.fontMetrics().horizontalAdvance(text)


def _plain(text: str) -> str:
    text = unescape(re.sub(r"<[^>]*>", " ", text)) if _is_rich(text) else text
    return " ".join(text.split())


def _is_rich(text: str) -> bool:
    return re.search("<[a-z]+[ >]", text) is not None


def _box(place: QRect) -> str:
    return f"{place.left()},{place.top()} {_size(place.size())}"


def _size(size: QSize) -> str:
    return f"{size.width()}x{size.height()}"
