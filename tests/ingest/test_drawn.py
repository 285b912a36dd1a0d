from quizapp.domain.documents import BlockKind
from quizapp.ingest import drawn, xml

NAMES = (
    'xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)


def point(key: str, words: str) -> str:
    return f'<dgm:pt modelId="{key}"><dgm:t><a:p><a:r><a:t>{words}</a:t></a:r></a:p></dgm:t></dgm:pt>'


def part(whole: str, of: str, at: int) -> str:
    return f'<dgm:cxn srcId="{whole}" destId="{of}" srcOrd="{at}"/>'


def outline(*inner: str) -> list[tuple[BlockKind, str, int]]:
    diagram = xml.parsed(f'<dgm:x {NAMES}><dgm:pt modelId="0" type="doc"/>{"".join(inner)}</dgm:x>'.encode())
    return [(piece.kind, piece.text, piece.level) for piece in drawn.points(diagram)]


def test_the_points_of_a_diagram_are_a_list_in_their_order_and_depth():
    points = [point("1", "Sun"), point("2", "Moon"), point("3", "Pull")]

    assert outline(*points, part("0", "1", 1), part("0", "2", 0), part("2", "3", 0)) == [
        (BlockKind.BULLET, "Moon", 1), (BlockKind.BULLET, "Pull", 2), (BlockKind.BULLET, "Sun", 1),
    ]  # fmt: skip


def test_points_that_are_parts_of_each_other_are_read_once():
    assert outline(point("1", "Moon"), part("0", "1", 0), part("1", "1", 0), part("1", "0", 1)) == [
        (BlockKind.BULLET, "Moon", 1)
    ]
