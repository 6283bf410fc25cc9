"""Check whether a window can be opened, because Qt would abort the process if not."""

import ctypes
import os
import sys
from pathlib import Path

from mnist_gui.words.language import listed, tr

_VARIABLES = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
_QT_LIBRARIES = (
    "libEGL.so.1",
    "libGL.so.1",
    "libxkbcommon.so.0",
    "libdbus-1.so.3",
    "libfontconfig.so.1",
    "libglib-2.0.so.0",
)
_X11_LIBRARIES = (
    "libX11-xcb.so.1",
    "libxcb-cursor.so.0",
    "libxcb-icccm.so.4",
    "libxcb-image.so.0",
    "libxcb-keysyms.so.1",
    "libxcb-randr.so.0",
    "libxcb-render-util.so.0",
    "libxcb-shape.so.0",
    "libxcb-xkb.so.1",
    "libxkbcommon-x11.so.0",
)


def display_problem(qt_libraries: tuple[str, ...] = _QT_LIBRARIES) -> str | None:
    """Return one sentence on why no window can be opened and the way out, or None if one can."""
    if sys.platform != "linux":
        return None
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    # Several are tried one after the other.
    names = platform.split(";") if platform else ["wayland" if _reaches_wayland() else "xcb"]
    is_x11 = all(name.startswith("xcb") for name in names)
    libraries = qt_libraries + _X11_LIBRARIES if is_x11 else qt_libraries
    missing = [library for library in libraries if _open(library) is None]
    if is_x11 and not _reaches_x_server():
        return tr(
            "There is no display to open a window on; train without one by 'mnist-gui train', "
            "or give it a virtual one: 'xvfb-run -a mnist-gui'."
        )
    if missing:
        text = tr(
            "Qt needs system libraries that are not installed ({names}); "
            "the README names the packages, and 'mnist-gui train' works without them."
        )
        return text.format(names=listed(missing))
    return None


def unopened(reason: str) -> str:
    """Return the sentence for Qt's reason why it can open no window."""
    found = [f"{name}={os.environ[name]}" for name in _VARIABLES if os.environ.get(name)]
    if not found:
        text = tr("No window can be opened here ({reason}); 'mnist-gui train' works without one.")
        return text.format(reason=reason)
    text = tr(
        "No window can be opened with {settings} ({reason}); unset or correct that, or train "
        "without a window by 'mnist-gui train'."
    )
    return text.format(settings=listed(found), reason=reason)


def has_display() -> bool:
    """Whether a display is named at all, or a platform that needs none is chosen."""
    return sys.platform != "linux" or any(os.environ.get(name) for name in _VARIABLES)


def _open(library: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(library)
    except OSError:
        return None


def _reaches_wayland() -> bool:
    """Whether there is a Wayland compositor; a variable may name one that has gone."""
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    # Few have this variable.
    import socket

    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(Path(os.environ.get("XDG_RUNTIME_DIR", "")) / name))
        except OSError:
            return False
    return True


def _reaches_x_server() -> bool:
    xcb = _open("libxcb.so.1")
    if not os.environ.get("DISPLAY"):
        return False
    if xcb is None:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = xcb.xcb_disconnect.argtypes = (ctypes.c_void_p,)
    connection = xcb.xcb_connect(None, None)
    failed = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    return not failed
