"""What a case of the parity suite is, and what it may ask.

A case is a function with the evidence for what it expects; it gets a `Tenant`:

    @case("paritysuite/dynamodb-conformance, tests/tier1/getItem")
    def a_key_that_is_not_there_gives_no_item(t):
        t.answers("GetItem", dict(TableName=t.table(), Key=t.key()), {})

Each case is asked as a tenant of each partition model, and must hold for all of them. Bytes may be given in place of
parameters, where the JSON itself is what matters. Answers and messages are compared whole; `ANY` stands for what a case
doesn't care about.
"""
import itertools
import json
import time
from unittest.mock import ANY  # noqa: F401: for cases

CASES = []


def case(evidence):
    """Adds a case; `evidence` names where its answer was seen."""
    def add(function):
        CASES.append((function.__module__, function, evidence))
        return function
    return add


def each(*rows):
    """Calls what it decorates once per row: for cases that differ in their values alone. Goes between `case` and the function:

        @case("...")
        @each(("a", 1), ("b", 2))
        def name(t, letter, number): ...
    """
    def wrap(function):
        def run(t):
            for row in rows:
                try:
                    function(t, *row)
                except Wrong as wrong:
                    raise Wrong(f"{row!r}: {wrong}") from None
        run.__name__, run.__module__ = function.__name__, function.__module__
        return run
    return wrap


class Wrong(Exception):
    """An answer that isn't the expected one."""


def schema(hash="pk", range=None, types="SS", **more):
    """CreateTable's parameters for a table, less its name: `schema("pk", "sk", "SN")`."""
    names = [name for name in (hash, range) if name]
    return dict(dict(BillingMode="PAY_PER_REQUEST",
                     AttributeDefinitions=[dict(AttributeName=n, AttributeType=t) for n, t in zip(names, types)],
                     KeySchema=[dict(AttributeName=n, KeyType=k) for n, k in zip(names, ("HASH", "RANGE"))]), **more)


class Tenant:
    """A tenant of one partition model, who asks and compares."""

    def __init__(self, server, credentials, model):
        self.server, self.credentials, self.model = server, credentials, model
        self.tables = {}
        self.numbers = itertools.count(1)

    # --- what cases work on ---

    def table(self, definition=None):
        """The name of an ACTIVE table of this definition, which cases share: each uses keys of its own."""
        definition = definition or schema()
        text = json.dumps(definition, sort_keys=True)
        if text not in self.tables:
            self.tables[text] = self.new_table(definition)
        return self.tables[text]

    def new_table(self, definition=None):
        """The name of an ACTIVE table that no other case sees."""
        name = f"table{next(self.numbers)}"
        self.server.create_table(self.credentials, TableName=name, **(definition or schema()))
        return name

    def unique(self, prefix="k"):
        """A string that no other case uses."""
        return f"{prefix}{next(self.numbers)}"

    def key(self, name="pk"):
        """A key, for a table of one string key, that no other case uses."""
        return {name: {"S": self.unique()}}

    # --- asking ---

    def ask(self, operation, parameters, **options):
        """(HTTP status, parsed answer)."""
        prefix = "DynamoDBStreams_20120810" if operation in STREAMS_OPERATIONS else "DynamoDB_20120810"
        status, answer, _ = self.server.call(self.credentials, operation, parameters, prefix=prefix, **options)
        return status, answer

    def must(self, operation, parameters):
        """The answer of a call that a case only prepares with."""
        status, answer = self.ask(operation, parameters)
        if status != 200:
            raise Wrong(f"{operation} was to prepare the case, and was refused: {answer}")
        return answer

    def answers(self, operation, parameters, expected):
        """The answer is exactly this one. Returned, for what `ANY` stood for."""
        answer = self.must_be_answered(operation, parameters)
        if expected != answer:
            raise Wrong(f"{operation} was to answer\n      {expected}\n    and answered\n      {answer}")
        return answer

    def shows(self, operation, parameters, **members):
        """The answer has these members, among others; a member that is None must be missing."""
        answer = self.must_be_answered(operation, parameters)
        for name, value in members.items():
            if answer.get(name) != value:
                raise Wrong(f"{operation}'s {name} was to be\n      {value}\n    and is\n      {answer.get(name)}")
        return answer

    def refuses(self, operation, parameters, message, error="ValidationException", **members):
        """Refused with exactly this error and message. `members` are others that the answer has (None: hasn't)."""
        status, answer = self.ask(operation, parameters)
        if status == 200:
            raise Wrong(f"{operation} was to be refused\n      {error}: {message}\n    and answered\n      {answer}")
        found = answer.get("__type", "").split("#")[-1], answer.get("message", answer.get("Message"))
        if found != (error, message):
            raise Wrong(f"{operation} was to be refused\n      {error}: {message}\n    and was\n      {found[0]}: {found[1]}")
        for name, value in members.items():
            if answer.get(name) != value:
                raise Wrong(f"{operation}'s refusal was to have {name}\n      {value}\n    and has\n      {answer.get(name)}")
        return answer

    def must_be_answered(self, operation, parameters):
        status, answer = self.ask(operation, parameters)
        if status != 200:
            raise Wrong(f"{operation} was to be answered, and was refused:\n      "
                        f"{answer.get('__type', '').split('#')[-1]}: {answer.get('message', answer.get('Message'))}")
        return answer

    def same(self, what, expected, found):
        if expected != found:
            raise Wrong(f"{what} was to be\n      {expected}\n    and is\n      {found}")

    def item(self, table, key):
        """The stored item, or None."""
        return self.must("GetItem", dict(TableName=table, Key=key, ConsistentRead=True)).get("Item")

    def until(self, what, ask, timeout_s=20):
        """Asks until the answer is true, and returns it."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            answer = ask()
            if answer:
                return answer
            time.sleep(0.02)
        raise Wrong(f"{what}: not within {timeout_s} s")


STREAMS_OPERATIONS = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
