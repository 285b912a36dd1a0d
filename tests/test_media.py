import os
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from multiprocessing import get_context

import pytest

from quizapp.errors import NotFound, Unavailable
from quizapp.media import Media

DATA = b"a page and its back"
NAME = sha256(DATA).hexdigest()
SOON = datetime.now(UTC) + timedelta(hours=12)


@pytest.fixture
def media(tmp_path):
    return Media(tmp_path / "media")


def put_again_and_again(folder, times):
    for number in range(times):
        Media(folder).put(DATA if number % 2 else f"{number}".encode())


def test_a_file_is_named_by_what_it_holds_and_kept_once(media):
    assert media.put(DATA) == media.put(DATA) == NAME
    assert media.get(NAME) == DATA
    assert media.exists(NAME)
    assert [file.name for file in media.files()] == [NAME]


def test_only_its_owner_can_read_a_file(media):
    media.put(DATA)

    modes = [path.stat().st_mode & 0o077 for path in [media.folder, *media.folder.rglob("*")]]

    assert set(modes) == {0}


def test_a_missing_file_is_told_in_a_sentence(media):
    with pytest.raises(NotFound, match="restore a backup"):
        media.get(NAME)
    assert not media.exists(NAME)
    assert media.fault(NAME) == "is missing"


def test_a_damaged_file_is_found_and_mended_when_it_is_given_again(media):
    media.put(DATA)
    media.path(NAME).write_bytes(DATA.replace(b"page", b"pagf"))

    assert media.fault(NAME) == "is damaged"
    assert media.put(DATA) == NAME
    assert media.fault(NAME) is None


def test_what_nothing_names_is_removed_but_not_what_was_just_written(media):
    other = media.put(b"other")
    media.put(DATA)

    assert media.collect({other}, before=SOON - timedelta(days=1)) == 0
    assert media.collect({other}, before=SOON) == 1
    assert [file.name for file in media.files()] == [other]


def test_a_half_written_file_is_never_under_its_name_and_is_removed_in_time(media):
    media.put(DATA)
    media.path(NAME).with_name(f".{NAME}.0a1b2c3d").write_bytes(DATA[:5])

    assert media.collect({NAME}, before=SOON) == 1
    assert media.get(NAME) == DATA


def test_nothing_is_removed_while_a_backup_reads(media):
    media.put(DATA)

    with media.kept():
        assert media.collect(set(), before=SOON) == 0
    assert media.collect(set(), before=SOON) == 1


def test_two_processes_that_keep_the_same_files_agree(media):
    context = get_context("spawn")
    processes = [context.Process(target=put_again_and_again, args=(media.folder, 40)) for _ in range(2)]

    for process in processes:
        process.start()
    for process in processes:
        process.join()

    assert [process.exitcode for process in processes] == [0, 0]
    assert [media.fault(file.name) for file in media.files()] == [None] * 21


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only for root")
def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(media):
    media.folder.mkdir(mode=0o500)

    with pytest.raises(Unavailable, match="Nothing was stored"):
        media.put(DATA)


def test_a_file_in_the_place_of_the_folder_is_told_in_a_sentence(media):
    media.folder.write_bytes(b"")

    with pytest.raises(Unavailable, match="cannot be kept"):
        media.put(DATA)
    with pytest.raises(Unavailable, match="cannot be used"), media.kept():
        pass


def test_a_file_is_kept_as_its_bytes_would_be_and_a_damaged_copy_is_replaced(tmp_path):
    media, file = Media(tmp_path / "media"), tmp_path / "large"
    file.write_bytes(b"A large file.")

    name = media.put_file(file)
    media.path(name).write_bytes(b"Damaged.")

    assert media.put_file(file) == name == media.put(b"A large file.")
    assert media.get(name) == b"A large file."
