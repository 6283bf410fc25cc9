"""The pages in the window's middle: six rooms, each with one page or a few."""

from enum import Enum
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAction, QActionGroup, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from mnist_gui.gui.common.access import is_to_be
from mnist_gui.gui.common.fields import guard_from_wheel
from mnist_gui.gui.common.icons import icon
from mnist_gui.gui.common.qt import (
    Announcer,
    BoundedScrollArea,
    column,
    named,
    paint_once_settled,
    row,
    widget_with,
    without_key,
)
from mnist_gui.words.language import listed

_NARROW = 820
_ICON_SIDE = 22
_ROUND_WORDS = 20


class Room(Enum):
    """What one can do in the window; the value is the name of its icon."""

    LEARN = "learn"
    DRAW = "draw"
    TRAIN = "train"
    INSIDE = "inside"
    TEST = "test"
    RUNS = "runs"


class Page(Enum):
    """The pages in their order, each with the room that it is in."""

    START = (0, Room.LEARN)
    GLOSSARY = (1, Room.LEARN)
    EXPLANATION = (2, Room.DRAW)
    PICTURE = (3, Room.DRAW)
    MY_DIGITS = (4, Room.DRAW)
    NEIGHBOURS = (5, Room.DRAW)
    SMALLEST_CHANGE = (6, Room.DRAW)
    CURVES = (7, Room.TRAIN)
    HEALTH = (8, Room.TRAIN)
    ONE_STEP = (9, Room.TRAIN)
    RATE_TEST = (10, Room.TRAIN)
    DUEL = (11, Room.TRAIN)
    ARCHITECTURE = (12, Room.INSIDE)
    WEIGHTS = (13, Room.INSIDE)
    ACTIVATIONS = (14, Room.INSIDE)
    SURGERY = (15, Room.INSIDE)
    TIME_MACHINE = (16, Room.INSIDE)
    RESULTS = (17, Room.TEST)
    IMAGES = (18, Room.TEST)
    MAP = (19, Room.TEST)
    CALIBRATION = (20, Room.TEST)
    ROBUSTNESS = (21, Room.TEST)
    RUNS = (22, Room.RUNS)

    def __init__(self, number: int, room: Room) -> None:
        """`number` is the page's place in the stack."""
        self.number, self.room = number, room


