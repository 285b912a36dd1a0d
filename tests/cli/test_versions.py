import pytest

RULE = "## Quay {n}\n\nEvery boat that is longer than {m} metres pays {p} crowns for a night at quay {n}, which is due at noon.\n\n"


def rules(kept, other=0, day=""):
    lines = [RULE.format(n=n, m=n * 3 + 5, p=n * 13 + 7) for n in range(kept)]
    lines += [
        f"## Pier {n}\n\nNobody came on day {n}; so talk {n * 17} about the pier was put off.\n\n" for n in range(other)
    ]
    return f"# Harbour rules\n\n{day}\n\n{''.join(lines)}".encode()


@pytest.fixture
def add(run, tmp_path):
    def given(data):
        (tmp_path / "rules.md").write_bytes(data)
        return run("add", "rules.md").stdout.decode()

    return given


def test_a_version_is_kept_apart_joined_and_made_current_again(run, add):
    add(rules(10))
    assert "quizapp versions 1 --keep-both" in add(rules(8, 2))

    assert "Undo it: quizapp versions 2 --join" in run("versions", "harbour rules", "--keep-both").stdout.decode()
    assert "is at version 2 now" in run("versions", 2, "--join").stdout.decode()
    assert "as version 3" in run("versions", 1, "--current", 1).stdout.decode()
    assert "the text of version 1" in run("versions", 1).stdout.decode()
    assert "whole" in run("check").stdout.decode()


def test_what_only_looks_like_a_new_version_says_how_to_say_what_it_is(run, refused, add):
    add(rules(10, day="Of 9 September 2025"))

    told = add(rules(6, 5, day="Of 7 October 2025"))

    assert "looks like a new version of a document that you have (1)" in told
    assert "say which by its number (2, 1)" in refused("versions", "Harbour rules")
    assert "It is another document: quizapp versions 2 --keep-both" in run("versions", 2).stdout.decode()
    assert "Both are kept." in run("versions", 2, "--keep-both").stdout.decode()


def test_what_is_not_there_is_refused_in_a_sentence(refused, add):
    add(rules(3))

    assert "You have no document “x”" in refused("versions", "x")
    assert "no such version" in refused("versions", 1, "--current", 7)
    assert "not like any other" in refused("versions", 1, "--join")
