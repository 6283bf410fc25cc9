"""Files of drawings of other programs, whatever they are called: what is read of them."""

import json
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from mnist_gui.engine.digits.files import open_drawings, read_drawings, read_drawings_leniently
from mnist_gui.engine.drawing import LabelledDrawing
from mnist_gui.engine.errors import DrawingError
from mnist_gui.words.errors import sentence
from tests.refusals import refused

LINE = '{"strokes": [[[0.1, 0.2], [0.3, 0.4]]], "label": 7}'


def read(tmp_path: Path, content: str | bytes, name: str = "drawing") -> list[LabelledDrawing]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_drawings(path)


def points(labelled: LabelledDrawing) -> list[list[list[float]]]:
    """Return the points of each stroke, in tenths of the canvas from its corner at 0.1."""
    return [
        np.round((s.points.astype(np.float64) - 0.1) * 12.5, 3).tolist()
        for s in labelled.drawing.strokes
    ]


# --- Quick, Draw! ---------------------------------------------------------------------------------


RAW = {"word": "7", "countrycode": "DE", "recognized": True,
       "drawing": [[[100, 200.5, 200.5], [50, 50, 150.5], [0, 40, 90]],
                   [[120, 180], [100, 100], [300, 350]]]}  # fmt: skip
SIMPLE = {"word": "cat", "drawing": [[[0, 255], [0, 0]], [[255, 100], [0, 255]]]}


def test_quick_draw_is_read_raw_with_times_and_simplified(tmp_path: Path) -> None:
    lines = f"{json.dumps(RAW)}\n{json.dumps(SIMPLE)}\n"
    raw, simple = read(tmp_path, lines, "digits.ndjson")
    assert (raw.label, simple.label) == (7, None)
    assert [len(each.drawing.strokes) for each in (raw, simple)] == [2, 2]
    assert [s.times.tolist() for s in raw.drawing.strokes if s.times is not None] == [
        [0, 0.04, 0.09],
        [0.3, 0.35],
    ]
    assert points(simple)[1] == [[10, 0], [3.922, 10]]


@pytest.mark.parametrize(
    "drawing", [[[1, 2, 3]], [[[1, 2], [1]]], [[["a"], ["b"]]], [[[1]]], [[[[1]], [[2]]]], [3]]
)
def test_a_broken_quick_draw_line_is_named(tmp_path: Path, drawing: object) -> None:
    lines = f"{json.dumps(RAW)}\n{json.dumps({'word': '3', 'drawing': drawing})}"
    with refused(DrawingError, match=r"a\.ndjson, line 2: A stroke of Quick, Draw! must be"):
        read(tmp_path, lines, "a.ndjson")


# --- signature pads -------------------------------------------------------------------------------

PLACES = [[(0, 0), (10, 0)], [(10, 0), (4, 10)]]
STROKES = [[[0, 0], [10, 0]], [[10, 0], [4, 10]]]


def data(**more: float) -> list[list[dict[str, float]]]:
    return [[{"x": x, "y": y, **more} for x, y in stroke] for stroke in PLACES]


PADS: dict[str, list[object]] = {
    "toData": [{"penColor": "red", "points": each} for each in data(time=1.7e12, pressure=0.25)],
    "before version 4": [*data(time=1.7e12)],
    "only places": [*data()],
    "an empty stroke": [[], *data()],
    "pairs": [*STROKES],
    "pairs with times": [{"points": [[*point, 5] for point in stroke]} for stroke in STROKES],
    "jSignature": [{"x": [0, 10], "y": [0, 0]}, {"x": [10, 4], "y": [0, 10]}],
}


@pytest.mark.parametrize("pad", PADS)
@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["pad.json", "pad.txt"])
def test_the_points_of_a_signature_pad_are_one_drawing(
    tmp_path: Path, pad: str, indent: int | None, name: str
) -> None:
    (labelled,) = read(tmp_path, json.dumps(PADS[pad], indent=indent), name)
    assert points(labelled) == STROKES
    assert labelled.label is None