class Rail(QWidget):
    """A column of buttons, one for each room; narrow, it shows the icons only."""

    def __init__(self, rooms: list[QAction]) -> None:
        super().__init__()
        is_to_be(self, QAccessible.Role.ToolBar)
        named(self, "rail", self.tr("Rooms"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons = [self._button(action) for action in rooms]
        column(*self.buttons, 0, parent=self, spacing=2, margins=(4, 8, 4, 8))
        # Its buttons are no narrower than their words.
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def button(self, room: Room) -> QToolButton:
        """Return the button of a room."""
        return self.buttons[[*Room].index(room)]

    def show_words(self, *, words: bool) -> None:
        """Show the rooms' names beneath their icons, or the icons alone."""
        style = Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        # With its words, a button needs that height.
        height = _ICON_SIDE + self.fontMetrics().height() + _ROUND_WORDS
        words = words and len(self.buttons) * height <= self.height()
        for button in self.buttons:
            button.setToolButtonStyle(style if words else Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.ensurePolished()
        widest = max(button.sizeHint().width() for button in self.buttons)
        for button in self.buttons:
            button.setMinimumSize(QSize(max(widest, 64) if words else 36, 36))

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(autoRaise=True, focusPolicy=Qt.FocusPolicy.StrongFocus)
        is_to_be(button, QAccessible.Role.RadioButton)
        button.setDefaultAction(action)
        button.setIconSize(QSize(_ICON_SIDE, _ICON_SIDE))
        return named(button, f"room_{action.data().value}", without_key(action.text()))


class PageArea(BoundedScrollArea):
    """Scrolls a page that has less room than it needs; the bar's room is always left free.

    A page whose height depends on its width may need the bar only while it is there.
    """

    def __init__(self) -> None:
        super().__init__(widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.verticalScrollBar().setEnabled(False)
        self.verticalScrollBar().rangeChanged.connect(self._offer_bar)

    @Slot(int, int)
    def _offer_bar(self, low: int, high: int) -> None:
        # Disabled, it is not seen.
        self.verticalScrollBar().setEnabled(high > low)


class Pages(QWidget):
    """The rail of rooms, and for each page a place, which gets its content later.

    So the window can be seen, with all that it offers, before all of its pages are built. A page
    that has less room than it needs scrolls. `page_changed` brings the page that has come to the
    front, `entered` that of a room that was not chosen in the rail, `term_requested` the key of a
    term that the glossary is to explain. `actions_offered` bring up the rooms by keys, `parts` the
    pages of the room in front.
    """

    page_changed = Signal(Page)
    entered = Signal(Page)
    term_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        named(self, "pages", self.tr("Pages"))
        self._group = QActionGroup(self)
        self._actions = {room: self._room_action(room, key) for key, room in enumerate(Room, 1)}
        self.actions_offered = list(self._actions.values())
        self.parts = [self._part_action(number) for number in range(5)]
        self.addActions(self.parts)
        self.rail = Rail(self.actions_offered)
        self.segments = named(QTabBar(), "segments", self.tr("Parts of this room"))
        self.segments.setDrawBase(False)
        self.segments.setExpanding(False)
        self.stack = QStackedWidget()
        self._places = {page: self._add_place() for page in Page}
        self._last: dict[Room, Page] = {}
        self._in_front = Page.CURVES
        self._spares_words = False
        self._announcer = Announcer(self)
        tip = self.tr("The pages of this room")
        self.part_box = named(QComboBox(), "part_box", self.tr("Parts of this room"), tip)
        self.part_box.hide()
        guard_from_wheel(self.part_box)
        self.part_box.activated.connect(self._turn_to)
        view = widget_with(column(self.segments, self.part_box, (self.stack, 1), spacing=0))
        row(self.rail, (view, 1), parent=self, spacing=0)
        self.segments.currentChanged.connect(self._follow_segment)
        self._show(self._in_front)

    @property
    def in_front(self) -> Page:
        """The page that can be seen."""
        return self._in_front

    def bring_to_front(self, page: Page) -> None:
        """Show this page and its room."""
        if page is not self._in_front:
            paint_once_settled(self)
            self._show(page)
            self._announcer.say(self._spoken(page))
            self.page_changed.emit(page)

    def take_over(self, before: "Pages") -> None:
        """Have the same page in front as other pages have, and in each room."""
        self._last.update(before._last)
        self.bring_to_front(before.in_front)

    def enter(self, room: Room) -> None:
        """Show the page of this room that was seen last, at first its first one."""
        first = next(page for page in Page if page.room is room)
        is_chosen_in_rail = self.window().focusWidget() is self.rail.button(room)
        self.bring_to_front(self._last.get(room, first))
        if not is_chosen_in_rail:
            self.entered.emit(self._in_front)

    @Slot(str)
    def open_term(self, key: str) -> None:
        """Show what the glossary says of a term, named by its key."""
        self.bring_to_front(Page.GLOSSARY)
        self.term_requested.emit(key)

    def place(self, page: Page) -> QWidget:
        """Return the widget that a page's content is in, or will be."""
        return self._places[page].parentWidget()

    def fill(self, page: Page, content: QWidget) -> None:
        """Put its content into a page's place, which is empty until then."""
        self._places[page].addWidget(content)

    def title(self, page: Page) -> str:
        """Return what a page is called: by its room, where it is the only one there."""
        is_alone = [each.room for each in Page].count(page.room) == 1
        return without_key(self._room_text(page.room)[0]) if is_alone else self._text(page)[0]

    def set_rail_narrow(self, *, narrow: bool) -> None:
        """Show the rail's icons alone, or its words where there is room for them."""
        self._spares_words = narrow
        self._fit_rail()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spare the rail's words where there is little room."""
        super().resizeEvent(event)
        self._fit_rail()

    def changeEvent(self, event: QEvent) -> None:
        """Give the rail's words another width for a type of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_rail()

    def _fit_rail(self) -> None:
        self.rail.show_words(words=self.width() >= _NARROW and not self._spares_words)
        self._fit_segments()

    def _fit_segments(self) -> None:
        """Offer the room's parts side by side, or in a box where they are too wide for that."""
        room = self.width() - self.rail.sizeHint().width()
        fits = self.segments.sizeHint().width() <= room
        offered, other = (self.segments, self.part_box)[:: 1 if fits else -1]
        has_focus = other.hasFocus()
        offered.setVisible(self.segments.count() > 1)
        other.hide()
        if has_focus:
            offered.setFocus()

    def _show(self, page: Page) -> None:
        pages = [each for each in Page if each.room is page.room]
        self._keep_focus(page)
        if page.room is not self._in_front.room or not self.segments.count():
            self._show_segments(pages)
        self._in_front = self._last[page.room] = page
        self.segments.setCurrentIndex(pages.index(page))
        self.part_box.setCurrentIndex(pages.index(page))
        self.stack.setCurrentIndex(page.number)
        self._actions[page.room].setChecked(True)

    def _keep_focus(self, page: Page) -> None:
        """Take the focus out of what goes, to that which has brought this page."""
        # By itself it would wander to whatever comes next.
        focused = self.window().focusWidget()
        stays = page.room is self._in_front.room
        goes = focused is not None and self.stack.isAncestorOf(focused)
        offered = self.part_box if self.segments.isHidden() else self.segments
        if stays and goes:
            offered.setFocus()
        elif goes or (focused is offered and not stays):
            self.rail.button(page.room).setFocus()

    def _show_segments(self, pages: list[Page]) -> None:
        self.segments.blockSignals(True)
        while self.segments.count():
            self.segments.removeTab(0)
        for number, page in enumerate(pages):
            title, tip = self._text(page)
            self.segments.addTab(title)
            self.segments.setTabToolTip(number, f"{tip} (Alt+{number + 1})")
            self.segments.setTabData(number, page)
        self.segments.blockSignals(False)
        self.part_box.clear()
        self.part_box.addItems([self._text(page)[0] for page in pages])
        self._fit_segments()

    @Slot(int)
    def _follow_segment(self, number: int) -> None:
        if number >= 0:
            self.bring_to_front(self.segments.tabData(number))

    def _spoken(self, page: Page) -> str:
        """Return the page's room and its title, for who does not see it come."""
        room = without_key(self._room_text(page.room)[0])
        return listed(dict.fromkeys((room, self.title(page))))

    def _add_place(self) -> QVBoxLayout:
        place = column()
        area = PageArea()
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(widget_with(place))
        self.stack.addWidget(area)
        return place

    def _room_action(self, room: Room, number: int) -> QAction:
        title, tip = self._room_text(room)
        action = QAction(title, self._group, checkable=True, icon=icon(room.value))
        action.setIconText(without_key(title))
        action.setIconVisibleInMenu(False)
        action.setShortcut(QKeySequence(f"Ctrl+{number}"))
        action.setToolTip(f"{tip} (Ctrl+{number})")
        action.setStatusTip(tip)
        action.setData(room)
        action.triggered.connect(partial(self.enter, room))
        return action

    def _part_action(self, number: int) -> QAction:
        text = self.tr("Part {number} of the room").format(number=number + 1)
        action = QAction(text, self, shortcut=QKeySequence(f"Alt+{number + 1}"))
        action.triggered.connect(partial(self._turn_to, number))
        return action

    def _turn_to(self, number: int) -> None:
        if number < self.segments.count():
            self.segments.setCurrentIndex(number)

    def _room_text(self, room: Room) -> tuple[str, str]:
        """Return a room's title, with the key for the menu marked, and what it is for."""
        draw = self.tr("Draw digits, see how they are read and why")
        texts = {
            Room.LEARN: (self.tr("&Learn"), self.tr("First steps, a lesson and a glossary")),
            Room.DRAW: (self.tr("&Draw"), draw),
            Room.TRAIN: (self.tr("&Train"), self.tr("Train a network and watch it learn")),
            Room.INSIDE: (self.tr("&Inside"), self.tr("Look into the network")),
            Room.TEST: (self.tr("T&est"), self.tr("See what the network gets wrong")),
            Room.RUNS: (self.tr("&Runs"), self.tr("Compare runs or continue one")),
        }
        return texts[room]

    def _text(self, page: Page) -> tuple[str, str]:
        """Return a page's title and what it shows."""
        why = self.tr("How the drawing becomes an image, and which ink decides what is read")
        digits = self.tr("The digits you have saved, and how they are read")
        curves = self.tr("How accuracy and loss change with training")
        alike = self.tr("The training images that are most like this digit")
        change = self.tr("The smallest change that makes the network read another digit")
        step = self.tr("What one step of training changes, on a copy of the network")
        activations = self.tr("What each layer makes of the digit, with all the arithmetic")
        surgery = self.tr("Switch parts of the network off and see what it still reads")
        time = self.tr("How the network came to read as it does, step by step")
        images = self.tr("Test and training images: the hardest, wrong labels, disagreements")
        texts = {
            Page.START: (self.tr("Start here"), self.tr("Three ways to begin, and a lesson")),
            Page.GLOSSARY: (self.tr("Glossary"), self.tr("What the words mean")),
            Page.EXPLANATION: (self.tr("Why"), why),
            Page.PICTURE: (self.tr("Picture"), self.tr("Read the digits in a photo or scan")),
            Page.MY_DIGITS: (self.tr("My digits"), digits),
            Page.NEIGHBOURS: (self.tr("Alike"), alike),
            Page.SMALLEST_CHANGE: (self.tr("Change"), change),
            Page.CURVES: (self.tr("Curves"), curves),
            Page.HEALTH: (self.tr("Health"), self.tr("Whether a run learns as it should")),
            Page.ONE_STEP: (self.tr("One step"), step),
            Page.RATE_TEST: (self.tr("Rate"), self.tr("Find a good learning rate")),
            Page.DUEL: (self.tr("Duel"), self.tr("Train two recipes side by side")),
            Page.ARCHITECTURE: (self.tr("Architecture"), self.tr("The network's layers")),
            Page.WEIGHTS: (self.tr("Weights"), self.tr("What each layer looks for")),
            Page.ACTIVATIONS: (self.tr("Activations"), activations),
            Page.SURGERY: (self.tr("Surgery"), surgery),
            Page.TIME_MACHINE: (self.tr("Time machine"), time),
            Page.RESULTS: (self.tr("Confusion"), self.tr("How the test images were read")),
            Page.IMAGES: (self.tr("Images"), images),
            Page.MAP: (self.tr("Map"), self.tr("Test images, put where the network sees them")),
            Page.CALIBRATION: (self.tr("Calibration"), self.tr("Whether percentages are honest")),
            Page.ROBUSTNESS: (self.tr("Robustness"), self.tr("What spoils the reading")),
            Page.RUNS: (self.tr("All runs"), self.tr("Compare runs or continue one")),
        }
        return texts[page]
