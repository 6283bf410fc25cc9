from pathlib import Path

import pytest

from mnist_gui.engine.inside.files import ViewFileError, table_csv, write_view


def test_a_table_has_nine_digits_of_each_number_and_quotes_commas() -> None:
    rows = [(1, 1 / 3, "a, b"), (2, 0.0, "c")]
    table = table_csv(("image", "share", "text"), rows).decode()
    assert table == 'image,share,text\n1,0.333333333,"a, b"\n2,0,c\n'


def test_a_file_that_cannot_be_written_is_a_problem_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(ViewFileError, match="view-unwritable"):
        write_view(tmp_path, b"")
