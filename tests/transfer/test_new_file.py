"""A file is written to its end, or is not there."""

import stat
from pathlib import Path

import pytest

from genjin_api.transfer.new_file import new_file


def test_what_is_written_is_for_its_maker_alone(tmp_path: Path) -> None:
    with new_file(tmp_path / "out") as file:
        file.write(b"told")
    assert (tmp_path / "out").read_bytes() == b"told"
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o600


def test_what_could_not_be_written_to_its_end_can_be_tried_again(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), new_file(tmp_path / "out") as file:
        file.write(b"half")
        raise OSError("the disk is full")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(FileExistsError), new_file(tmp_path / "out"):
        pass
    assert (tmp_path / "out").read_bytes() == b"mine"