def test_times_and_pressures_of_a_signature_pad_are_kept(tmp_path: Path) -> None:
    (labelled,) = read(tmp_path, json.dumps(PADS["toData"]))
    for stroke in labelled.drawing.strokes:
        assert stroke.times is not None
        assert stroke.times.tolist() == [0, 0]
        assert stroke.pressures is not None
        assert stroke.pressures.tolist() == [0.25, 0.25]


def test_several_pads_are_a_drawing_each_and_points_alone_are_one_stroke(tmp_path: Path) -> None:
    assert len(read(tmp_path, json.dumps([PADS["toData"]] * 3), "several.json")) == 3
    assert len(read(tmp_path, "\n".join([json.dumps(PADS["only places"])] * 3))) == 3
    (labelled,) = read(tmp_path, json.dumps(data()[0] + data()[1]))
    assert [len(stroke.points) for stroke in labelled.drawing.strokes] == [4]


@pytest.mark.parametrize(
    "broken", [[{"points": [3]}], [{"points": [[1]]}], [{"points": [{"x": [1], "y": [2]}]}],
               [{"points": [{"x": 1}]}], [[{"x": 1, "y": "2"}]],
               [[{"x": 1, "y": 2}], 7], [[{"x": None, "y": 2}]]],
)  # fmt: skip
def test_broken_points_of_a_signature_pad_are_named(tmp_path: Path, broken: object) -> None:
    with refused(DrawingError, match=r"pad\.json, drawing 1: The points of a signature pad must"):
        read(tmp_path, json.dumps(broken), "pad.json")


# --- InkML ----------------------------------------------------------------------------------------

INK = '<?xml version="1.0"?>\n<ink xmlns="http://www.w3.org/2003/InkML">{}</ink>'
TRACES = "<trace>0 0, 10 0</trace><trace>10 0, 4 10</trace>"


def test_traces_are_a_drawing_with_the_label_of_the_file(tmp_path: Path) -> None:
    (labelled,) = read(tmp_path, INK.format(f'<annotation type="truth">7</annotation>{TRACES}'))
    assert points(labelled) == STROKES
    assert labelled.label == 7


def test_each_group_of_traces_is_a_drawing_with_its_own_label(tmp_path: Path) -> None:
    group = '<traceGroup xml:id="g"><annotation type="truth">{}</annotation>{}</traceGroup>'
    views = '<traceView traceDataRef="#a"/><traceView traceDataRef="b"/>'
    loose = '<trace xml:id="a">0 0, 10 0</trace><trace id="b">10 0, 4 10</trace>'
    content = INK.format(
        f"{loose}<traceGroup>{group.format('3', TRACES)}{group.format('x', TRACES)}</traceGroup>"
        f"{group.format(5, views)}"
    )
    found = read(tmp_path, content)
    assert [each.label for each in found] == [3, None, 5]
    assert [points(each) for each in found] == [STROKES] * 3


def test_values_may_be_told_by_differences(tmp_path: Path) -> None:
    # As the example of the recommendation, section 3.3.1; a way of telling holds until the next.
    content = """<trace>1125 18432,'23'43,"7"-8,3-5,7 -3, ! 1258 !18570</trace>"""
    (labelled,) = read(tmp_path, INK.format(content))
    expected = np.cumsum([[0, 0], [23, 43], [30, 35], [33, 30], [40, 27], [7, 3]], axis=0)
    np.testing.assert_allclose(points(labelled)[0], np.add(expected, [2.5, 0]) / 13.8, atol=1e-3)


