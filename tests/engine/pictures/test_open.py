import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.pictures.decoding import open_picture
from mnist_gui.engine.pictures.find import find_digits
from mnist_gui.engine.pictures.open import LONGEST_SIDE, decode_picture, is_picture
from mnist_gui.words.errors import sentence
from tests.engine.conftest import peak_megabytes
from tests.engine.pictures.scenes import encoded, page, shapes
from tests.refusals import refused


def read(content: bytes) -> list[str]:
    return shapes(find_digits(decode_picture(content, "page")))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_every_format_is_read(kind: str, mode: str) -> None:
    assert read(encoded(page(["701"]).convert(mode), kind)) == ["701"]


@pytest.mark.parametrize("mode", ["1", "P", "LA", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_read(mode: str) -> None:
    image = page(["701"])
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image, np.uint16) * 257)
    else:
        image = image.convert("RGB").convert(mode)
    assert read(encoded(image, "JPEG" if mode == "CMYK" else "PNG")) == ["701"]


def test_black_and_white_grains_in_a_zero_are_no_digit() -> None:
    assert read(encoded(page(["701", "110"]).convert("1"))) == ["701", "110"]


@pytest.mark.parametrize("times", [4, 16])
def test_a_scan_of_10_or_12_bits_in_16_keeps_its_ink(times: int) -> None:
    scan = np.asarray(page(["701"]), np.uint16) * times
    assert read(encoded(Image.fromarray(scan))) == ["701"]


@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 255, 255), (20, 40, 200)])
def test_ink_on_nothing_is_read_whatever_its_colour(ink: tuple[int, int, int]) -> None:
    greys = page(["701"], paper=0, ink=255)
    image = Image.new("RGBA", greys.size, (*ink, 0))
    image.putalpha(greys)
    assert read(encoded(image)) == ["701"]
    assert read(encoded(image, "WEBP", lossless=True)) == ["701"]


def test_a_page_with_a_transparent_margin_is_read() -> None:
    inner = page(["701"]).convert("RGBA")
    image = Image.new("RGBA", (inner.width + 80, inner.height + 80), (0, 0, 0, 0))
    image.paste(inner, (40, 40))
    assert read(encoded(image)) == ["701"]


def test_a_page_that_is_pale_all_over_is_read() -> None:
    image = page(["701"]).convert("RGBA")
    image.putalpha(60)
    assert read(encoded(image)) == ["701"]


