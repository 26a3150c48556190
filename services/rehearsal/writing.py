"""Writes made-up complaints: real street and community names, invented people, words from `texts.toml`."""

from datetime import datetime, timedelta
from typing import Any

from services.rehearsal.dice import Dice
from services.rehearsal.shares import shares, texts
from shared.units import Tier, Unit, UnitDirectory

Written = tuple[datetime, str, dict[str, Any]]
GROUP_HOUR = 19


class Writing:
    """The orders of a day, each a function of the seed and its own number."""

    def __init__(self, dice: Dice, units: UnitDirectory) -> None:
        self._dice = dice
        self._units = units
        streets = sorted(units.of_tier(Tier.STREET), key=lambda unit: unit.code)
        self._streets = dice.roll("streets", "").sample(streets, min(shares().hotline.streets, len(streets)))
        self._categories = {entry["code"]: entry for entry in texts()["categories"]}
        self._weights = {code: float(entry["weight"]) for code, entry in self._categories.items()}

    def orders_of(self, midnight: datetime) -> list[Written]:
        day = f"{midnight:%Y%m%d}"
        usual = shares().hotline.orders_a_day
        count = self._dice.whole(int(usual * 0.85), int(usual * 1.15), "volume", day)
        orders = [self._order(midnight, f"{day}-{number:04}") for number in range(1, count + 1)]
        if midnight.toordinal() % shares().hotline.burst_every_days == 1:
            orders += self._burst(midnight, day)
        return orders

    def again(self, content: dict[str, Any], order_no: str, filed_at: datetime, says: str) -> dict[str, Any]:
        """The same caller on the same matter and place, under a new number."""
        return content | {
            "order_no": order_no,
            "filed_at": filed_at.isoformat(),
            "dispatched_at": filed_at.isoformat(),
            "content": f"{says}{content.get('content', '')}",
            "disposition": None,
            "matters": [],
        }

    def _order(self, midnight: datetime, order_no: str) -> Written:
        filed_at = midnight + timedelta(hours=self._hour(order_no), minutes=self._dice.whole(0, 59, "minute", order_no))
        category = self._dice.weighted(self._weights, "category", order_no)
        content = self._content(order_no, filed_at, category)
        if self._dice.happens(shares().hotline.answered_ratio, "answered", order_no):
            content = self._answered(content, order_no)
        elif self._dice.happens(shares().hotline.faulty_ratio, "faulty", order_no):
            content = self._faulty(content, order_no)
        elif self._dice.happens(shares().hotline.matters_ratio, "matters", order_no):
            content = content | {"matters": [self._matter(order_no, beside=category)]}
        return filed_at, order_no, content

    def _content(self, order_no: str, filed_at: datetime, category: str) -> dict[str, Any]:
        entry = self._categories[category]
        title = self._fill(self._dice.one_of(entry["titles"], "title", order_no), order_no)
        ending = self._dice.one_of(texts()["endings"], "ending", order_no)
        place, codes, dispatch_kind = self._place(order_no)
        kind = self._dice.weighted(shares().hotline.kinds, "kind", order_no)
        return {
            "order_no": order_no,
            "filed_at": filed_at.isoformat(),
            "request_kind": kind,
            "title": title,
            "content": f"来电人反映:{self._fill('{since}', order_no)},{title}。{ending}",
            "caller": self._caller(order_no),
            "place": {"address": place, "unit_codes": codes},
            "category": category if self._dice.happens(0.6, "knows category", order_no) else "",
            "sla_class": entry.get("sla"),
            "dispatch_kind": dispatch_kind,
            "dispatched_at": filed_at.isoformat(),
            "disposition": None,
            "respondent": self._respondent(order_no),
            "channel": "phone" if self._dice.happens(0.91, "channel", order_no) else "web",
        }

    def _matter(self, order_no: str, *, beside: str) -> dict[str, Any]:
        """What else the call is about, of another category."""
        others = {code: weight for code, weight in self._weights.items() if code != beside}
        category = self._dice.weighted(others, "other matter", order_no)
        title = self._fill(self._dice.one_of(self._categories[category]["titles"], "other title", order_no), order_no)
        return {"title": title, "content": f"来电人同时反映:{title}。", "category": category}

    def _burst(self, midnight: datetime, day: str) -> list[Written]:
        """Neighbours who all ring on one evening about the same thing, at times from two communities of a street."""
        communities = [self._community(day)]
        if self._dice.happens(shares().hotline.burst_of_street_ratio, "burst of a street", day):
            communities += self._next_door(communities[0])
        parts = self._parts(f"burst {day}")
        orders = []
        for number in range(shares().hotline.burst_orders):
            community = communities[number % len(communities)]
            order_no, filed_at = f"{day}-G{number:02}", midnight + timedelta(hours=GROUP_HOUR, minutes=3 * number)
            content = self._content(order_no, filed_at, "noise") | {
                "request_kind": "complaint",
                "respondent": "",
                "title": texts()["group"].format(**parts),
                "content": texts()["group_content"].format(**parts),
                "place": {"address": self._address(community), "unit_codes": [community.code]},
                "category": "noise",
            }
            orders.append((filed_at, order_no, content))
        return orders

    def _answered(self, content: dict[str, Any], order_no: str) -> dict[str, Any]:
        disposition = self._dice.one_of(sorted(texts()["answered"]), "disposition", order_no)
        title = self._fill(texts()["answered"][disposition], order_no)
        return content | {"title": title, "content": title, "disposition": disposition, "request_kind": "help"}

    def _faulty(self, content: dict[str, Any], order_no: str) -> dict[str, Any]:
        fault = self._dice.one_of(("no title", "unknown unit", "naive time", "bad kind"), "fault", order_no)
        if fault == "no title":
            return {name: value for name, value in content.items() if name != "title"}
        if fault == "unknown unit":
            return content | {"place": {"address": "", "unit_codes": ["110105999"]}}
        if fault == "naive time":
            return content | {"filed_at": content["filed_at"][:19]}
        return content | {"request_kind": "grumble"}

    def _hour(self, order_no: str) -> int:
        """Somewhere in the hours that follow the one drawn, up to the next in the table."""
        return int(self._dice.weighted(shares().hotline.hours, "hour", order_no))

    def _place(self, order_no: str) -> tuple[str, list[str], str]:
        """Address, unit codes, and how it is dispatched: where there is no code the district relays."""
        community = self._community(order_no)
        how = self._dice.weighted(shares().hotline.places, "place", order_no)
        if how == "address":
            return self._address(community), [], "relayed"
        if how == "elsewhere":
            return self._dice.one_of(texts()["elsewhere"], "elsewhere", order_no), [], "relayed"
        if how == "contradiction":
            street, other = self._units.get(community.code[:9]), self._community(f"other {order_no}")
            return f"朝阳区{street.name}{other.name.removesuffix('居委会')}", [], "relayed"
        return self._address(community), self._codes(how, community, order_no), "direct"

    def _codes(self, how: str, community: Unit, order_no: str) -> list[str]:
        if how == "grid":
            grids = sorted(unit.code for unit in self._units.children_of(community.code))
            return [self._dice.one_of(grids, "grid", order_no)] if grids else [community.code]
        if how == "street":
            return [community.code[:9]]
        if how == "two_communities":
            siblings = sorted(unit.code for unit in self._units.children_of(community.code[:9]))
            return sorted({community.code, self._dice.one_of(siblings, "sibling", order_no)})
        if how == "two_streets":
            return sorted({community.code, self._community(f"other {order_no}").code})
        return [community.code]

    def _community(self, ref: str) -> Unit:
        street = self._dice.one_of(self._streets, "street", ref)
        communities = sorted(self._units.children_of(street.code), key=lambda unit: unit.code)
        return self._dice.one_of(communities[:8], "community", ref)

    def _next_door(self, community: Unit) -> list[Unit]:
        """Another community of its street, if there is one."""
        others = self._units.children_of(community.code[:9])
        return [one for one in sorted(others, key=lambda unit: unit.code) if one != community][:1]

    def _address(self, community: Unit) -> str:
        street = self._units.get(community.code[:9])
        return f"朝阳区{street.name}{community.name.removesuffix('居委会')}"

    def _caller(self, order_no: str) -> dict[str, Any]:
        return {
            "ref": f"C-{order_no}",
            "name": self._dice.one_of(texts()["surnames"], "surname", order_no) + "某",
            "phone": f"1380000{self._dice.whole(0, 9999, 'phone', order_no):04}",
            "contact": "",
            "special_group": "",
            "confidential": self._dice.happens(0.05, "confidential", order_no),
            **self._represented(order_no),
        }

    def _represented(self, order_no: str) -> dict[str, Any]:
        """For whom some call: nothing, where that is themselves."""
        if not self._dice.happens(shares().hotline.represented_ratio, "represented", order_no):
            return {}
        return {
            "relation": self._dice.one_of(texts()["relatives"], "relation", order_no),
            "concerned_name": self._dice.one_of(texts()["surnames"], "concerned", order_no) + "某",
            "concerned_phone": f"1390000{self._dice.whole(0, 9999, 'concerned phone', order_no):04}",
        }

    def _respondent(self, order_no: str) -> str:
        """Some complain about who would have it."""
        is_against = self._dice.happens(shares().hotline.respondent_ratio, "against", order_no)
        return self._dice.one_of(texts()["respondents"], "respondent", order_no) if is_against else ""

    def _fill(self, template: str, ref: str) -> str:
        return template.format(**self._parts(ref))

    def _parts(self, ref: str) -> dict[str, Any]:
        named = texts()
        return {
            "compound": self._dice.one_of(named["compounds"], "compound", ref),
            "building": self._dice.whole(1, 28, "building", ref),
            "spot": self._dice.one_of(named["spots"], "spot", ref),
            "since": self._dice.one_of(named["since"], "since", ref),
        }