def test_channels_are_known_by_their_names_and_units(tmp_path: Path) -> None:
    form = (
        '<definitions><context xml:id="c"><inkSource><traceFormat>'
        '<channel name="T" units="s"/><channel name="Y" orientation="-ve"/>'
        '<channel name="X"/><channel name="F" min="10" max="30"/>'
        '<intermittentChannels><channel name="OTx"/></intermittentChannels>'
        "</traceFormat></inkSource></context></definitions>"
    )
    (labelled,) = read(
        tmp_path,
        INK.format(
            f'{form}<trace contextRef="#c">5 0 0 10, 5.5 0 10 20 99</trace>'
            '<trace contextRef="#c">7 0 10 30, 8 -10 4 *</trace><trace type="penUp">1</trace>'
        ),
    )
    assert points(labelled) == STROKES
    first, second = labelled.drawing.strokes
    assert first.times is not None
    assert second.times is not None
    assert [*first.times, *second.times] == [0, 0.5, 2, 3]
    assert first.pressures is not None
    assert second.pressures is not None
    assert [*first.pressures, *second.pressures] == [0, 0.5, 1, 1]


def test_traces_have_the_context_of_their_group(tmp_path: Path) -> None:
    contexts = "".join(
        f'<context xml:id="{names}"><traceFormat>'
        + "".join(f'<channel name="{name}"/>' for name in names)
        + "</traceFormat></context>"
        for names in ("XY", "TYX")
    )
    group = '<traceGroup contextRef="#TYX"><trace>0 0 0, 9 0 10</trace>{}</traceGroup>'
    own = '<trace contextRef="#XY">10 0, 4 10</trace>'
    (labelled,) = read(tmp_path, INK.format(contexts + group.format(own)))
    assert points(labelled) == STROKES


@pytest.mark.parametrize("channel", ['T" units="s', 'F" max="1e-320', 'F" min="-1e308" max="1e308'])
def test_times_and_forces_that_no_pen_has_are_left_out(tmp_path: Path, channel: str) -> None:
    form = f'<channel name="X"/><channel name="Y"/><channel name="{channel}"/>'
    traces = "<trace>0 0 -1e308, 10 0 1e308</trace><trace>10 0 1e308, 4 10 -1e308</trace>"
    (labelled,) = read(tmp_path, INK.format(f"<traceFormat>{form}</traceFormat>{traces}"))
    assert points(labelled) == STROKES
    assert all(stroke.times is None for stroke in labelled.drawing.strokes)


def test_a_broken_trace_is_named_and_the_other_drawings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.inkml"
    group = "<traceGroup>{}</traceGroup>"
    bad = group.format("<trace>1 2, 3 ?</trace>")
    path.write_text(INK.format(group.format(TRACES) + bad + group.format("<trace>1 2, x</trace>")))
    found = read_drawings_leniently(path)
    assert len(found.drawings) == 1
    assert [fault.line for fault in found.faults] == [2, 3]
    with refused(DrawingError, match=r'a\.inkml, drawing 2: A trace cannot be read at "3 \?"'):
        read_drawings(path)


# --- SVG ------------------------------------------------------------------------------------------

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10">{}</svg>'
SHAPES = {
    "polylines": '<polyline points="0,0 10,0"/><g><polyline points="10 0.0 4 10"/></g>',
    "lines": '<line x1="0" x2="10px"/><line x1="10" y1="0" x2="4" y2="10" stroke="red"/>',
    "paths": '<path d="M0 0L10,0"/><path d="m10 0l-6 10"/>',
    "one path": '<path d="M 0 0 H 10 M 1e1 -0 4 10"/>',
    "moved": '<g transform="translate(5 5) scale(2)"><polyline points="0,0 5,0"/>'
    '<path transform="matrix(1 0 0 1 5 0)" d="M0 0-3 5"/></g>',
    "turned": '<g transform="rotate(90, 3 4)"><path d="M0 0 0-10M0-10 10-4"/></g>',
    "not to be seen": '<g visibility="hidden"><path d="M-99 0h500"/></g>'
    '<g fill="none" stroke="none"><path fill="red" fill-opacity="0.0" d="M-9 0h50"/>'
    '<path d="M-9 0h50"/>'
    '<path stroke="red" d="M0 0h10"/><path opacity="0" stroke="red" d="M-9 0h50"/></g>'
    '<path style="opacity: 1; stroke: none; fill: blue" d="M10 0 4 10"/>',
    "on white paper": '<path fill="white" d="M-9-9h99v99z"/><path style="fill: rgb(255, 255, 255)" '
    'd="M-9-9h99v99z"/><g fill="#fff"><path stroke="red" d="M0 0h10L4 10"/></g>',
    "white": '<path fill="white" d="M0 0h10L4 10"/>',
    "moved by a style": '<g style="transform: translate(1px, 2px)"><path d="M-1-2h10"/></g>'
    '<g transform="none"><path d="M10 0 4 10"/></g>',
    "hidden": '<defs><path d="M-99 0h500"/></defs><path style="display: none" d="M-99 0h500"/>'
    '<path d="M0 0h10"/><path d="M10 0 4 10"/><rect width="99" height="99"/>',
}


