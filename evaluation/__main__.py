"""Say how good the cards are: `python -m evaluation [--keep] [--sheet FILE] [--take-in RATER=FILE ...] [--missed] [--train]`.

A sheet is a JSON list of candidates that nobody has rated. A filled one is a JSON object
of verdicts by key: "good", or a reason of `evaluation.ratings.REASONS`.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from evaluation import figures, matching, ratings, training
from evaluation.documents import HELD_OUT, Made, all_made
from evaluation.figures import Figures
from quizapp.domain.cards import DraftStatus

KEPT = Path(__file__).parents[1] / "docs" / "evaluation.md"


def main() -> None:
    """Generate, measure, print, and keep what is asked for."""
    asked = _arguments()
    made = list(all_made())
    if asked.take_in:
        filled = dict(pair.split("=", 1) for pair in asked.take_in)
        told = {rater: json.loads(Path(file).read_text("utf-8")) for rater, file in filled.items()}
        print(f"{ratings.take_in(made, told)} candidates were rated for the first time.")
    known = ratings.read()
    rated = training.rated(made, known)
    if asked.train:
        training.keep(training.learnt(training.taught(rated)))
        print("\n".join([f"{training.FILE.name} was written.", "", *training.tables(rated)]))
        return
    lines = [figures.measured(one, known) for one in made]
    page = report(lines, figures.by_rule(made, known), known, training.tables(rated))
    print(page)
    if asked.sheet:
        rows = ratings.sheet(made)
        Path(asked.sheet).write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
        print(f"\n{len(rows)} candidates to rate are in {asked.sheet}.")
    if asked.missed:
        print("\n".join(_missed(made)))
    if asked.keep:
        figures.keep([*lines, *figures.groups(lines)])
        head = KEPT.read_text("utf-8").partition("<!-- figures -->")[0]
        KEPT.write_text(f"{head}<!-- figures -->\n\n{page}\n", encoding="utf-8")


def report(
    lines: Sequence[Figures], rules: Sequence[Figures], known: dict[str, ratings.Rating], chances: Sequence[str]
) -> str:
    """Return the tables as Markdown."""
    head = "| {:24} | words | facts | found | tray only | wrong speaker | ready | per 1,000 | good | in the tray |"
    rows = [head.format("document"), "|:--|--:|--:|--:|--:|--:|--:|--:|--:|--:|"]
    for line in [*lines, *figures.groups(lines)]:
        name = f"{line.name} *" if line.name in HELD_OUT else line.name
        rows.append(
            f"| {name:24} | {line.words:,} | {line.facts} | {line.found} ({line.recall:.0%}) | {line.in_tray} | "
            f"{line.misattributed} | {line.ready} | {line.per_1000:.0f} | {line.precision:.0%} | {line.tray} |"
        )
    rows += ["", "| rule | ready | good | facts found | in the tray |", "|:--|--:|--:|--:|--:|"]
    rows += [f"| {r.name} | {r.ready} | {r.precision:.0%} | {r.found} | {r.tray} |" for r in rules]
    same, kappa = ratings.agreement(known.values())
    rows += [
        "",
        f"{len(known):,} candidates rated by two people each; they agree on {same:.0%} (Cohen's kappa {kappa:.2f}).",
        "",
        *chances,
    ]
    return "\n".join(rows)


def _missed(made: Sequence[Made]) -> list[str]:
    out = []
    for one in made:
        ready = [draft for draft in one.drafts if draft.status is DraftStatus.READY]
        there = set(matching.found(one.facts, ready).by_card.values())
        out += [f"{one.name} {fact.id}: {fact.question}" for fact in one.facts if fact.id not in there]
    return out


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description="Say how good the cards are.")
    parser.add_argument(
        "--keep", action="store_true", help=f"write docs/{KEPT.name} and the figures that tests look at"
    )
    parser.add_argument("--sheet", metavar="FILE", help="write the candidates that nobody has rated, for raters")
    parser.add_argument("--take-in", metavar="RATER=FILE", nargs="+", help="add the verdicts of filled sheets")
    parser.add_argument("--missed", action="store_true", help="list the facts that no ready card asks for")
    parser.add_argument("--train", action="store_true", help="learn from the ratings which cards people keep")
    return parser.parse_args()


if __name__ == "__main__":
    main()
