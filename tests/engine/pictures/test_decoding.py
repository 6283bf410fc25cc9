"""Pictures that take long or much memory to decode: within limits, where it can be ended."""

from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from mnist_gui.engine.errors import PictureError
from mnist_gui.engine.pictures import decoding as decoding_module
from mnist_gui.engine.pictures.decoding import decoding, open_picture
from mnist_gui.engine.pictures.find import find_digits
from mnist_gui.engine.pictures.open import decode_picture, is_small
from tests.engine.pictures.scenes import encoded, in_scans, page, shapes
from tests.refusals import refused


def progressive() -> bytes:
    return encoded(page(["701"]), "JPEG", progressive=True)


def large() -> bytes:
    """Return a picture that is decoded in a process."""
    content = encoded(page(["701"]).resize((2_600, 1_800)))
    assert not is_small(content)
    return content


def test_a_jpeg_of_endless_scans_is_refused_undecoded() -> None:
    with refused(PictureError, match=r"many\.jpg is a JPEG in more than 100 passes"):
        decode_picture(in_scans(progressive(), 20_000), "many.jpg")


def test_a_jpeg_of_endless_empty_segments_is_refused_undecoded() -> None:
    content = progressive()
    comments = b"\xff\xfe\0\2" * 20_000
    with refused(PictureError, match="in more than 100 passes"):
        decode_picture(content[:2] + comments + content[2:], "many.jpg")


def test_a_jpeg_with_a_thumbnail_and_a_film_behind_it_is_read() -> None:
    content = progressive()
    thumbnail = content * 20
    marked = b"\xff\xe1" + (len(thumbnail[:60_000]) + 2).to_bytes(2, "big") + thumbnail[:60_000]
    film = np.random.default_rng(1).integers(0, 256, 9_000_000, np.uint8).tobytes()
    assert film.count(b"\xff\xda") > 100
    assert decode_picture(content[:2] + marked + content[2:] + film, "phone.jpg").flaw is None


def test_a_large_picture_is_decoded_in_a_process_to_the_same_bits() -> None:
    content = large()
    *waits, picture = decoding(content, "large.png")
    assert waits
    assert set(waits) == {None}
    here = decode_picture(content, "large.png")
    assert picture is not None
    np.testing.assert_array_equal(picture.greys, here.greys)
    np.testing.assert_array_equal(picture.colours, here.colours)
    assert (picture.size, picture.flaw) == (here.size, None)
    assert shapes(find_digits(picture)) == ["701"]


def test_what_is_wrong_with_a_large_picture_is_said_as_of_any_other(tmp_path: Path) -> None:
    path = tmp_path / "wide.png"
    path.write_bytes(encoded(Image.new("1", (9_000, 9_000))))
    with refused(PictureError, match=r"wide\.png has more than 64,000,000 pixels"):
        open_picture(path)
    photo = np.random.default_rng(1).integers(0, 256, (2_000, 2_500, 3), np.uint8)
    path = tmp_path / "cut.jpg"
    path.write_bytes(encoded(Image.fromarray(photo), "JPEG")[:-100_000])
    flaw = open_picture(path).flaw
    assert flaw is not None
    assert flaw.problem == "picture-cut-short"


def test_decoding_can_be_ended_at_any_time() -> None:
    pictures = decoding(large(), "large.png")
    assert next(pictures) is None
    (process,) = psutil.Process().children()
    pictures.close()
    assert not process.is_running()


def test_a_picture_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding_module, "_LONGEST_SECONDS", 0)
    with refused(PictureError, match=r"large\.png takes too much time or memory"):
        list(decoding(large(), "large.png"))
    assert not psutil.Process().children()


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
def test_a_large_picture_is_converted_in_bands_to_the_same_bits(mode: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2_500, 1_111), np.uint8)
    if mode == "I;16":
        image = Image.fromarray(noise.astype(np.uint16) * 200)
    else:
        image = Image.fromarray(noise).convert("RGB").convert(mode)
    content = encoded(image, "TIFF")
    picture = decode_picture(content, "bands.tif")
    whole = image.convert("F" if mode == "I;16" else "RGB").reduce(2)
    if mode not in ("I;16", "LA", "RGBA"):
        greys = np.asarray(whole.convert("L"), np.float32) / np.float32(255)
        np.testing.assert_array_equal(picture.greys, greys)
    assert picture.greys.shape == (1_250, 556)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
def test_a_small_file_of_64_million_pixels_takes_bounded_memory(mode: str, tmp_path: Path) -> None:
    path = tmp_path / "even.png"
    Image.new(mode, (8_000, 7_990)).save(path)
    assert path.stat().st_size < 400_000
    picture = open_picture(path)
    assert picture.size == (8_000, 7_990)
