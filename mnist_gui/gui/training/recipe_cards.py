"""The recipes as cards, of which one is chosen."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from mnist_gui.engine.recipe import RECIPES, Recipe
from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.columns import Columns
from mnist_gui.gui.common.labels import caption, count, heading, number, paragraph, percent
from mnist_gui.gui.common.qt import column, named, row
from mnist_gui.gui.common.theme import blend
from mnist_gui.gui.common.values import (
    recipe_accuracy,
    recipe_purpose,
    recipe_short_title,
    recipe_title,
)

if TYPE_CHECKING:
    from mnist_gui.gui.training.times import RecipeTime

_MARGIN = 10
_DOT = 14
_COMFORTABLE_LETTERS = 30
_ROUND = 6.0
Roles = QPalette.ColorRole


class RecipeCard(QRadioButton):
    """A recipe to choose: what it is called, what it brings, what it costs."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.recipe_name = recipe.name
        is_tutorial = recipe.name.endswith("-tutorial")
        self._title = heading(recipe_short_title(recipe.name))
        self._badge = QLabel(self.tr("Tutorial") if is_tutorial else "")
        self._badge.setVisible(is_tutorial)
        self._accuracy = paragraph(self._accuracy_text())
        self._loud = {
            self._title: Roles.WindowText,
            self._accuracy: Roles.WindowText,
            self._badge: Roles.Highlight,
        }
        self._badge.setForegroundRole(Roles.Highlight)
        self.time = caption()
        size = self.tr("{count} parameters")
        self._size = caption(size.format(count=count(recipe.architecture.parameters)))
        self._purpose = caption(recipe_purpose(recipe.name))
        named(self, f"recipe_card_{recipe.name}", recipe_title(recipe.name), self._purpose.text())
        self._place_of_dot = QWidget()
        self._lay_out()
        self.show_time(None)

    def show_time(self, time: "RecipeTime | None") -> None:
        """Show how long a run takes on this machine; None where that is not known."""
        self.time.setText(_time_text(time) if time else "")
        self.time.setVisible(time is not None)
        lines = (self._badge, self._purpose, self._accuracy, self.time, self._size)
        self.setAccessibleDescription(". ".join(line.text() for line in lines if line.text()))

    def sizeHint(self) -> QSize:
        """Return a width that is comfortable to read in."""
        width = self.fontMetrics().averageCharWidth() * _COMFORTABLE_LETTERS
        return QSize(width, self._inside.totalHeightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the width of the longest word; the height follows from the width."""
        return QSize(self._inside.totalMinimumSize().width(), 0)

    def hitButton(self, position: QPoint) -> bool:
        """Be chosen by a click anywhere."""
        return self.rect().contains(position)

    def changeEvent(self, event: QEvent) -> None:
        """Mute all texts alike while no recipe can be chosen; they stay legible."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            for line, role in self._loud.items():
                line.setForegroundRole(role if self.isEnabled() else Roles.PlaceholderText)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a card with a radio button in its corner."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        accent = palette.color(Roles.Highlight)
        ground, line = palette.color(Roles.Base), palette.color(Roles.Mid)
        if self.isChecked():
            ground, line = blend(ground, accent, 0.12), accent
        elif self.underMouse() and self.isEnabled():
            line = accent
        # Room for the ring around what has the focus.
        inside = QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5)
        painter.setPen(QPen(line, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(inside, _ROUND, _ROUND)
        self._paint_dot(painter)

    def _paint_dot(self, painter: QPainter) -> None:
        palette = self.palette()
        middle = self._title.geometry().center().y()
        left = self._place_of_dot.geometry().left()
        circle = QRectF(left, middle - _DOT / 2, _DOT, _DOT)
        colour = palette.color(Roles.Highlight if self.isChecked() else Roles.PlaceholderText)
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(palette.color(Roles.Base))
        painter.drawEllipse(circle)
        if self.isChecked():
            painter.setBrush(colour)
            painter.drawEllipse(circle.adjusted(4, 4, -4, -4))

    def _accuracy_text(self) -> str:
        accuracy = recipe_accuracy(self.recipe_name)
        if accuracy is None:
            return ""
        text = self.tr("Accuracy about {accuracy}")
        return text.format(accuracy=percent(accuracy))

    def _lay_out(self) -> None:
        lines = (self._purpose, self._accuracy, self.time, self._size)
        for line in (self._title, *lines):
            line.setWordWrap(True)
        top = row((self._title, 1), (self._badge, Qt.AlignmentFlag.AlignTop), spacing=6)
        self._place_of_dot.setFixedWidth(_DOT)
        texts = column(top, *lines, 0, spacing=2)
        parts = (self._place_of_dot, (texts, 1))
        margins = (_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._inside = row(*parts, parent=self, spacing=8, margins=margins)


class RecipeCards(QWidget):
    """Shows each recipe as a card; `chosen` brings the name of the one that the user chose.

    The arrow keys choose too. The cards stand in two columns or in one, as there is room.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.cards = {name: RecipeCard(recipe) for name, recipe in RECIPES.items()}
        self._group = QButtonGroup(self)
        for card in self.cards.values():
            self._group.addButton(card)
        is_to_be(self, QAccessible.Role.Grouping)
        named(self, "recipe_cards", self.tr("Recipes"))
        self.grid = Columns(tuple(self.cards.values()), stretches=(1, 1), spacing=4)
        column(self.grid, parent=self)
        self._group.buttonClicked.connect(self._tell)

    def choose(self, name: str) -> None:
        """Show this recipe as the chosen one."""
        self.cards[name].setChecked(True)

    def show_times(self, times: Mapping[str, "RecipeTime"]) -> None:
        """Show how long the recipes take on this machine, by their names, where it is known."""
        for name, card in self.cards.items():
            card.show_time(times.get(name))

    @Slot(QAbstractButton)
    def _tell(self, button: QAbstractButton) -> None:
        assert isinstance(button, RecipeCard)
        self.chosen.emit(button.recipe_name)


def _time_text(time: "RecipeTime") -> str:
    measured = QCoreApplication.translate("RecipeCard", "{time} on this machine")
    estimated = QCoreApplication.translate("RecipeCard", "About {time} on this machine")
    return (measured if time.is_measured else estimated).format(time=_spoken(time.seconds))


def _spoken(seconds: float) -> str:
    """Write a time as people say it: 4.1 s, 42 s, 4 min."""
    if seconds < 100:
        text = QCoreApplication.translate("RecipeCard", "{seconds}\u00a0s")
        return text.format(seconds=number(seconds, int(seconds < 10)))
    text = QCoreApplication.translate("RecipeCard", "{minutes}\u00a0min")
    return text.format(minutes=number(seconds / 60, 0))