@pytest.mark.parametrize("shape", SHAPES)
def test_lines_of_an_svg_are_the_strokes_of_a_drawing(tmp_path: Path, shape: str) -> None:
    (labelled,) = read(tmp_path, SVG.format(SHAPES[shape]), "seven.svg")
    assert [len(stroke) for stroke in points(labelled)] in ([2, 2], [3])
    corners = np.array([each for stroke in points(labelled) for each in stroke])
    unique = list(dict.fromkeys(map(tuple, corners.tolist())))
    assert unique == [(0, 0), (10, 0), (4, 10)]


def test_a_polygon_and_a_closed_path_come_back_to_their_beginning(tmp_path: Path) -> None:
    for shape in ('<polygon points="0 0 10 0 10 10"/>', '<path d="M0 0h10v10z"/>'):
        (labelled,) = read(tmp_path, SVG.format(shape))
        assert points(labelled) == [[[0, 0], [10, 0], [10, 10], [0, 0]]]


# A circle of four cubic curves, with handles that are told or mirrored, and an S of parabolas.
ROUND = "M10 5C10 7.7614 7.7614 10 5 10S0 7.7614 0 5c0-2.7614 2.2386-5 5-5s5 2.2386 5 5"
WAVES = "M0 5Q2.5 0 5 5T10 5"


