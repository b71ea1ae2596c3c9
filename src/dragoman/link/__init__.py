"""Which reports are of one real event: across pages, days, agencies and statuses.

Everything here is pure and knows no store: claims (what linking needs of a report) go in, clusters with stable ids and
the weighed evidence for each decision come out. `Linker` takes claims one at a time and looks only at events near
them; `link` takes many at once. How it decides, and how well, stands in docs/linking.md.
"""

from dragoman.link.claims import Claim, Judgement
from dragoman.link.cluster import Contradiction, Linker, Placed, Shelf, link
from dragoman.link.events import Field, History, disagreements, history
from dragoman.link.evidence import Verdict, compare
from dragoman.link.names import LinkRules, load_rules
from dragoman.link.pages import Copy, Pages, Sketch, sketch
from dragoman.link.people import Person, people
from dragoman.link.profile import Profile

__all__ = [
    "Claim",
    "Contradiction",
    "Copy",
    "Field",
    "History",
    "Judgement",
    "LinkRules",
    "Linker",
    "Pages",
    "Person",
    "Placed",
    "Profile",
    "Shelf",
    "Sketch",
    "Verdict",
    "compare",
    "disagreements",
    "history",
    "link",
    "load_rules",
    "people",
    "sketch",
]
