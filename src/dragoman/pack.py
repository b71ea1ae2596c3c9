"""Loads a pack: its lexicons, word sets, phases and rules, strictly, and compiles what must be compiled.

A pack is a folder (`packs/zh`); nothing is registered anywhere. An unknown key, type, role or set is a PackError that
names the file, the rule and the reason.
"""

from __future__ import annotations

import gc
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from dragoman.actors import ActorBuilder, CharacterFrames
from dragoman.chronicle import Chronicle
from dragoman.dates import Direction
from dragoman.layout import LayoutRules
from dragoman.lexicon import Lexicon
from dragoman.match import TODAY, Compiler, PackError, Rule, TriggerIndex, Triggers, Types
from dragoman.model import model
from dragoman.names import NameRules
from dragoman.numbers import NumberRules
from dragoman.timex import TimeFinder

Reader = TypeVar("Reader")

FILE_KEYS = frozenset({"makes", "rule", "defaults", "today"})
RULE_KEYS = frozenset({"name", "triggers", "pattern", "yes", "no", "todo", "today"})


@dataclass(slots=True)
class Pack:
    """A compiled pack. `version` is the pack's own, `digest` the hash of all its files."""

    language: str
    version: str
    digest: str
    folder: Path
    types: Types
    transparent: frozenset[str]
    ends: frozenset[str]
    clause: re.Pattern[str]  # a mark that parts clauses
    pause: re.Pattern[str]  # such a mark, one of a list, or white space
    lexicon: Lexicon
    chronicle: Chronicle
    names: NameRules
    times: TimeFinder
    direction: Direction
    numbers: NumberRules
    layout: LayoutRules
    frames: CharacterFrames
    breaks: re.Pattern[str]
    triggers: Triggers
    phases: list[TriggerIndex]
    nouns: TriggerIndex
    events: TriggerIndex
    facts: list[Rule]
    status: Mapping[str, Any]
    refer: Mapping[str, Any]
    sets: Mapping[str, Sequence[str]]
    compiler: Compiler
    builder: ActorBuilder
    readers: dict[Any, Any] = field(default_factory=dict)

    def reader(self, make: Callable[[Pack], Reader]) -> Reader:
        """The reader of a sort (events, facts), made once for this pack."""
        if make not in self.readers:
            self.readers[make] = make(self)
        reader: Reader = self.readers[make]
        return reader


