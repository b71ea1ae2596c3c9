"""What is known of an item while its drafts are resolved, and the events that come of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from dragoman.actors import Actor
from dragoman.article import Item
from dragoman.calendar import Resolved
from dragoman.mentions import Sentence
from dragoman.pack import Pack
from dragoman.persons import Register

#: No sentence means an event that was told further back than so many sentences.
SENTENCES_BACK = 1000


@dataclass(slots=True)
class Party:
    """A participant with the role it plays; `sure` is False where the country was taken from the context."""

    name: str
    role: str
    kind: str
    country: str | None
    post: str | None = None
    sure: bool = True


@dataclass(slots=True)
class Event:
    """A draft resolved: an event of an item, before repeats are merged. `kernel` is what the name of a gathering says
    beside its sides and that it is one; `summit` whether it is called one of leaders, `plain` whether its name
    tells no more than sides and posts; `occasion` is a gathering on whose sidelines others met; `only` is the rule's
    option of that name."""

    kind: str
    mode: str | None
    status: str
    name: str | None
    start: str | None
    end: str | None
    place: str | None
    place_country: str | None
    parties: list[Party]
    spans: list[tuple[int, int]]
    rule: str
    sentence: int
    dated: bool
    carried: bool
    amount: float | int | None = None
    currency: str | None = None
    post: str | None = None
    members: frozenset[str] = frozenset()
    kernel: str | None = None
    summit: bool = False
    plain: bool = False
    occasion: bool = False
    tellings: int = 1
    anaphor: str | None = None
    timed: bool = False
    firm: bool = False  # what the words say themselves has begun, so that no "will" can be left out
    only: str | None = None
    eve: bool = False  # planned only because something is told that came before it


@dataclass(slots=True)
class Refusal:
    """Why a draft did not become an event."""

    rule: str
    span: tuple[int, int]
    reason: str


@dataclass(slots=True)
class Context:
    """What is known of an item while its drafts are resolved; `text` is the page's, folded, `page` is it as it came."""

    pack: Pack
    item: Item
    sentences: Sequence[Sentence]
    register: Register
    text: str
    page: str
    events: list[Event] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    resolved: dict[int, Resolved | None] = field(default_factory=dict)
    pairs: list[tuple[int, tuple[str, str]]] | None = None
    spelt: dict[str, str] = field(default_factory=dict)
    speech: dict[int, int] = field(default_factory=dict)

    def text_of(self, start: int, end: int) -> str:
        """The folded words at these offsets."""
        return self.text[start:end]

    def own(self, name: str) -> str:
        """A name, found in the folded text, as the item writes it, or else the page; as given if it stands nowhere."""
        if name not in self.spelt:
            at = self.text.find(name, self.item.start)
            at = at if at >= 0 else self.text.find(name)
            self.spelt[name] = self.page[at : at + len(name)] if at >= 0 else name
        return self.spelt[name]

    def pair(self, sentence: Sentence) -> tuple[str, str] | None:
        """The two countries that the item speaks of at a sentence: the pair told last, up to there."""
        if self.pairs is None:
            self.pairs = [
                (other.start, (str(value.members[0].country), str(value.members[1].country)))
                for other in self.sentences
                for mention in other.mentions
                if isinstance(value := mention.value, Actor)
                and len(value.members) == 2
                and all(m.country for m in value.members)
            ]
        told = bisect_right(self.pairs, sentence.start, key=lambda row: row[0])
        return self.pairs[told - 1][1] if told else None

    def before(self, offset: int) -> Sequence[Sentence]:
        """The sentences that begin at or before an offset, at most SENTENCES_BACK of them, the last one last."""
        end = bisect_right(self.sentences, offset, key=lambda sentence: sentence.start)
        return self.sentences[max(0, end - SENTENCES_BACK) : end]

    def recent(self, sentence: int, reach: int = SENTENCES_BACK) -> Iterator[Event]:
        """The events told so far, the last first, at most so many sentences back."""
        for event in reversed(self.events):
            if sentence - event.sentence > reach:
                break
            yield event