def test_a_palette_may_have_a_transparent_colour() -> None:
    image = page(["701"], paper=0, ink=1).point(lambda level: level).convert("P")
    image.putpalette([255, 0, 0, 10, 10, 10])
    assert read(encoded(image, "GIF", transparency=0)) == ["701"]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_first_frame_of_an_animation_is_read(kind: str) -> None:
    first, second = page(["701"]), page(["110"])
    content = encoded(first, kind, save_all=True, append_images=[second], duration=100)
    assert read(content) == ["701"]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int, kind: str) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    upright = page(["7011"])
    image = upright.transpose(turns[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(image, kind, exif=exif)
    picture = decode_picture(content, "photo")
    assert picture.size == upright.size
    assert picture.colours.shape[:2] == upright.size[::-1]
    assert read(content) == ["7011"]


def test_a_large_picture_is_reduced_to_read_and_to_show() -> None:
    image = page(["701"], side=900, gap=200, margin=300)
    picture = decode_picture(encoded(image), "large")
    assert picture.size == image.size
    assert max(picture.greys.shape) <= LONGEST_SIDE
    assert max(picture.colours.shape) <= 1_080
    assert shapes(find_digits(picture)) == ["701"]


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that declares a size and then has nothing."""
    fields = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = b""
    for name, data in ((b"IHDR", fields), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")):
        checksum = struct.pack(">I", zlib.crc32(name + data))
        chunks += struct.pack(">I", len(data)) + name + data + checksum
    return b"\x89PNG\r\n\x1a\n" + chunks


@pytest.mark.parametrize("side", [9_000, 60_000, 2**31 - 1])
def test_a_picture_that_declares_too_many_pixels_is_refused_undecoded(side: int) -> None:
    def refuse() -> None:
        with refused(
            PictureError, match="more than 64,000,000 pixels, .* 65,535 along a side; reduce it"
        ):
            decode_picture(png_header(side, side), "bomb.png")

    assert peak_megabytes(refuse) < 5


def test_a_small_file_of_many_pixels_is_refused() -> None:
    content = encoded(Image.new("1", (9_000, 9_000)), "PNG")
    assert len(content) < 100_000
    with refused(PictureError, match="bomb"):
        decode_picture(content, "bomb.png")


@pytest.mark.parametrize("kind", ["PNG", "BMP", "GIF", "WEBP", "TIFF"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_picture_cut_short_is_named_in_one_sentence(kind: str, share: float) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)
    content = encoded(Image.fromarray(noise), kind)
    with refused(PictureError, match=r"^(The picture )?cut\.png .*\.$"):
        decode_picture(content[: int(share * len(content))], "cut.png")


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate"])
def test_of_a_damaged_tiff_nothing_is_printed(
    compression: str, capfd: pytest.CaptureFixture[str]
) -> None:
    content = bytearray(encoded(page(["701"]), "TIFF", compression=compression))
    content[20:120] = b"\x55" * 100
    with refused(PictureError, match=r"broken\.tif is broken or cut short"):
        decode_picture(bytes(content), "broken.tif")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_ends_too_early_is_read_as_far_as_it_goes(progressive: bool) -> None:
    content = encoded(page(["701", "110"]), "JPEG", progressive=progressive)
    cut = decode_picture(content[: int(0.8 * len(content))], "cut.jpg")
    assert shapes(find_digits(cut))[0] == "701"
    assert "cut.jpg ends too early" in sentence(cut.flaw)
    assert decode_picture(content, "whole.jpg").flaw is None


def test_a_jpeg_of_which_nothing_is_left_is_refused() -> None:
    content = encoded(page(["701"]), "JPEG")
    with refused(PictureError, match=r"head\.jpg is broken or cut short"):
        decode_picture(content[:300], "head.jpg")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello", "is not a picture that can be read"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"%!PS-Adobe-3.0", "choose one of these: PNG, JPEG, BMP, GIF, WEBP, TIFF"),
        (b"%PDF-1.7 and more", "page.png is a PDF document.* save the page as PNG"),
        (b"\0\0\0\x18ftypheic", "page.png is a HEIC or AVIF photo.* save it as JPEG"),
        (b"<?xml version='1.0'?>\n<svg/>", "page.png is an SVG file.* save it as PNG in"),
        (png_header(0, 0), "page.png"),
    ],
)
def test_what_is_no_picture_is_named(content: bytes, words: str) -> None:
    with refused(PictureError, match=words):
        decode_picture(content, "page.png")


def test_other_formats_are_not_opened() -> None:
    # Each decoder is one more way in for a file from a stranger.
    with refused(PictureError, match="not a picture that can be read"):
        decode_picture(encoded(page(["1"]), "PPM"), "page.ppm")


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with refused(PictureError, match=r"missing\.png cannot be read: there is no such file"):
        open_picture(tmp_path / "missing.png")
    with refused(PictureError, match="it is a folder; name a file"):
        open_picture(tmp_path)


def test_larger_files_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(encoded(page(["1"])))
    with refused(PictureError, match="cannot be read: it is larger than"):
        open_picture(path, max_bytes=100)


def test_pictures_are_told_by_their_bytes_or_by_their_names(tmp_path: Path) -> None:
    picture = tmp_path / "scan"
    picture.write_bytes(encoded(page(["1"]), "WEBP"))
    drawings = tmp_path / "drawings.jsonl"
    drawings.write_text("{}")
    broken = tmp_path / "broken.PNG"
    broken.write_bytes(b"")
    assert [is_picture(path) for path in (picture, drawings, broken, tmp_path / "none")] == [
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("size", [(1, 70_000), (70_000, 1)])
def test_a_picture_of_one_endless_line_is_refused_undecoded(size: tuple[int, int]) -> None:
    def refuse() -> None:
        with refused(PictureError, match="65,535 along a side"):
            decode_picture(png_header(*size), "line.png")

    assert peak_megabytes(refuse) < 5
