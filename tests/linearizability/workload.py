"""The requests of a client, drawn by chance: every kind of read and write that can meet another on the same few items.

A Request knows what it asks of which keys, and reads from its answer what a history says of it.
"""
import json
import uuid

from record import Action, read_item, wire_item

# name -> (table, hash key, range key). One partition has two items, one table has two partitions, and there are two tables
# of the tenant's. The third is the service's, which shares it with its tenants: they read it, and transactions of theirs
# check it; under the account model it is in another store than what they write.
KEYS = {"left/a/0": ("Left", "a", 0), "left/a/1": ("Left", "a", 1), "left/b/0": ("Left", "b", 0),
        "right/a/0": ("Right", "a", 0), "shared/a/0": ("Shared", "a", 0)}
# Items that are never changed lie between the two of one partition: a page, or a transaction that reads them, too, takes
# longer from the first to the last, and whoever doesn't read at one moment is caught more often.
STATIC = [dict(pk={"S": "a"}, sk={"N": f"0.{n}"}) for n in range(11, 31) if n % 10]
STATIC_ITEMS = [{**key, "static": {"BOOL": True}} for key in STATIC]
NAMES = {place: name for name, place in KEYS.items()}
OWNERS = (1, 2)  # the values of w

TABLES = {table: dict(
    TableName=table, BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[dict(AttributeName=n, AttributeType=t) for n, t in
                          (("pk", "S"), ("sk", "N"), ("w", "N"), ("v", "N"))],
    KeySchema=[dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName="sk", KeyType="RANGE")],
    GlobalSecondaryIndexes=[dict(IndexName="by-owner", Projection=dict(ProjectionType="ALL"),
                                 KeySchema=[dict(AttributeName="w", KeyType="HASH")])],
    LocalSecondaryIndexes=[dict(IndexName="by-version", Projection=dict(ProjectionType="ALL"), KeySchema=[
        dict(AttributeName="pk", KeyType="HASH"), dict(AttributeName="v", KeyType="RANGE")])],
) for table in ("Left", "Right", "Shared")}

# What windows are made of: weights of the kinds of requests. Windows without transactions and Queries leave each key on
# its own, which is checked faster and meets other locks.
MIXES = {
    "all": dict(put=3, update=4, delete=2, get=4, query=2, index=2, scan=1, batch_write=1, batch_get=1, transact_write=3,
                transact_get=3, again=1),
    "single": dict(put=3, update=5, delete=2, get=5, batch_write=1, batch_get=1),
    "counters": dict(update=8, delete=1, get=2, transact_write=1),
    "transactions": dict(transact_write=6, transact_get=4, again=2, put=1, query=1),
    "pages": dict(put=2, update=2, delete=2, transact_write=2, query=3, index=3, scan=2),
}


def wire_key(name):
    _, pk, sk = KEYS[name]
    return {"pk": {"S": pk}, "sk": {"N": str(sk)}}


def check_static(items, count):
    if len(items) != count or any(item not in STATIC_ITEMS for item in items):
        raise AssertionError(f"{len(items)} of {count} items that never change")


def is_shared(name):
    return KEYS[name][0] == "Shared"


def key_of(table, fields):
    return NAMES[table, fields["pk"]["S"], int(fields["sk"]["N"])]


def expression(condition, values):
    """A condition of a history as an expression; the values it needs are added to `values`."""
    if condition in ("exists", "absent"):
        return f"attribute_{'' if condition == 'exists' else 'not_'}exists(pk)"
    for sign in (">=", "=", "<"):
        name, found, value = condition.partition(sign)
        if found:
            values[f":if_{name}"] = {"N": value}
            return f"{name} {sign} :if_{name}"
    raise ValueError(condition)


class Request:
    """`parts`: the operations that it is, each of actions that happen at one moment."""

    retries = False  # the same request again is still one operation
    twice = False  # it is sent twice at once
    as_service = False  # it is the service's, not the tenant's

    def __init__(self, operation, body, parts, read):
        self.operation, self.body, self.parts, self.read = operation, body, parts, read

    def done(self, answer):
        """What was seen goes into the actions. Parts that were not processed are gone."""
        self.read(answer)

    def refused(self, answer):
        """Whether `answer` says that conditions didn't hold; what it shows of the items goes into the actions."""
        kind = answer.get("__type", "").split("#")[-1]
        if kind == "ConditionalCheckFailedException":
            (action,), = self.parts
            action.met = False
            if self.body.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
                action.seen = {"old": read_item(answer.get("Item"))}
            return True
        if kind == "TransactionCanceledException":
            reasons = answer["CancellationReasons"]
            if {reason["Code"] for reason in reasons} - {"None", "ConditionalCheckFailed"}:
                return False
            for action, reason, item in zip(self.parts[0], reasons, self.body["TransactItems"]):
                action.met = reason["Code"] == "None"
                (asked,) = item.values()
                if not action.met and asked.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
                    action.seen = {"old": read_item(reason.get("Item"))}
            return True
        return False

    def conflicts(self, answer):
        """Whether `answer` says that others were in the way: nothing happened, and nothing was seen."""
        kind = answer.get("__type", "").split("#")[-1]
        if kind in ("TransactionConflictException", "TransactionInProgressException"):
            return True
        return kind == "TransactionCanceledException" and any(
            reason["Code"] == "TransactionConflict" for reason in answer["CancellationReasons"])


