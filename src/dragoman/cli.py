"""The `dragoman` command. Data goes to standard output, remarks go to standard error, one line for each input.

Exit status: 0 everything was read (or holds), 1 something was not, 2 the command itself was wrong, 130 it was stopped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from dragoman.streams import ending, prepare, say

# Everything else is imported where it is used: `dragoman --help` must not wait for a pack to load.
if TYPE_CHECKING:
    from dragoman.article import Article
    from dragoman.batch import Work
    from dragoman.model import Reading
    from dragoman.pack import Pack
    from dragoman.sources import Skipped, SourceOptions


class _Verbs(TyperGroup):
    """The verbs. Typer by itself would answer a reader that has seen enough with status 1."""

    def invoke(self, ctx: Any) -> Any:
        """Run a verb."""
        with ending():
            return super().invoke(ctx)


app = typer.Typer(
    cls=_Verbs,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Reads Chinese diplomatic news into a record of events that can be checked word for word.",
)


class Output(StrEnum):
    """What `read` prints: lines of JSON for programs, or a table for people."""

    reports = "reports"
    facts = "facts"
    documents = "documents"
    table = "table"


def _path(given: str) -> Path:
    """A path of the command line. Whether it can be read is found out when it is read, so that others still are."""
    if not given:
        raise typer.BadParameter("an empty path")
    return Path(given)


Paths = Annotated[
    list[Path],
    typer.Argument(parser=_path, metavar="PATH", help="Files or folders: text, HTML, JSONL, WARC; also gzipped."),
]
Columns = Annotated[
    str | None, typer.Option(help="Other column names of JSONL input, such as id=uid,text=body.", metavar="NAME=COLUMN")
]
Published = Annotated[
    str | None, typer.Option(help="Publication date of pages that do not give their own.", metavar="YYYY-MM-DD")
]
Jobs = Annotated[int, typer.Option(min=1, help="Processes to read with; the output is the same.")]
Language = Annotated[str, typer.Option(help="Language pack to read with.")]


def main() -> None:
    """Entry point of the console script."""
    prepare()
    with ending():
        app()


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dragoman {version('dragoman')}")
        raise typer.Exit


@app.callback()
def _dragoman(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    """Options of the command as a whole."""


def _options(columns: str | None) -> SourceOptions:
    from dragoman.sources import Columns, SourceOptions

    if columns is None:
        return SourceOptions()
    pairs = [pair.partition("=")[::2] for pair in columns.split(",")]
    if not all(name in Columns.__slots__ and column for name, column in pairs):
        known = ", ".join(Columns.__slots__)
        raise typer.BadParameter(f"--columns {columns!r}: wanted is NAME=COLUMN,..., with names of {known}")
    return SourceOptions(columns=Columns(**dict(pairs)))


def _inputs(paths: list[Path], columns: str | None, published: str | None) -> Iterator[Article | Skipped]:
    from dragoman.sources import open_paths

    inputs = open_paths(paths, _options(columns))
    return inputs if published is None else _dated(inputs, _day(published))


def _day(written: str) -> str:
    try:
        if date.fromisoformat(written).isoformat() == written:  # it takes other spellings too
            return written
    except ValueError:
        pass
    raise typer.BadParameter(f"--published {written!r}: wanted is YYYY-MM-DD")


def _dated(inputs: Iterable[Article | Skipped], day: str) -> Iterator[Article | Skipped]:
    """Gives the day to pages that have none of their own."""
    from dragoman.article import Article

    for item in inputs:
        yield replace(item, published=day) if isinstance(item, Article) and item.published is None else item


def _load(language: str) -> Pack:
    from dragoman.match import PackError
    from dragoman.pack import load

    try:
        return load(language)
    except FileNotFoundError:
        raise typer.BadParameter(f"--language {language}: there is no such pack") from None
    except PackError as error:
        raise typer.BadParameter(f"the pack {language} does not load: {error}") from None


class _Readings:
    """Goes through the readings of all inputs, says what was not read, and remembers whether anything was not."""

    def __init__(
        self, inputs: Iterable[Article | Skipped], *, language: str = "zh", jobs: int = 1, work: Work | None = None
    ) -> None:
        self.failed = 0
        self.read = 0
        self._inputs = inputs
        self._language = language
        self._jobs = jobs
        self._work = work

    def __iter__(self) -> Iterator[Reading]:
        from concurrent.futures import BrokenExecutor

        from dragoman.batch import read_all

        _load(self._language)  # a fault of the pack is said once, not for every page
        try:
            for outcome in read_all(self._inputs, language=self._language, jobs=self._jobs, work=self._work):
                if outcome.remark:
                    say(outcome.remark)
                self.failed += not outcome.whole
                if outcome.reading is not None:
                    self.read += 1
                    yield outcome.reading
        except BrokenExecutor:
            self.failed += 1
            say("the system ended a reading process, for want of memory perhaps: the rest was not read")

    def exit(self) -> None:
        """End the command with the status that fits."""
        if self.failed or not self.read:
            raise typer.Exit(1)


@app.command()
def read(
    paths: Paths,
    to: Annotated[Output | None, typer.Option(help="Default: a table in a terminal, else reports.")] = None,
    jobs: Jobs = 1,
    columns: Columns = None,
    published: Published = None,
    language: Language = "zh",
) -> None:
    """Read pages and print what they report, with the evidence, in the order of the input.

    Reports of one real event share its id, on whatever page they stand."""
    from dragoman.link.readings import linked

    if to is None:
        to = Output.table if sys.stdout.isatty() else Output.reports
    readings = _Readings(_inputs(paths, columns, published), language=language, jobs=jobs)
    if to is Output.table:
        from dragoman.terminal import console, print_reading

        out = console()
        for reading in linked(readings, language):
            print_reading(out, reading)
    else:
        for reading in linked(readings, language) if to is Output.reports else readings:
            sys.stdout.writelines(_json_lines(reading, to))
    readings.exit()


def _json_lines(reading: Reading, to: Output) -> Iterator[str]:
    rows: list[dict[str, Any]]
    if to is Output.reports:
        rows = [report.to_json() for report in reading.reports]
    elif to is Output.facts:
        rows = [fact.to_json() for fact in reading.facts]
    else:
        rows = [reading.document]
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


@app.command()
def check(
    pack: Annotated[
        Path | None, typer.Argument(help="Folder of a pack, or a record; default: every pack that is shipped.")
    ] = None,
) -> None:
    """Lint a pack and run the examples of all its rules; of a record, check that it is whole."""
    from importlib.resources import files

    from dragoman.pack_check import check as check_pack

    if pack is not None and pack.is_file():
        cli_record.check_record(pack)
        return
    if pack is not None and not pack.is_dir():
        raise typer.BadParameter(f"{pack}: no such folder")
    folders = [pack] if pack else sorted(Path(str(files("dragoman") / "packs")).glob("*/"))
    problems = [problem for folder in folders for problem in check_pack(folder)]
    for problem in problems:
        print(problem)
    names = ", ".join(folder.name for folder in folders)
    print(f"{names}: {len(problems)} {'problem' if len(problems) == 1 else 'problems'}")
    if problems:
        raise typer.Exit(1)


@app.command()
def explain(
    path: Annotated[
        Path, typer.Argument(parser=_path, metavar="PATH", help="A page, or a file of pages with --document.")
    ],
    at: Annotated[int | None, typer.Option(help="Offset into the text: explain the sentence there.")] = None,
    sentence: Annotated[int | None, typer.Option(min=1, help="Number of the sentence to explain.")] = None,
    word: Annotated[str | None, typer.Option(help="Explain the sentences with this word.")] = None,
    rule: Annotated[str | None, typer.Option(help="Show only what this rule did.")] = None,
    document: Annotated[str | None, typer.Option(help="Id of the page in a file of several.")] = None,
    columns: Columns = None,
    published: Published = None,
    language: Language = "zh",
) -> None:
    """Show as a tree why each rule fired on a page, or at which step it stopped."""
    from dragoman.article import Article
    from dragoman.explain import explain as explain_article

    for item in _inputs([path], columns, published):
        if not isinstance(item, Article):
            say(str(item))
        elif document in (None, item.id):
            told = [item.lost, *item.notes] if item.lost else item.notes
            if told:
                say(f"{item.origin}: {'; '.join(told)}")
            try:
                tree = explain_article(item, _load(language), offset=at, sentence=sentence, word=word, rule=rule)
            except ValueError as error:
                raise typer.BadParameter(f"{item.origin}: {error}") from None
            print(tree)
            return
    if document is not None:
        say(f"{path}: no page with the id {document}")
    raise typer.Exit(1)


@app.command()
def gaps(
    paths: Paths,
    top: Annotated[int, typer.Option(min=1, help="How many trigger words to show.")] = 40,
    as_json: Annotated[bool, typer.Option("--json", help="Lines of JSON.")] = False,
    jobs: Jobs = 1,
    columns: Columns = None,
    published: Published = None,
    language: Language = "zh",
) -> None:
    """Count the trigger words that no rule read, with samples: the work list of whoever improves a pack."""
    from itertools import islice

    from dragoman.gaps import gaps as count_gaps
    from dragoman.gaps import unread

    readings = _Readings(_inputs(paths, columns, published), language=language, jobs=jobs, work=unread)
    for row in islice(count_gaps(readings), top):
        print(json.dumps(row.to_json(), ensure_ascii=False) if as_json else row)
    readings.exit()


@app.command()
def register(
    paths: Paths,
    as_json: Annotated[bool, typer.Option("--json", help="Lines of JSON.")] = False,
    jobs: Jobs = 1,
    columns: Columns = None,
    published: Published = None,
    language: Language = "zh",
) -> None:
    """List who held which post from when to when, by what the pages say, and what of it does not fit together."""
    from dragoman.register import Contradiction, PostRegister, Term

    readings = _Readings(_inputs(paths, columns, published), language=language, jobs=jobs)
    grown = PostRegister(_load(language))
    for reading in readings:
        grown.add(reading)
    terms = grown.terms()
    rows: list[Term | Contradiction] = [*terms, *grown.contradictions(terms)]
    for row in rows:
        print(json.dumps(row.to_json(), ensure_ascii=False) if as_json else row)
    readings.exit()


@app.command()
def score(
    gold: Annotated[list[Path], typer.Argument(help="Gold files, or one folder of pages with gold/*.yaml in it.")],
    reports: Annotated[Path | None, typer.Option(help="Lines of `read --to reports`.")] = None,
    facts: Annotated[Path | None, typer.Option(help="Lines of `read --to facts`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON.")] = False,
    show: Annotated[int, typer.Option(min=0, help="Show up to N errors of each sort.", metavar="N")] = 0,
    floors: Annotated[Path | None, typer.Option(help="Fail if a figure is below its floor in this file.")] = None,
    raise_floors: Annotated[bool, typer.Option("--raise", help="Raise floors that are surpassed.")] = False,
    jobs: Jobs = 1,
) -> None:
    """Measure reports against gold: precision, recall, exact, slots, kinds, facts and merging."""
    from dragoman.link.readings import linked
    from dragoman.score import measure
    from dragoman.score_files import below_floors, load_floors, load_gold, load_rows, raised

    if raise_floors and floors is None:
        raise typer.BadParameter("--raise needs --floors")
    failed = 0
    try:
        limits = {} if floors is None or (raise_floors and not floors.exists()) else load_floors(floors)
        if reports is not None:
            result = measure(load_gold(gold), load_rows(reports), load_rows(facts) if facts else ())
        elif len(gold) == 1 and gold[0].is_dir():
            golds = load_gold(sorted(gold[0].glob("gold/*.yaml")))
            if not golds:
                raise typer.BadParameter(f"{gold[0]}: no gold/*.yaml in it")
            readings = _Readings(_inputs(_pages(gold[0]), None, None), jobs=jobs)
            held = list(linked(readings))
            failed = readings.failed
            result = measure(
                golds,
                [report.to_json() for reading in held for report in reading.reports],
                [fact.to_json() for reading in held for fact in reading.facts],
            )
        else:
            raise typer.BadParameter("gold files need --reports")
    except OSError as error:
        raise typer.BadParameter(f"{error.filename}: {error.strerror}") from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if as_json:
        print(json.dumps(result.to_json(), ensure_ascii=False))
    else:
        from dragoman.terminal import console, print_score

        print_score(console(), result)
    if show:
        from dragoman.terminal import console, print_misses

        print_misses(console(), result, show)
    figures = result.floors()
    fallen = below_floors(figures, limits)
    for line in fallen:
        say(f"{floors}: {line}")
    if floors and raise_floors:
        floors.write_text(json.dumps(raised(figures, limits), indent=2) + "\n", "utf-8")
    if fallen or failed:
        raise typer.Exit(1)


def _pages(folder: Path) -> list[Path]:
    """The pages of a folder of examples: everything but its gold and what explains it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path for path in files if path.parent != folder / "gold" and path.suffix not in (".md", ".yaml")]


@app.command()
def demo(
    examples: Annotated[Path, typer.Argument(help="Folder of example pages with gold/*.yaml in it.")] = Path(
        "examples"
    ),
) -> None:
    """Read the examples of the project and show what was found and how right it is."""
    from dragoman.demo import show
    from dragoman.link.readings import linked

    if not examples.is_dir():
        raise typer.BadParameter(f"{examples}: no such folder; run it where the project lies")
    pages = _pages(examples)
    if not pages:
        raise typer.BadParameter(f"{examples}: no pages in it")
    readings = _Readings(_inputs(pages, None, None))
    try:
        show(list(linked(readings)), examples)
    except ValueError as error:  # of the gold
        raise typer.BadParameter(str(error)) from error
    readings.exit()


# The verbs of the record use what stands above, and stand in a module of their own.
from dragoman import cli_export, cli_judge, cli_model, cli_record, cli_verify  # noqa: E402, F401
