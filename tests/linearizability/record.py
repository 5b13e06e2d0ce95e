"""What clients did and saw, as the lines of a history (checker/history.h has the form).

An item is None or a dict of whole numbers: `v` (which write it is of: no two write the same), `n` (a counter), `w` (what
the global index is by). On the wire it has a `filling`, too, which follows from `v`: items of many sizes, and one that were
put together of two would show.
"""


class Torn(Exception):
    """An item that no write has written."""


READING_ERRORS = (Torn, AssertionError, KeyError, ValueError)  # an answer can't be what it should be


def filling_of(v):
    length = v * 7919 % 211 if v % 17 else v * 7919 % 4093
    return (f"{v}." * (length // 3 + 1))[:length]


def wire_item(item):
    fields = {name: {"N": str(value)} for name, value in item.items()}
    if "v" in item:
        fields["filling"] = {"S": filling_of(item["v"])}
    return fields


def read_item(fields, whole=True):
    """The item of an answer, without its key. `whole`: it must have the filling of its `v`."""
    if fields is None:
        return None
    item = {name: int(value["N"]) for name, value in fields.items() if name in ("v", "n", "w")}
    others = set(fields) - set(item) - {"pk", "sk", "filling"}
    filling = fields.get("filling", {}).get("S")
    if others or (whole or "v" in item) and filling != (filling_of(item["v"]) if "v" in item else None):
        raise Torn(f"an item that nobody wrote: {fields}")
    return item


def text_of(item):
    if item is None:
        return "-"
    return ",".join(f"{name}={value}" for name, value in sorted(item.items())) or "+"


class Action:
    """One key's part of an operation: what is asked, and what was seen."""

    def __init__(self, verb, key, conditions=(), set_=None, add=None, remove=()):
        self.verb, self.key, self.conditions = verb, key, list(conditions)
        self.set, self.add, self.remove = set_ or {}, add or {}, remove
        self.seen = {}  # "saw", "old", "new": items; "updated-old", "updated-new": attributes
        self.met = None

    def text(self):
        words = [self.verb, self.key]
        if self.verb == "put":
            words.append(f"item:{text_of(self.set)}")
        elif self.set:
            words.append(f"set:{text_of(self.set)}")
        if self.add:
            words.append(f"add:{text_of(self.add)}")
        words += [f"remove:{name}" for name in self.remove]
        words += [f"if:{condition}" for condition in self.conditions]
        words += [f"{name}:{text_of(item)}" for name, item in self.seen.items()]
        if self.met is not None:
            words.append("met" if self.met else "unmet")
        return " ".join(words)


class Record:
    """One operation of a history. `end` None: no answer yet; `note` goes behind it for people."""

    def __init__(self, client, start, end, outcome, actions, note):
        self.client, self.start, self.end, self.outcome = client, start, end, outcome
        self.actions, self.note = " ; ".join(action.text() for action in actions), note

    def text(self):
        end = "-" if self.end is None else self.end
        return f"{self.client} {self.start} {end} {self.outcome} {self.actions} # {self.note}"
