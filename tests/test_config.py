import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quizapp import config
from quizapp.config import Settings
from quizapp.db.engine import Database
from quizapp.errors import Unavailable


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith("QUIZAPP_")]:
        monkeypatch.delenv(name)


def test_everything_is_kept_in_the_data_folder_unless_told_otherwise(monkeypatch, tmp_path):
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path / "mine"))

    settings = Settings.from_environment()

    assert settings.data_dir == tmp_path / "mine"
    assert settings.database_url == f"sqlite:///{tmp_path}/mine/recto.db"


def test_what_is_set_is_used(monkeypatch, tmp_path):
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", "sqlite:////elsewhere/recto.db")
    monkeypatch.setenv("QUIZAPP_SECRET_KEY", "chosen")

    settings = Settings.from_environment()

    assert (settings.database_url, settings.secret_key) == ("sqlite:////elsewhere/recto.db", "chosen")
    assert list(tmp_path.iterdir()) == []


def test_without_a_setting_the_data_is_where_the_system_keeps_data(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))

    assert tmp_path in Settings.from_environment().data_dir.parents


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path):
    first = Settings.in_folder(tmp_path)
    second = Settings.in_folder(tmp_path)

    assert len(first.secret_key) >= 32
    assert second.secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_two_programs_that_start_together_agree_on_the_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: Settings.in_folder(tmp_path).secret_key, range(32)))

    assert len(secrets) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_the_secret_does_not_show_when_settings_are_printed(tmp_path):
    settings = Settings.in_folder(tmp_path)

    assert settings.secret_key not in repr(settings)


def test_a_data_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unavailable, match=r"data folder .*file/data: .* Set QUIZAPP_DATA_DIR"):
        Settings.in_folder(tmp_path / "file" / "data")


@pytest.mark.parametrize("name", ["migrations", "seeds"])
def test_what_lies_beside_the_package_is_found_in_the_checkout(name):
    assert config.beside(name) == Path(config.__file__).parents[1] / name


@pytest.mark.parametrize(
    ("told", "name"),
    [("Europe/Berlin", "Europe/Berlin"), (":Asia/Tokyo", "Asia/Tokyo"), ("UTC", "UTC")],
)
def test_the_time_zone_is_the_one_that_the_machine_is_told(monkeypatch, told, name):
    monkeypatch.setenv("TZ", told)

    assert config.local_time_zone() == name


@pytest.mark.parametrize("told", ["", "CET-1CEST,M3.5.0", "../../etc/passwd", "/etc/localtime", "Nowhere/Land"])
def test_a_time_zone_without_a_name_is_not_believed(monkeypatch, told):
    monkeypatch.setenv("TZ", told)

    assert config.local_time_zone() != told


def test_a_browser_is_opened_only_where_there_is_a_window_for_it(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not config.has_display()

    monkeypatch.setenv("DISPLAY", ":0")
    assert config.has_display()


def test_a_data_folder_may_have_any_name(tmp_path):
    folder = tmp_path / "a?x=1 %20 #b"

    database = Database(Settings.in_folder(folder).database_url)

    assert database.path == folder / "recto.db"


def test_a_home_that_nobody_has_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setenv("QUIZAPP_DATA_DIR", "~nobody-of-that-name/recto")

    with pytest.raises(Unavailable, match="names no folder"):
        Settings.from_environment()


def test_a_damaged_secret_is_told_in_a_sentence(tmp_path):
    (tmp_path / "secret-key").write_bytes(b"caf\xe9")

    with pytest.raises(Unavailable, match="is damaged"):
        Settings.in_folder(tmp_path)


@pytest.mark.parametrize(("told", "may"), [("", True), ("on", True), ("off", False), (" OFF ", False)])
def test_fetching_can_be_switched_off(monkeypatch, tmp_path, told, may):
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QUIZAPP_FETCH", told)

    assert Settings.from_environment().may_fetch is may


def test_a_switch_that_says_neither_on_nor_off_is_told(monkeypatch):
    monkeypatch.setenv("QUIZAPP_FETCH", "no")

    with pytest.raises(Unavailable, match="neither on nor off"):
        config.may_fetch()


@pytest.mark.parametrize(
    ("issuer", "client"),
    [
        ("https://id.example.org", ""),
        ("", "recto"),
        ("http://id.example.org", "recto"),
        ("id.example.org", "recto"),
        ("https://id.example.org/?x=1", "recto"),
        ("https://me@id.example.org", "recto"),
        ("https://[::1", "recto"),
    ],
)
def test_half_a_provider_or_an_unsafe_one_is_refused(monkeypatch, issuer, client):
    monkeypatch.setenv("QUIZAPP_OIDC_ISSUER", issuer)
    monkeypatch.setenv("QUIZAPP_OIDC_CLIENT_ID", client)

    with pytest.raises(Unavailable):
        config.oidc_client()


def test_the_secret_of_a_provider_is_not_shown(monkeypatch):
    for name, value in (("ISSUER", "https://id.example.org"), ("CLIENT_ID", "recto"), ("CLIENT_SECRET", "hush")):
        monkeypatch.setenv(f"QUIZAPP_OIDC_{name}", value)

    client = config.oidc_client()

    assert client.client_secret == "hush"
    assert "hush" not in repr(client)
