"""The pack that is shipped: no problem, examples for every rule; loading is strict and the same everywhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dragoman.lint_rules import every_rule, lint_pack, lint_rules
from dragoman.lint_words import lint_words
from dragoman.match import PackError
from dragoman.model import model
from dragoman.pack import Pack, digest, load, load_folder
from dragoman.pack_check import check
from mini_pack import SHIPPED, change, make

PACK = load()


def test_check_finds_no_problem() -> None:
    assert [str(problem) for problem in check(SHIPPED)] == []


@pytest.mark.parametrize("kind", list(model().kinds))
def test_every_kind_of_event_has_rules(kind: str) -> None:
    assert any(rule.makes == kind for rule in PACK.events)


def test_rules_are_named_after_what_they_make() -> None:
    for rule in PACK.events:
        assert rule.name.split(".")[0] == rule.makes, rule.name


def test_modes_of_the_model_that_no_word_and_no_rule_gives() -> None:
    """What a pack cannot say yet: whoever adds a rule for one takes it off this list."""
    given: dict[str, set[str]] = {kind: set(table.values()) for kind, table in PACK.refer["modes"].items()}
    for rule in PACK.events:
        given.setdefault(rule.makes, set()).add(rule.options.get("mode", ""))
    nouns = {rule.options.get("mode") for rule in PACK.nouns}
    missing = {
        f"{kind.name}.{mode}"
        for kind in model().kinds.values()
        for mode in kind.modes
        if mode not in given.get(kind.name, set()) | nouns
    }
    assert missing <= {"exercise.exercise", "message.greeting", "relations.recognised"}


def test_the_digest_does_not_depend_on_the_place(tmp_path: Path) -> None:
    one, other = make(tmp_path / "one"), make(tmp_path / "other" / "deeper")
    assert digest(one) == digest(other)
    crlf = (other / "nouns.toml").read_bytes().replace(b"\n", b"\r\n")
    (other / "nouns.toml").write_bytes(crlf)
    assert digest(one) == digest(other), "line ends of another system are no other pack"
    change(other, "refer.toml", '"国事" = "state"', '"国事" = "official"')
    assert digest(one) != digest(other)
    (one / "notes.md").write_text("not part of the pack", "utf-8")
    assert digest(one) == load_folder(one).digest


def test_the_shipped_pack_is_loaded_once() -> None:
    assert load() is PACK
    assert load("zh").digest == digest(SHIPPED)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("events/visit.toml", "joins = 1", "joined = 1", "visit.toml: rule visit.host: unknown key joined"),
        ("events/visit.toml", "{to:Country}", "{to:Continent}", "visit.toml: rule visit.pays: unknown type Continent"),
        ("events/visit.toml", "today =", "tomorrow =", "visit.toml: unknown key tomorrow"),
        ("events/visit.toml", "{to:Country}", "{guest:Country}", "rule visit.pays: visit has no role guest"),
        ("events/visit.toml", 'name = "visit.host"', 'name = ""', "a rule needs a name and a pattern"),
        ("nouns.toml", 'makes = "Instrument"', "", "nothing says what it makes"),
        ("events/visit.toml", "joins = 1", "joins = one", "visit.toml: Invalid value"),
        ("lexicon/place.tsv", "河内\tVNM\tcapital", "河内\tVNM\tcapital\tx", "place.tsv:2: 4 cells under 3 columns"),
        ("lexicon/place.tsv", "surface", "word", "place.tsv:1: the first column must be surface"),
        ("lexicon/place.tsv", "河内\tVNM", "河内\tVNM\tcity\n河内\tVNM", "place.tsv:3: 河内 stands in line 2 already"),
    ],
)  # fmt: skip
def test_loading_is_strict(tmp_path: Path, file: str, old: str, new: str, reason: str) -> None:
    folder = make(tmp_path / "mini")
    change(folder, file, old, new)
    with pytest.raises(PackError) as caught:
        load_folder(folder)
    assert reason in str(caught.value)


def test_linting_leaves_the_folder_alone(tmp_path: Path) -> None:
    folder = make(tmp_path / "mini")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    check(folder)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_copy_of_the_shipped_pack_is_as_good(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(SHIPPED, copy)
    assert digest(copy) == digest(SHIPPED)
    assert list(lint_words(copy / "lexicon")) == list(lint_words(SHIPPED / "lexicon"))
    assert lint_rules(copy) == lint_rules(SHIPPED)


def test_rules_are_counted_once() -> None:
    names = [rule.name for rule in every_rule(PACK)]
    assert len(names) == len(set(names))


def test_small_pack_lints_clean(tmp_path: Path) -> None:
    pack: Pack = load_folder(make(tmp_path / "mini"))
    assert lint_pack(pack) == []
