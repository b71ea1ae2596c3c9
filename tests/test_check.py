"""What `dragoman check` finds: each row breaks one thing in a small pack without problems and names the complaint."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.examples import Mark, parse
from dragoman.pack_check import check
from mini_pack import change, make


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return make(tmp_path / "mini")


def said(pack: Path) -> list[str]:
    return [str(problem) for problem in check(pack)]


def test_the_small_pack_has_no_problem(pack: Path) -> None:
    assert said(pack) == []


TWICE = '\n[[rule]]\nname = "visit.pays"\ntriggers = ["访问"]\npattern = \'{visitor:Person}访问{to:Country}\'\n'
VISIT, MEETING = "events/visit.toml", "events/meeting.toml"
PLACE, COUNTRY = "lexicon/place.tsv", "lexicon/country.tsv"

BROKEN = [
    # file, what stands there, what is put there, what check says
    (PLACE, "河内\tVNM", "河内\tVNM\tcapital\n河内\tVNM", "place.tsv: line 3: 河内 stands in line 2 already"),
    (PLACE, "河内\tVNM", "河\tVNM", "place.tsv: line 2: 河: a single character is no word to look for"),
    (PLACE, "河内\tVNM", "河内\tVNX", "place.tsv: line 2: 河内: unknown code VNX"),
    (PLACE, "河内\tVNM", "河內\tVNM", "place.tsv: line 2: 河內 is never found: folded text has 河内"),
    (PLACE, "河内\tVNM", "总理\tVNM", "place.tsv: line 2: 总理 is hidden by the same word in post.tsv"),
    (PLACE, "河内\tVNM", "河内 \tVNM", "place.tsv: line 2: an empty word, or white space around it"),
    (COUNTRY, "越\tVNM\tchar", "北越\tVNM\tshort", "line 5: VNM has the short name 越南 already"),
    (COUNTRY, "越\tVNM\tchar", "越\tVNM\ttiny", "country.tsv: line 5: 越: unknown form tiny"),
    (VISIT, "today =", "tomorrow =", "visit.toml: unknown key tomorrow"),
    (VISIT, "joins = 1", "joined = 1", "visit.toml: rule visit.host: unknown key joined"),
    (VISIT, "{to:Country}", "{to:Continent}", "visit.toml: rule visit.pays: unknown type Continent"),
    (VISIT, "{to:Country}", "{@elsewhere}", "visit.toml: rule visit.pays: unknown word set @elsewhere"),
    (VISIT, "{to:Country}", "%zz", "visit.toml: rule visit.pays: unknown class %zz"),
    (VISIT, "{to:Country}", "{guest:Country}", "visit.toml: rule visit.pays: visit has no role guest"),
    (VISIT, "{to:Country}", "{to:Country}.*", "visit.pays: an unbounded repeat in the pattern"),
    (VISIT, "{to:Country}", "{to:Country}.{2,}", "visit.pays: an unbounded repeat in the pattern"),
    (VISIT, "{to:Country}", "({to:Country}", "visit.pays: not a pattern"),
    (VISIT, "joins = 1", "joins = 1\nmode = 'fast'", "visit.toml: rule visit.host: visit has no mode fast"),
    (VISIT, "joins = 1", "status = 'sure'", "visit.toml: rule visit.host: unknown status sure"),
    (VISIT, 'deaf = ["invited"]', 'deaf = ["noise"]', "deaf to the cue noise, which does not exist"),
    (VISIT, 'subject = "visitor"', 'subject = "guest"', "subject: visit has no role guest"),
    (VISIT, "joins = 1", "joins = 1\nneeds = ['luck']", "visit.toml: rule visit.host: needs: the engine knows no luck"),
    (VISIT, "joins = 1", "joins = 1\ndates = 'soon'", "visit.toml: rule visit.host: dates: the engine knows no soon"),
    (VISIT, 'makes = "visit"', 'makes = "trip"', "visit.toml: rule visit.pays: unknown kind trip"),
    (VISIT, '"邀请"]', '"邀请", "盛情"]', "rule visit.host: the trigger 盛情 cannot occur in the pattern"),
    (MEETING, '"会见", "接见"]', '"会见"]', "meeting.meets: the pattern can match without any of the triggers"),
    (VISIT, "正式|工作", "正式|愉快", "visit.toml: rule visit.pays: no mode in refer.toml for 愉快"),
    (VISIT, "todo = [", TWICE + "todo = [", "visit.pays: another rule has the same name"),
    (VISIT, 'name = "visit.host"', 'nom = "visit.host"', "visit.toml: rule None"),
    (VISIT, "joins = 1", "joins = ", "visit.toml: Invalid value"),
    ("pack.toml", "\n[sets]\n", "\n[sets]\nidle = ['闲']\n", "pack.toml: sets.idle: no pattern uses this word set"),
    ("actors.toml", 'name = "persons"', 'name = "persons"\nshow = 1', "actors.toml: phase persons: unknown key show"),
    ("refer.toml", '"国事" = "state"', '"国事" = "grand"', "refer.toml: modes.visit: 国事: visit has no mode grand"),
    ("status.toml", 'status = "proposed"', 'status = "vague"', "status.toml: cue invited: unknown status vague"),
    ("status.toml", "carries = true", "carried = true", "status.toml: cue future: unknown key carried"),
    ("status.toml", "carries = true", "dates = 'after'", "status.toml: cue future: dates: the engine knows no after"),
    ("status.toml", "阮春福4日将对", "阮春福4日对", "进行访问。: the status is told by no cue"),
    ("status.toml", "4日对日本进行访问,将签约", "4日将对日本进行访问", "进行访问。: the status is told by future"),
    ("status.toml", "进行访问,将签约", "表示感谢", "表示感谢。: no event rule reads it"),
    ("time.toml", "他[4日]抵达", "他[4天]抵达", "time.toml: rule date.day"),
    # examples
    (MEETING, "yes = [", "yes = []\nno_more = [", "meeting.meets: unknown key no_more"),
    (VISIT, "[日本](to)进行[正式]", "[越南](to)进行[正式]", "who or where cannot be told"),
    (VISIT, "对[日本](to)进行", "对[日本](to)表示", "visit.pays: yes [越南总理阮春福](visitor)4日"),
    (VISIT, "[正式](mode)", "[工作](mode)", None),
    (VISIT, "应[日本首相岸田文雄](host)", "应[日本首相岸田文雄](visitor)", "visitor is not 日本首相岸田文雄"),
    (VISIT, "对日本表示感谢", "4日对日本进行访问", "进行访问。: reads an event in it"),
    (VISIT, "邀请,本报记者写下此文", "邀请,阮春福4日对日本进行访问", "reads an event in it"),
    (VISIT, "4日开始[日本](to)之行", "4日对[日本](to)进行访问", "it is read now; make it a yes"),
    (MEETING, "4日会见[越南总理阮春福](party)", "4日会见越南总理阮春福", "party is also 阮春福"),
    ("actors.toml", "[越南总理](Office)", "越南[总理](Office)", "office.full: yes 应越南[总理](Office)"),
    ("actors.toml", "[越南总理](Office)", "[越南总理](Person)", "the rule makes Office, not Person"),
    ("actors.toml", "{at:Country}{post:Post}", "{at:Country}{Post}", "breaks the reader: KeyError: 'post'"),
    ("nouns.toml", 'makes = "Instrument"', 'makes = "Paper"', "makes Paper, which is no type of pack.toml"),
    ("nouns.toml", "[联合声明]", "联合[声明]", "nouns.toml: rule instrument.declaration: yes"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "complaint"), BROKEN, ids=lambda value: str(value)[:30])
def test_each_fault_is_named(pack: Path, file: str, old: str, new: str, complaint: str | None) -> None:
    change(pack, file, old, new)
    problems = said(pack)
    if complaint is None:
        assert problems == []
    else:
        assert any(complaint in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("file", "example", "complaint"),
    [
        ("events/meeting.toml", "yes", "meeting.toml: rule meeting.meets: no example of what it reads (yes)"),
        ("events/meeting.toml", "no", "meeting.toml: rule meeting.meets: no example of what it must leave (no)"),
        ("nouns.toml", "yes", "nouns.toml: rule instrument.declaration: no example of what it reads (yes)"),
        ("status.toml", "yes", "status.toml: cue habit: no example of what it tells (yes)"),
        ("status.toml", "no", "status.toml: cue habit: no example of what it must leave (no)"),
    ],
)
def test_a_rule_without_examples_is_a_problem(pack: Path, file: str, example: str, complaint: str) -> None:
    path = pack / file
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(f"{example} = ")]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    assert complaint in said(pack)


def test_all_faults_are_told_in_one_run(pack: Path) -> None:
    change(pack, "events/visit.toml", "{to:Country}", "{to:Continent}")
    change(pack, "events/visit.toml", "{host:Actor}", "{host:Ghost}")
    change(pack, "events/meeting.toml", "{party:Person}", "{party:Angel}")
    change(pack, "lexicon/place.tsv", "河内\tVNM", "河\tVNX")
    problems = "\n".join(said(pack))
    assert all(word in problems for word in ("Continent", "Ghost", "Angel", "single character", "VNX"))


@pytest.mark.parametrize("name", ["pack.toml", "refer.toml", "names.toml", "actors.toml", "lexicon/country.tsv"])
def test_a_missing_file_is_a_problem_and_no_crash(pack: Path, name: str) -> None:
    (pack / name).unlink()
    assert said(pack)


@pytest.mark.parametrize(
    ("written", "text", "marks"),
    [
        ("日本首相访华。", "日本首相访华。", []),
        ("[日本首相](visitor)访[华](to)。", "日本首相访华。", [(0, 4, "visitor"), (5, 6, "to")]),
        ("(完)[日](of)", "(完)日", [(3, 4, "of")]),
        ("[没有](两个)括号", "[没有](两个)括号", []),
        ("[空]括号", "[空]括号", []),
    ],
)
def test_markup(written: str, text: str, marks: list[tuple[int, int, str]]) -> None:
    example = parse(written)
    assert example.text == text
    assert example.marks == tuple(Mark(start, end, role, text[start:end]) for start, end, role in marks)
