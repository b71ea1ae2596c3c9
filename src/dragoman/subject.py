"""Who acts: the actors that a verb's subject is, if the rule leaves them to be found, by the words of refer.toml.

In order: the free actors of the verb's own clause, those of the clauses before it, those of a clause behind a fronted
one, and last the topic of the sentences before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman.match import Mention, Squeezed
from dragoman.pack import Pack


class SubjectFinder:
    """Finds the subject of a reading in its squeezed sentence."""

    def __init__(self, pack: Pack) -> None:
        subject = pack.refer["subject"]
        self.governors = (*subject["governed_by"], *subject["towards"])
        self.partner = re.compile("|".join(map(re.escape, subject["joined_by"])))
        self.everybody = tuple(subject["everybody"])
        self.pivots = tuple(subject["pivots"])
        self.owned = tuple(subject["governed_before"])
        self.urging = re.compile("(?:" + "|".join(map(re.escape, subject["urging"])) + ")[\u4e00-\u9fff]{2}")
        self.within = tuple(subject["within"])
        self.about = tuple(subject["about"])
        self.fronts = tuple(subject["fronts"])
        self.leads = tuple(subject["leads"])
        self.tells = tuple(subject["tells"])
        self.pronoun = pack.types.char["Pronoun"]
        self.going_verbs, self.partners = tuple(subject["moves"]), tuple(subject["partners"])
        who = "[" + pack.types.characters("Actor") + "]"
        ands = "|".join(map(re.escape, sorted(pack.sets["and"], key=len, reverse=True)))
        person = pack.types.char["Person"]  # two side by side: somebody and the spouse whose title the first has taken
        title = pack.types.char["Honorific"]  # and his wife so-and-so
        self.group = re.compile(f"{who}(?:(?:{ands}){title}?{who}|(?<={person}){person}){{0,11}}")
        self.right_in_front = max(map(len, pack.refer["apart"]["words"]))
        apart = "|".join(map(re.escape, pack.refer["apart"]["words"]))
        self.each = re.compile(f"{who}(?:(?:,|{ands}){who}){{1,11}}(?={apart})")
        self.people = re.compile("[" + pack.types.characters("Who") + "]")
        self.saying = re.compile("|".join(map(re.escape, (*subject["behind_saying"], *self.tells))))
        self.plain = re.compile("[\u4e00-\u9fff]")
        self.unread = pack.compiler.compile(subject["unread"], "refer.toml: [subject] unread")[0]
        self.quotes = pack.refer["quotes"]["open"], pack.refer["quotes"]["close"]
        self.as_what = re.compile(subject["as"])
        self.clause = pack.clause

    def _groups(self, squeezed: Squeezed, start: int, end: int) -> list[tuple[int, int]]:
        return [found.span() for found in self.group.finditer(squeezed.text, start, end)]

    def find(
        self, squeezed: Squeezed, position: int, topic: list[Mention], only_people: bool = False
    ) -> tuple[list[Mention], int, bool]:
        """The actors that act at `position`: the last free ones of its clause, else of the clauses before, else the
        topic of the sentences before. Free: not governed by a preposition and not owner of what follows."""
        text = squeezed.text
        for listed in self.each.finditer(text):
            # "A, B, C separately meet D": a list, whatever marks stand in it
            if 0 <= position - listed.end() <= self.right_in_front and self._free(text, listed.span()):
                return self._members(squeezed, listed.span()), listed.start(), False
        limit = position
        fronted = False  # "to A's meeting B, C says": A meets B, and not C
        while True:
            begin = 0
            for mark in self.clause.finditer(text, 0, limit):
                begin = mark.end()
            for said in self.saying.finditer(text, begin, limit):
                begin = said.end()
            if limit == position and text.startswith(self.everybody, begin):
                return [], position, False
            groups = self._groups(squeezed, begin, limit)
            free = [g for g in groups if self._free(text, g) or self._does(text, g, position)]
            near = bool(groups) and limit == position and (not free or groups[-1][1] == position)
            if near and self._goes(text, groups[-1], position):
                free = groups[-2:-1] if self._led(squeezed, groups) else groups[-1:]
            if groups and self._does(text, groups[-1], position):
                free = groups[-1:]
            if free:
                people = [g for g in free if self.people.search(text, *g)]
                chosen = self._acting(squeezed, people or free, free[-1], position)
                if limit == position and self.urging.search(text, chosen[1], position):
                    return [], position, False
                if people or not only_people or position - chosen[1] <= 4:
                    if limit < position:  # whom he met in the clause before does not share what he does next
                        chosen = self._without_partner(text, chosen)
                    return self._members(squeezed, chosen), chosen[0], False
                if limit == position and self._unread(text, begin, chosen, position):
                    return [], position, False
            if limit == position:
                fronted = any(self.people.search(text, *g) and text.endswith(self.fronts, 0, g[0]) for g in groups)
            if begin == 0:
                break
            limit = begin - 1
            if text[limit] not in ",、":
                if self.clause.match(text, limit):
                    break
                # "X announces to do it": X does it
                limit = max(said.start() for said in self.saying.finditer(text, 0, begin))
        if fronted or self.unread.search(text, self._clause(text, position), position):
            return [], position, False
        for group in self._groups(squeezed, position + 1, len(text)):
            apart = self.clause.search(text, position, group[0]) is not None
            if apart and self._free(text, group) and self.people.search(text, *group):
                return self._members(squeezed, group), position, False
        return list(topic), position, True

    def _clause(self, text: str, position: int) -> int:
        """Where the clause of a position begins."""
        return max([0, *(mark.end() for mark in self.clause.finditer(text, 0, position))])

    def _unread(self, text: str, begin: int, group: tuple[int, int], position: int) -> bool:
        """Whether so much stands between a state at the head of a clause and its verb that it must be somebody whom
        nobody has read."""
        at_head = not self.plain.search(text, begin, group[0])
        return at_head and len(self.plain.findall(text, group[1], position)) >= 5

    def _acting(
        self, squeezed: Squeezed, groups: Sequence[tuple[int, int]], last: tuple[int, int], position: int
    ) -> tuple[int, int]:
        """Which of several groups acts: the first; but a name rather than a post of no country, and several states
        together right in front rather than one that nobody stands for."""
        first = self._members(squeezed, groups[0])
        verb = squeezed.text[position : position + 1]
        if position - last[1] <= 3 and verb in self.going_verbs and self.people.search(squeezed.text, *last):
            return last
        if any(mention.type == "Person" for mention in first):
            return groups[0]
        for group in groups[1:]:
            members = self._members(squeezed, group)
            if members[0].type == "Person" and all(m.type == "Office" and not m.value.country for m in first):
                return group
        if position - last[1] <= 4 and any(m.type == "Collective" for m in self._members(squeezed, last)):
            return last
        return groups[0]

    def _without_partner(self, text: str, group: tuple[int, int]) -> tuple[int, int]:
        """The actors of a group that stand before a word that only ever joins a partner."""
        found = self.partner.search(text, *group)
        return (group[0], found.start()) if found is not None and found.start() > group[0] else group

    def _does(self, text: str, group: tuple[int, int], position: int) -> bool:
        """Whether the object of one verb is the subject of the next: who is congratulated on doing it."""
        return position - group[1] <= 2 and text[: group[0]].endswith(self.pivots)

    def _goes(self, text: str, group: tuple[int, int], position: int) -> bool:
        """Whether somebody goes somewhere right behind his name, whatever word governs the clause in front of it."""
        if position - group[1] > 3 or not self.people.search(text, *group):
            return False
        if self.as_what.search(text, max(0, group[0] - 9), group[0]):
            return False
        return text.startswith(self.going_verbs, position) and not text.endswith(self.partners, 0, group[0])

    def _led(self, squeezed: Squeezed, groups: Sequence[tuple[int, int]]) -> bool:
        """Whether the last of some actors is a delegation right behind those who lead it by name: they are who goes."""
        if len(groups) < 2 or groups[-1][0] - groups[-2][1] > 4:
            return False
        leaders = self._members(squeezed, groups[-2])
        return squeezed.text.startswith(self.leads, groups[-2][1]) and any(m.type == "Person" for m in leaders)

    def _free(self, text: str, group: tuple[int, int]) -> bool:
        before, after = text[max(0, group[0] - 3) : group[0]], text[group[1] : group[1] + 4]
        if before.endswith(self.quotes[0]) and after.startswith(self.quotes[1]):
            return False  # a ship, tank or plan of that name
        if after.startswith(self.leads):
            return True
        if before.endswith(self.about) and after.startswith(self.going_verbs) and self.people.search(text, *group):
            return True
        if before.endswith(self.within) and after.startswith(self.going_verbs):
            return False  # "while X is on a visit": somebody else acts
        if before.endswith(self.tells) and text[group[0]] != self.pronoun:
            return True
        if before.endswith(self.governors) or self.as_what.search(text, max(0, group[0] - 9), group[0]):
            return False
        return not after.startswith(self.owned)

    def _members(self, squeezed: Squeezed, span: tuple[int, int]) -> list[Mention]:
        return [m for m in squeezed.mentions[span[0] : span[1]] if m is not None]

    def leading(self, squeezed: Squeezed) -> list[Mention]:
        """The first free person or state of a sentence: what the next sentences are about if they name no subject."""
        for group in self._groups(squeezed, 0, len(squeezed.text)):
            if self._free(squeezed.text, group):
                return self._members(squeezed, group)
        return []
