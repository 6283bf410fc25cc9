"""Opens the archives in a run's folder, and says in a sentence why one cannot be used."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mnist_gui.engine.errors import RunRecordError
from mnist_gui.engine.files.array_archive import UnusableError, open_archive
from mnist_gui.engine.files.regular_file import explain, open_regular
from mnist_gui.engine.files.strict_json import NewerError


@contextmanager
def opened(path: Path, what: str) -> Iterator[zipfile.ZipFile]:
    """Give an archive to read from; whatever is wrong with it is raised as RunRecordError.

    `what` is what the sentence calls it: "checkpoint".
    """
    try:
        with open_regular(path) as file, open_archive(file, what) as archive:
            yield archive
            return
    except OSError as error:
        problem = explain(error)
    except NewerError:
        problem = "it was written by a newer version of the program; update the program to use it"
    except UnusableError as error:
        problem = str(error)
    raise RunRecordError(f"The {what} {path} cannot be used: {problem}.")