def test_curves_are_as_round_as_they_were(tmp_path: Path) -> None:
    (labelled,) = read(tmp_path, SVG.format(f'<path d="{ROUND}"/>'))
    (ring,) = points(labelled)
    assert len(ring) > 40
    np.testing.assert_allclose(np.hypot(*(np.array(ring) - 5).T), 5, atol=0.01)
    (labelled,) = read(tmp_path, SVG.format(f'<path d="{WAVES}"/>'))
    (wave,) = (np.array(stroke) for stroke in points(labelled))
    # A parabola's top lies halfway between its chord and its handle.
    assert np.ptp(wave[:, 1]) == pytest.approx(5, abs=0.02)
    assert wave[len(wave) // 2] == pytest.approx([5, 5], abs=0.01)


def test_arcs_are_parts_of_ellipses(tmp_path: Path) -> None:
    # Three quarters of a circle, long way and short way; flags need nothing after them.
    for arc in ("M10 5A5 5 0 1 1 5 0", "M5 0a5 5 0 10 5 5", "M5 0a5-5 0 0 0 0 10a5 5 0 005-5"):
        (labelled,) = read(tmp_path, SVG.format(f'<path d="{arc}"/>'))
        (ring,) = (np.array(stroke) for stroke in points(labelled))
        np.testing.assert_allclose(np.hypot(*(ring - 5).T), 5, atol=0.01)
        assert np.ptp(ring, axis=0) == pytest.approx([10, 10], abs=0.01)
    # Turned by a right angle, and so small that it is enlarged until it reaches its end.
    (labelled,) = read(tmp_path, SVG.format('<path d="M5 0A1 .5 90 0 1 5 10"/>'))
    (bow,) = (np.array(stroke) for stroke in points(labelled))
    assert np.ptp(bow, axis=0) == pytest.approx([2.5, 10], abs=0.01)
    # Without a radius it is straight.
    (labelled,) = read(tmp_path, SVG.format('<path d="M0 0A0 5 0 0 1 10 0L4 10"/>'))
    assert points(labelled) == [[[0, 0], [10, 0], [4, 10]]]


def test_the_pieces_that_a_signature_pad_writes_are_one_stroke(tmp_path: Path) -> None:
    pieces = "".join(
        f'<path d="M {x},{x} C {x},{x + 1} {x + 1},{x} {x + 1},{x + 1}" stroke-width="2.5"/>'
        for x in range(9)
    )
    (labelled,) = read(tmp_path, SVG.format(pieces))
    assert len(labelled.drawing.strokes) == 1


REFUSED = {
    "an arc's flag": ('<path d="M0 0 A5 5 0 2 1 10 10"/>', r'at "2 1 10 10"; save it as plain'),
    "a huge arc": ('<path d="M0 0A1e300 5 0 1 1 10 10"/>', "not finite or far off"),
    "numbers too few": ('<path d="M0 0 L5"/>', r'at "M0 0 L5"'),
    "numbers alone": ('<path d="1 2 3"/>', "a path cannot be read"),
    "words for points": ('<polyline points="0,0 a,b"/>', 'its points "0,0 a,b" cannot be read'),
    "a transform": ('<g transform="spin(3)"/>', r'its transform "spin\(3\)" cannot be read'),
    "no lines": ('<text>7</text><circle r="3"/>', "it has no lines"),
    "too far": ('<polyline points="0,0 1e300,0"/>', "not finite or far off"),
    "a far curve": ('<path d="M1e308 0L-1e308 0C1 1 2 2 3 3"/>', "not finite or far off"),
    "an endless turn": ('<path transform="rotate(1e999)" d="M0 0h9"/>', "not finite or far off"),
    "an endless lean": ('<path transform="skewX(1e999)" d="M0 0h9v9"/>', "not finite or far off"),
    "endless": ('<polyline points="0,0 1e999,0"/>', "not finite or far off"),
    "too many": ('<polyline points="' + "1 2 " * 100_001 + '"/>', "more than 100,000 points"),
    "a long path": ('<path d="M0 0' + "h1" * 100_001 + '"/>', "more than 100,000 points"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_of_an_svg_is_named(tmp_path: Path, case: str) -> None:
    content, problem = REFUSED[case]
    with refused(DrawingError, match=problem) as caught:
        read(tmp_path, SVG.format(content), "a.svg")
    assert "a.svg" in sentence(caught.value)
    assert len(sentence(caught.value)) < 200 + len(str(tmp_path))


# --- XML that does harm ---------------------------------------------------------------------------

BOMB = (
    '<!DOCTYPE svg [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{"&a;" * 10}">' for n in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
NAMED = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'


@pytest.mark.parametrize("doctype", [BOMB, OUTSIDE])
def test_xml_with_entities_of_its_own_is_refused(tmp_path: Path, doctype: str) -> None:
    with refused(DrawingError, match=r"a\.svg cannot be read: its XML declares entities"):
        read(tmp_path, doctype + SVG.format("<text>&x;</text>" + SHAPES["lines"]), "a.svg")


def test_the_line_that_names_a_dtd_is_not_followed(tmp_path: Path) -> None:
    (labelled,) = read(tmp_path, NAMED + SVG.format("&unknown;" + SHAPES["lines"]))
    assert len(labelled.drawing.strokes) == 1


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (SVG.format("<g>\n"), r"its XML is broken at line 2 \(mismatched tag\); save it anew"),
        (SVG.format("<g>" * 200 + "</g>" * 200), "nested more than 100 deep"),
        (SVG.format("<g/>" * 250_001), "more than 250,000 elements"),
        (SVG.format("<g>" + "=" * 1_000_001 + "</g>"), "more than 1,000,000 elements or attr"),
        ('<?xml version="1.0" encoding="no"?>' + SVG, "an encoding that is not known here"),
    ],
)
def test_broken_and_huge_xml_gets_a_sentence(tmp_path: Path, content: str, problem: str) -> None:
    with refused(DrawingError, match=problem):
        read(tmp_path, content)


# --- JSON that does harm --------------------------------------------------------------------------

LONG: list[object] = ["7" * 10_000, *[1] * 999]
PAIRS: list[object] = [[value, 1] for value in LONG]
BOMBS: dict[str, object] = {
    "drawing": {"strokes": [PAIRS]},
    "times": {"strokes": [[[0.5, 0.5]] * 1_000], "times": [LONG]},
    "Quick, Draw!": {"drawing": [[LONG, [1] * 1_000]]},
    "pad": [{"points": PAIRS}],
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_long_text_among_numbers_takes_no_memory(tmp_path: Path, bomb: str) -> None:
    (tmp_path / "bomb.jsonl").write_text(json.dumps(BOMBS[bomb]))
    tracemalloc.start()
    with refused(DrawingError, match=r"bomb\.jsonl"):
        read_drawings(tmp_path / "bomb.jsonl")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 2_000_000


@pytest.mark.parametrize(
    ("name", "problem"),
    [("a.json", "more than 2,000,000 lists"), ("a.txt", "more than 250,000 lines")],
)
def test_more_lists_than_memory_has_room_for_are_refused(
    tmp_path: Path, name: str, problem: str
) -> None:
    content = "[" + "[],\n" * 2_000_000 + "[]]"
    tracemalloc.start()
    with refused(DrawingError, match=problem):
        read(tmp_path, content, name)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 10 * len(content)


# --- text in other encodings, files under other names ---------------------------------------------

CONTENTS = {
    "lines": f"{LINE}\n\n{LINE}\n",
    "JSON": f"[{LINE},\n{LINE}]",
    "InkML": INK.format(f"<traceGroup>{TRACES}</traceGroup>{TRACES}"),
}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("kind", CONTENTS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.txt"])
def test_text_is_read_in_any_unicode_encoding_under_any_name(
    tmp_path: Path, kind: str, encoding: str, name: str
) -> None:
    expected = read(tmp_path, CONTENTS[kind])
    assert len(expected) == 2
    assert read(tmp_path, CONTENTS[kind].encode(encoding), name) == expected


def test_empty_lines_before_xml_are_passed_over(tmp_path: Path) -> None:
    assert len(read(tmp_path, f"\n \n{INK.format(TRACES)}")) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "windows-1252", "gb2312", "GBK"])
def test_xml_may_name_its_encoding(tmp_path: Path, encoding: str) -> None:
    title = "\u6570" if encoding.lower().startswith("gb") else "\u00fc"
    content = f'<?xml version="1.0" encoding="{encoding}"?>' + SVG.format(
        f"<title>{title}</title>{SHAPES['lines']}"
    )
    assert len(read(tmp_path, content.encode(encoding))) == 1


@pytest.mark.parametrize("encoding", ["utf-7", "rot13", "hz", "cp037", "os", "../x"])
def test_an_encoding_that_hides_xml_is_not_even_looked_up(tmp_path: Path, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>' + SVG.format(SHAPES["lines"])
    with refused(DrawingError, match="an encoding that is not known here"):
        read(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [b"hello\nworld", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", b"\0\0\0\1abc", b"1,2\n3,4",
     b"<!DOCTYPE html><html><p>7</html>", b"<note><to/></note>", b"\xff\xfe\x00"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.svg"])
def test_what_is_no_file_of_drawings_is_told_so(tmp_path: Path, content: bytes, name: str) -> None:
    with refused(DrawingError, match=r"^.*a\.\w+ is not a file of drawings; choose JSON Lines"):
        read(tmp_path, content, name)


def test_a_file_that_is_opened_lies_within_the_canvas(tmp_path: Path) -> None:
    path = tmp_path / "pixels.jsonl"
    path.write_text('{"strokes": [[[10, 20], [300, 20]], [[300, 20], [90, 310]]], "label": 7}')
    (opened,) = open_drawings(path).drawings
    assert opened.label == 7
    assert all(((s.points >= 0) & (s.points <= 1)).all() for s in opened.drawing.strokes)
    # As it is where no canvas shows it.
    assert read_drawings(path)[0].drawing.strokes[0].points.tolist() == [[10, 20], [300, 20]]
