"""A small pack for tests: the shipped pack's words about language, a handful of rules and a handful of names."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

SHIPPED = Path(__file__).resolve().parent.parent / "src" / "dragoman" / "packs" / "zh"

ACTORS = r"""
[[phase]]
name = "offices"
[[phase.rule]]
name = "office.full"
makes = "Office"
pattern = '{at:Country}{post:Post}'
yes = ["应[越南总理](Office)邀请。"]

[[phase]]
name = "persons"
[[phase.rule]]
name = "person.office_first"
makes = "Person"
pattern = '{office:Office}{name:Name}'
yes = ["[越南总理阮春福](Person)访问日本。"]
[[phase.rule]]
name = "person.bare"
makes = "Person"
pattern = '{name:Name}'
yes = ["[岸田文雄](Person)访问越南。"]
"""

NOUNS = r"""
[[rule]]
name = "instrument.declaration"
makes = "Instrument"
mode = "joint_statement"
triggers = ["声明"]
pattern = '(?P<name>联合(?:新闻)?声明)'
yes = ["双方发表[联合声明](Instrument)。"]
"""

VISIT = r"""
makes = "visit"
today = "2017-06-01"
[[rule]]
name = "visit.pays"
triggers = ["访问"]
subject = "visitor"
pattern = '对{to:Country}(?P<core>进行(?P<mode>正式|工作)?访问)'
yes = ["[越南总理阮春福](visitor)4日对[日本](to)进行[正式](mode)访问。"]
no = ["阮春福希望对日本进行访问。", "阮春福对日本表示感谢。"]
todo = ["[越南总理阮春福](visitor)4日开始[日本](to)之行。"]
[[rule]]
name = "visit.host"
triggers = ["邀请"]
joins = 1
deaf = ["invited"]
pattern = '应{host:Actor}(?P<core>邀请)'
yes = ["应[日本首相岸田文雄](host)邀请,越南总理阮春福4日开始对日本进行访问。"]
no = ["应日本首相岸田文雄邀请,本报记者写下此文。"]
"""

MEETING = r"""
makes = "meeting"
[[rule]]
name = "meeting.meets"
triggers = ["会见", "接见"]
subject = "party"
pattern = '(?P<core>(?P<mode>会见|接见)){party:Person}'
yes = ["[日本首相岸田文雄](party)4日会见[越南总理阮春福](party)。"]
no = ["日本首相岸田文雄希望早日会见越南总理阮春福。", "日本首相岸田文雄会见记者。"]
"""

TIME = r"""
[numerals]
digits = { "一" = 1 }
units = { "十" = 10 }
[slot.month]
pattern = '1[0-2]|[1-9]'
[slot.day]
pattern = '3[01]|[12]\d|[1-9]'
[[rule]]
name = "date.day"
kind = "date"
pattern = '(?:{month}月)?{day}日'
yes = ["他[4日]抵达。"]
no = ["节日快乐。"]
"""

STATUS = r"""
[[cue]]
name = "habit"
status = "ignored"
side = "before"
within = 8
words = ["希望", "早日"]
yes = ["阮春福希望4日对日本进行访问。"]
no = ["阮春福4日对日本进行访问,希望签约。"]
[[cue]]
name = "invited"
status = "proposed"
side = "before"
within = 10
words = ["邀请"]
yes = ["岸田文雄4日邀请会见阮春福。"]
no = ["岸田文雄4日会见阮春福,邀请他访问。"]
[[cue]]
name = "future"
status = "planned"
side = "before"
carries = true
within = 14
words = ["将"]
yes = ["阮春福4日将对日本进行访问。"]
no = ["阮春福4日对日本进行访问,将签约。"]
"""

LEXICON = {
    "country": (
        "surface\tcode\tform\n日本\tJPN\tshort\n越南\tVNM\tshort\n中国\tCHN\tshort\n越\tVNM\tchar\n日\tJPN\tchar\n"
    ),
    "post": "surface\trank\tcode\n总理\thead_of_government\t\n首相\thead_of_government\t\n",
    "person": (
        "surface\tname\tcode\tfrom\tto\tpost\tambiguous\n"
        "岸田文雄\t岸田文雄\tJPN\t2012\t2020\t首相\t\n阮春福\t阮春福\tVNM\t2016\t2021\t总理\t\n"
    ),
    "place": "surface\tcode\tkind\n河内\tVNM\tcapital\n",
    "organisation": "surface\tcode\tkind\n",
    "body": "surface\tsector\tcode\n",
    "agency": "surface\tcode\n",
}


def make(folder: Path) -> Path:
    """Write the small pack into a new folder."""
    folder.mkdir(parents=True)
    for name in ("refer.toml", "numbers.toml", "names.toml", "weights.toml", "layout.toml"):
        shutil.copy(SHIPPED / name, folder / name)
    shutil.copytree(SHIPPED / "publishers", folder / "publishers")
    pack = (SHIPPED / "pack.toml").read_text("utf-8")
    sets = re.search(r"\n\[sets\]\n.*?(?=\n\[)", pack, re.DOTALL)
    assert sets is not None
    used = [line for line in sets[0].splitlines() if line.startswith(("and =", "stop ="))]
    (folder / "pack.toml").write_text(pack.replace(sets[0], "\n".join(["", "[sets]", *used, ""])), "utf-8")
    shipped = (SHIPPED / "actors.toml").read_text("utf-8")
    (folder / "actors.toml").write_text(shipped[: shipped.index("[[phase]]")] + ACTORS, "utf-8")
    (folder / "time.toml").write_text(TIME, "utf-8")
    (folder / "nouns.toml").write_text(NOUNS, "utf-8")
    (folder / "status.toml").write_text(STATUS, "utf-8")
    (folder / "events").mkdir()
    (folder / "events" / "visit.toml").write_text(VISIT, "utf-8")
    (folder / "events" / "meeting.toml").write_text(MEETING, "utf-8")
    (folder / "lexicon").mkdir()
    for path in sorted((SHIPPED / "lexicon").glob("*.tsv")):
        if path.stem in LEXICON:
            (folder / "lexicon" / path.name).write_text(LEXICON[path.stem], "utf-8")
        else:
            shutil.copy(path, folder / "lexicon" / path.name)
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the one place in a file of the pack where `old` stands."""
    path = folder / name
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{name}: {old} stands there {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")
