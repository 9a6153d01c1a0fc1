import contextlib
import errno
import os
import stat

import pytest

from dedup.cli import output


def leftovers(folder):
    return [path.name for path in folder.iterdir() if path.name.endswith(".part")]


def test_a_file_appears_only_when_it_is_whole(tmp_path):
    target = tmp_path / "out.csv"
    with output.opened(str(target)) as out:
        out.write("a\n")
        assert not target.exists()

    assert target.read_bytes() == b"a\n"
    assert leftovers(tmp_path) == []


def test_a_failed_run_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    target = tmp_path / "out.csv"
    target.write_text("old")
    failing = contextlib.ExitStack()
    failing.enter_context(output.opened(str(target))).write("new")
    with pytest.raises(ZeroDivisionError), failing:
        raise ZeroDivisionError

    assert target.read_text() == "old"
    assert leftovers(tmp_path) == []


def test_what_an_interrupted_run_began_is_removed(tmp_path):
    began = output.opened(str(tmp_path / "out.csv"))
    with began.__enter__() as out:
        out.write("new")
        output.discard_unfinished()

    assert list(tmp_path.iterdir()) == []
    assert began.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None) is False


def test_a_replaced_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path):
    target, link = tmp_path / "out.csv", tmp_path / "link.csv"
    target.write_text("old")
    target.chmod(0o640)
    link.symlink_to(target)
    with output.opened(str(link)) as out:
        out.write("new")

    assert link.is_symlink()
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_two_files_can_be_open_at_once(tmp_path):
    with output.opened(str(tmp_path / "a")) as a, output.opened(str(tmp_path / "b")) as b:
        a.write("1")
        b.write("2")

    assert [(tmp_path / name).read_text() for name in "ab"] == ["1", "2"]


def test_a_device_is_written_to_and_not_replaced():
    with output.opened(os.devnull) as out:
        out.write("gone")

    assert not os.path.isfile(os.devnull)  # noqa: PTH113 - the constant is a string


def test_a_place_that_cannot_be_written_is_named_as_it_was_given(tmp_path):
    target = tmp_path / "missing" / "out.csv"
    with pytest.raises(OSError, match="No such file") as caught, output.opened(str(target)):
        pass

    assert caught.value.errno == errno.ENOENT
    assert caught.value.filename == str(target)


def test_lone_surrogates_are_written_as_escapes(tmp_path):
    with output.opened(str(tmp_path / "out.csv")) as out:
        out.write("a\ud800")

    assert (tmp_path / "out.csv").read_text() == "a\\ud800"