def read_toml(path: Path) -> dict[str, Any]:
    """The contents of a TOML file; a fault is a PackError that names the file and the place."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{path.name}: {error}") from error


def compile_rules(path: Path, compiler: Compiler, makes: str | None, keys: frozenset[str]) -> list[Rule]:
    """The rules of one file. `makes` is what they make unless the file or rule says so itself."""
    raw = read_toml(path)
    unknown = set(raw) - FILE_KEYS
    if unknown:
        raise PackError(f"{path.name}: unknown key {sorted(unknown)[0]}")
    makes = raw.get("makes", makes)
    defaults = {"today": raw.get("today", TODAY), **raw.get("defaults", {})}
    return [make_rule({**defaults, **row}, compiler, makes, path.name, keys) for row in raw.get("rule", [])]


def make_rule(row: dict[str, Any], compiler: Compiler, makes: str | None, source: str, keys: frozenset[str]) -> Rule:
    """Compile one rule, checking its keys, types, roles and sets."""
    name = row.get("name")
    where = f"{source}: rule {name}"
    if not name or "pattern" not in row:
        raise PackError(f"{where}: a rule needs a name and a pattern")
    makes = row.get("makes", makes)
    unknown = set(row) - RULE_KEYS - keys - {"makes"}
    if unknown:
        raise PackError(f"{where}: unknown key {sorted(unknown)[0]}")
    if makes is None:
        raise PackError(f"{where}: nothing says what it makes")
    regex, slots = compiler.rule(row["pattern"], where)
    options = {key: value for key, value in row.items() if key in keys}
    return Rule(
        name,
        makes,
        tuple(row.get("triggers", ())),
        row["pattern"],
        regex,
        slots,
        options,
        tuple(row.get("yes", ())),
        tuple(row.get("no", ())),
        tuple(row.get("todo", ())),
        source,
        row.get("today", TODAY),
        compiler.needs(row["pattern"]),
    )


#: Keys of actor, noun, event and fact rules beside the common ones.
ACTOR_KEYS = frozenset({"count", "ends", "rank", "kind", "place", "code"})
NOUN_KEYS = frozenset({"mode", "kind"})
#: What an event rule may say. mode, status: of the event by itself; subject: the role looked for to the left, if of
#: persons only (who), or needless (subjectless); occasion: on its sidelines somebody met, who with day and place is
#: taken from that meeting; split: the role of which each is an event of its own; members: the countries in the noun
#: take part; dates: what its time tells (start; end; none; only what is adjacent, save for the place (clause), in front
#: of the verb, or behind the object); deaf: cues that do not hold; joins: adds to an event told so many sentences back;
#: blocks: where it may stand; alone: the role of one state by itself; begun: who says so does not leave out a "will";
#: receives: one receives others, of however many countries they are; only: all that its words tell (headline: a name as
#: a headline has it, which another telling replaces; arrival: somebody came, who may only go to a gathering there);
#: mutual, needs, sides: see particulars.py.
EVENT_KEYS = frozenset(
    {"mode", "status", "subject", "who", "occasion", "subjectless", "split", "members", "dates", "deaf", "joins"}
    | {"alone", "blocks", "mutual", "needs", "sides", "receives", "begun", "only"}
)
FACT_KEYS = frozenset({"name_of", "follows", "speaker", "words"})
#: Slots and groups of event rules that are no role. core: the words that tell the event, which no other rule of the
#: kind reads; mode: words whose mode refer.toml gives; each: words that make it several events ("separately"), with
#: `split`; name: the noun that names the event; title: words that name it; about: what an instrument without a name is
#: about; to: the country that is gone to; where: the place; via: the talks of which an instrument came; ongoing: it is
#: under way, so that it needs no date; post, amount: of an appointment, of aid.
HELPERS = frozenset(
    {"core", "mode", "each", "name", "title", "about", "to", "where", "via", "ongoing", "post", "amount"}
)


@lru_cache(maxsize=4)
def load(language: str = "zh") -> Pack:
    """The compiled pack of `language`, from the folder that ships with the package."""
    collecting = gc.isenabled()
    gc.disable()  # a pack is all growth and no garbage, and looking for garbage is a tenth of the time
    try:
        return load_folder(Path(str(files("dragoman").joinpath("packs", language))), lazy=True)
    finally:
        if collecting:
            gc.enable()


def load_folder(folder: Path, lazy: bool = False) -> Pack:
    """The pack in `folder`; if `lazy`, its regular expressions are compiled, and so checked, when they are needed."""
    raw = read_toml(folder / "pack.toml")
    types = Types(raw["types"]["concrete"], raw["types"]["abstract"])
    sentence = raw["sentence"]
    marks = (sentence["ends"] + sentence["parts"]).replace("\n", "")
    compiler = Compiler(types, raw["sets"], raw.get("classes", {}), sentence["ends"], sentence["clause"], "Actor", lazy)
    lexicon = Lexicon(folder / "lexicon")
    actors = read_toml(folder / "actors.toml")
    phases = [
        [make_rule(row, compiler, None, "actors.toml", ACTOR_KEYS) for row in phase["rule"]]
        for phase in actors["phase"]
    ]
    nouns = compile_rules(folder / "nouns.toml", compiler, None, NOUN_KEYS)
    events = list(_folder_rules(folder / "events", compiler, EVENT_KEYS))
    facts = list(_folder_rules(folder / "facts", compiler, FACT_KEYS))
    check_roles(events)
    triggers = Triggers([*(rule for rules in phases for rule in rules), *nouns, *events, *facts])
    builder = ActorBuilder(lexicon.short, frozenset(lexicon.short) - frozenset(raw["bodies"]))
    return Pack(
        raw["language"],
        raw["version"],
        digest(folder),
        folder,
        types,
        frozenset(raw["types"]["transparent"]),
        frozenset(sentence["ends"]),
        re.compile(f"[{re.escape(marks)}]"),
        re.compile(rf"[{re.escape(marks + sentence['clause'])}\s]"),
        lexicon,
        Chronicle(folder / "chronicle"),
        NameRules(read_toml(folder / "names.toml"), read_toml(folder / "weights.toml"), lexicon),
        TimeFinder(read_toml(folder / "time.toml"), lazy),
        Direction(read_toml(folder / "time.toml")),
        NumberRules(read_toml(folder / "numbers.toml")),
        LayoutRules.load(folder, lazy),
        CharacterFrames(actors["characters"], lexicon.characters),
        re.compile(actors["characters"]["breaks"]),
        triggers,
        [TriggerIndex(rules, triggers) for rules in phases],
        TriggerIndex(nouns, triggers),
        TriggerIndex(events, triggers),
        facts,
        read_toml(folder / "status.toml"),
        read_toml(folder / "refer.toml"),
        raw["sets"],
        compiler,
        builder,
    )


def _folder_rules(folder: Path, compiler: Compiler, keys: frozenset[str]) -> Iterator[Rule]:
    for path in sorted(folder.glob("*.toml")):
        yield from compile_rules(path, compiler, path.stem, keys)


def check_roles(rules: Sequence[Rule]) -> None:
    """Refuse event rules whose kind, roles or mode the model does not know."""
    kinds = model().kinds
    for rule in rules:
        if rule.makes not in kinds:
            raise PackError(f"{rule.source}: rule {rule.name}: unknown kind {rule.makes}")
        kind = kinds[rule.makes]
        for group in rule.slots:
            role = group.rstrip("0123456789")
            if role not in kind.roles and role not in HELPERS:
                raise PackError(f"{rule.source}: rule {rule.name}: {rule.makes} has no role {role}")
        mode = rule.options.get("mode")
        if mode is not None and mode not in kind.modes:
            raise PackError(f"{rule.source}: rule {rule.name}: {rule.makes} has no mode {mode}")


def digest(folder: Path) -> str:
    """A hash of all files of a pack, the same on every machine."""
    total = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".toml", ".tsv"}:
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()