class Workload:
    def __init__(self, random, client, sequence=0):
        self.random, self.client, self.sequence = random, client, sequence
        self.known = {}  # key -> the item as it was seen last
        self.keys = list(KEYS)

    def next_version(self):
        return (self.sequence + 1) * 100 + self.client

    def version(self):
        self.sequence += 1
        return self.sequence * 100 + self.client

    def make(self, mix):
        kinds = MIXES[mix]
        kind = self.random.choices(list(kinds), kinds.values())[0]
        return getattr(self, kind)()

    def chance(self, probability):
        return self.random.random() < probability

    def some_keys(self):
        return self.random.sample(self.keys, self.random.randint(min(2, len(self.keys)), len(self.keys)))

    # --- writes ---

    def conditions(self, key, often):
        if not self.chance(often):
            return []
        known = self.known.get(key) or {}
        choices = ["exists", "absent"]
        if "v" in known:
            choices += [f"v={known['v']}"] * 4
        if "n" in known:
            choices += [f"n<{known['n'] + 1}", f"n>={known['n']}"]
        return [self.random.choice(choices)]

    def new_item(self):
        item = {"v": self.version()}
        if self.chance(0.7):
            item["n"] = 0
        if self.chance(0.6):
            item["w"] = self.random.choice(OWNERS)
        return item

    def write(self, verb, key, often):
        """An action, and the parameters that ask for it."""
        action = Action(verb, key, self.conditions(key, often))
        values, clauses = {}, []
        body = {"TableName": KEYS[key][0]}
        if verb == "put":
            action.set = self.new_item()
            body["Item"] = {**wire_key(key), **wire_item(action.set)}
        else:
            body["Key"] = wire_key(key)
        if verb == "update":
            if self.chance(0.6):
                action.set = {"v": self.version()}
                if self.chance(0.4):
                    action.set["w"] = self.random.choice(OWNERS)
                elif self.chance(0.3):
                    action.remove = ["w"]
                fields = wire_item(action.set)
                values.update({f":{name}": value for name, value in fields.items()})
                clauses.append("SET " + ", ".join(f"{name} = :{name}" for name in fields))
                clauses += [f"REMOVE {name}" for name in action.remove]
            if not action.set or self.chance(0.5):
                action.add = {"n": self.random.randint(1, 3)}
                values[":by"] = {"N": str(action.add["n"])}
                clauses.append("ADD n :by")
            body["UpdateExpression"] = " ".join(clauses)
        if action.conditions:
            body["ConditionExpression"] = " AND ".join(expression(c, values) for c in action.conditions)
            if self.chance(0.5):
                body["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if values:
            body["ExpressionAttributeValues"] = values
        return action, body

    def single(self, operation, verb, returns):
        key = self.random.choice(self.keys)
        action, body = self.write(verb, key, 0.4)
        wanted = self.random.choice(returns)
        if wanted != "NONE" or self.chance(0.5):
            body["ReturnValues"] = wanted

        def read(answer):
            fields = answer.get("Attributes")
            if wanted in ("ALL_OLD", "ALL_NEW"):
                action.seen[wanted[4:].lower()] = self.saw(key, read_item(fields))
            elif wanted != "NONE":
                action.seen[wanted.replace("_", "-").lower()] = read_item(fields or {}, whole=False)

        request = Request(operation, body, [[action]], read)
        request.as_service = is_shared(key)
        return request

    def put(self):
        return self.single("PutItem", "put", ("NONE", "ALL_OLD"))

    def update(self):
        return self.single("UpdateItem", "update", ("NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"))

    def delete(self):
        return self.single("DeleteItem", "delete", ("NONE", "ALL_OLD"))

    def batch_write(self):
        """A batch is as many operations as it has elements, in no order."""
        asked, parts = {}, {}
        for key in [key for key in self.some_keys() if not is_shared(key)]:
            verb = "put" if self.chance(0.7) else "delete"
            action, body = self.write(verb, key, 0)
            table = body.pop("TableName")
            asked.setdefault(table, []).append({"PutRequest" if verb == "put" else "DeleteRequest": body})
            parts[key] = [action]
        request = Request("BatchWriteItem", {"RequestItems": asked}, list(parts.values()), None)

        def read(answer):
            for table, elements in answer.get("UnprocessedItems", {}).items():
                for element in elements:
                    (body,) = element.values()
                    del parts[key_of(table, body.get("Item") or body["Key"])]
            request.parts = list(parts.values())

        request.read = read
        return request

    def transact_write(self):
        actions, items = [], []
        for key in self.some_keys():
            verb = "check" if is_shared(key) else self.random.choice(("put", "update", "update", "delete", "check"))
            action, body = self.write(verb, key, 1 if verb == "check" else 0.15)
            actions.append(action)
            items.append({"ConditionCheck" if verb == "check" else verb.capitalize(): body})
        body = {"TransactItems": items}
        request = Request("TransactWriteItems", body, [actions], lambda answer: None)
        if self.chance(0.7):
            body["ClientRequestToken"] = str(uuid.UUID(int=self.random.getrandbits(128)))
            request.retries = True
        return request

    def again(self):
        """A transaction with a token, which the client sends twice at once."""
        request = self.transact_write()
        request.body.setdefault("ClientRequestToken", str(uuid.UUID(int=self.random.getrandbits(128))))
        request.retries = request.twice = True
        return request

    # --- reads ---

    def saw(self, key, item):
        self.known[key] = item
        return item

    def get(self):
        key = self.random.choice(self.keys)
        action = Action("read", key)
        body = {"TableName": KEYS[key][0], "Key": wire_key(key), **self.consistency()}
        return Request("GetItem", body, [[action]],
                       lambda answer: action.seen.update(saw=self.saw(key, read_item(answer.get("Item")))))

    def consistency(self):
        """Reads of both kinds see the latest."""
        return self.random.choice(({}, {"ConsistentRead": False}, {"ConsistentRead": True}, {"ConsistentRead": True}))

    def batch_get(self):
        actions = {key: Action("read", key) for key in self.some_keys()}
        asked = {}
        for key in actions:
            asked.setdefault(KEYS[key][0], {"Keys": [], **self.consistency()})["Keys"].append(wire_key(key))
        request = Request("BatchGetItem", {"RequestItems": asked}, [[action] for action in actions.values()], None)

        def read(answer):
            for table, rest in answer.get("UnprocessedKeys", {}).items():
                for key in rest["Keys"]:
                    del actions[key_of(table, key)]
            for action in actions.values():
                action.seen["saw"] = None
            for table, items in answer["Responses"].items():
                for fields in items:
                    actions[key_of(table, fields)].seen["saw"] = read_item(fields)
            request.parts = [[action] for action in actions.values()]

        request.read = read
        return request

    def transact_get(self, keys=None):
        actions = [Action("read", key) for key in keys or self.some_keys()]
        places = [(KEYS[action.key][0], wire_key(action.key)) for action in actions]
        places[1:1] = static = [("Left", key) for key in (STATIC if self.chance(0.5) else ())]
        body = {"TransactItems": [{"Get": {"TableName": table, "Key": key}} for table, key in places]}

        def read(answer):
            responses = answer["Responses"]
            check_static([response.get("Item") for response in responses[1:1 + len(static)]], len(static))
            del responses[1:1 + len(static)]
            for action, response in zip(actions, responses, strict=True):
                action.seen["saw"] = self.saw(action.key, read_item(response.get("Item")))

        return Request("TransactGetItems", body, [actions], read)

    def page(self, operation, table, keys, body, condition=None):
        """A Query or Scan whose one page is a snapshot of `keys`, of those that satisfy `condition`, and without one of the
        static items."""
        actions = {key: Action("read", key, [condition] if condition else []) for key in keys}

        def read(answer):
            if "LastEvaluatedKey" in answer:
                raise AssertionError(f"{operation}: {len(keys)} items don't fit into a page: {json.dumps(answer)[:200]}")
            for action in actions.values():
                action.seen["saw"] = None
            check_static([fields for fields in answer["Items"] if "static" in fields], 0 if condition else len(STATIC))
            for fields in answer["Items"]:
                if "static" in fields:
                    continue
                action = actions[key_of(table, fields)]
                if action.seen["saw"] is not None:
                    raise AssertionError(f"{operation}: {action.key} twice in one page")
                action.seen["saw"] = read_item(fields)

        return Request(operation, {"TableName": table, **body}, [list(actions.values())], read)

    def query(self):
        values = {":pk": {"S": "a"}}
        body = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": values,
                "ScanIndexForward": self.chance(0.5), **self.consistency()}
        condition = f"w={self.random.choice(OWNERS)}" if self.chance(0.3) else None
        if condition:
            body["FilterExpression"] = expression(condition, values)
        return self.page("Query", "Left", ("left/a/0", "left/a/1"), body, condition)

    def index(self):
        """An index is never behind its table."""
        if self.chance(0.5):
            owner = self.random.choice(OWNERS)
            return self.page("Query", "Left", [k for k in KEYS if KEYS[k][0] == "Left"], {
                "IndexName": "by-owner", "KeyConditionExpression": "w = :w",
                "ExpressionAttributeValues": {":w": {"N": str(owner)}}}, f"w={owner}")
        return self.page("Query", "Left", ("left/a/0", "left/a/1"), {
            "IndexName": "by-version", "KeyConditionExpression": "pk = :pk AND v >= :v", **self.consistency(),
            "ExpressionAttributeValues": {":pk": {"S": "a"}, ":v": {"N": "0"}}}, "v>=0")

    def scan(self):
        return self.page("Scan", "Left", [k for k in KEYS if KEYS[k][0] == "Left"], self.consistency())
