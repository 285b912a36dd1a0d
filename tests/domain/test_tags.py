from quizapp.domain import tags


def test_tags_are_tidied_up_and_each_is_there_once():
    assert tags.clean(" cells,  reading \n list ,, cells ,\0") == ["cells", "reading list"]


def test_no_tag_is_longer_than_a_chip_can_show():
    assert len(tags.clean("x" * 1000)[0]) == tags.LIMIT_CHARS


def test_commas_of_any_script_stand_between_tags():
    assert tags.clean("细胞，生物、阅读,list") == ["细胞", "生物", "阅读", "list"]
