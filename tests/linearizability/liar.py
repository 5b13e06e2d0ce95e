"""Faults planted between a client and the server, so that what should find them is seen to.

Each kind is what a server with that fault would do: it answers what isn't so, or does what wasn't asked. The records are
made by the same code as ever, of what the client was told.
"""
import json
import time

from record import wire_item
from wire import NoAnswer, NotSent
from workload import KEYS, is_shared, wire_key

KINDS = {
    "stale-read": "GetItem answers what it answered before",
    "lost-update": "UpdateItem is answered and not done",
    "torn-transaction": "TransactWriteItems writes its first item only",
    "spread-transaction": "TransactWriteItems writes its items one after the other",
    "condition-ignored": "PutItem and DeleteItem don't look at their condition",
    "spread-snapshot": "TransactGetItems reads its items one after the other",
    "value-from-the-future": "GetItem answers what will be written next",
    "done-twice": "UpdateItem is done twice",
    "refused-but-done": "PutItem is refused, and done all the same",
    "forgotten-after-kill": "an item is gone after SIGKILL",
    "returned-after-kill": "an item is what it was earlier after SIGKILL",
}
OF_RESTARTS = ("forgotten-after-kill", "returned-after-kill")  # the trial itself plants these


class Liar:
    def __init__(self, kind, random, workload):
        self.kind, self.random, self.workload = kind, random, workload
        self.tell = getattr(self, kind.replace("-", "_"), None)
        self.earlier = {}

    def call(self, wire, request):
        if self.tell:
            answer = self.tell(wire, request.operation, request.body)
            if answer is not None:
                return answer
        return wire.call(request.operation, request.body)

    def sometimes(self):
        return self.random.random() < 0.2

    def stale_read(self, wire, operation, body):
        if operation != "GetItem":
            return None
        answer = wire.call(operation, body)
        earlier = self.earlier.setdefault(json.dumps(body["Key"]) + body["TableName"], answer)
        if self.sometimes():
            return earlier
        return answer

    def lost_update(self, wire, operation, body):
        blind = "ConditionExpression" not in body and body.get("ReturnValues", "NONE") == "NONE"
        return (200, {}) if operation == "UpdateItem" and blind and self.sometimes() else None

    def torn_transaction(self, wire, operation, body):
        if operation != "TransactWriteItems" or not self.sometimes():
            return None
        return wire.call(operation, {**body, "TransactItems": body["TransactItems"][:1]})

    def spread_transaction(self, wire, operation, body):
        if operation != "TransactWriteItems" or "ClientRequestToken" in body or "ConditionExpression" in json.dumps(body):
            return None
        for item in body["TransactItems"]:
            wire.call(operation, {"TransactItems": [item]})
            time.sleep(0.002)
        return 200, {}

    def condition_ignored(self, wire, operation, body):
        if operation not in ("PutItem", "DeleteItem") or not self.sometimes():
            return None
        return wire.call(operation, {name: value for name, value in body.items() if name not in (
            "ConditionExpression", "ExpressionAttributeValues", "ReturnValuesOnConditionCheckFailure")})

    def spread_snapshot(self, wire, operation, body):
        if operation != "TransactGetItems":
            return None
        responses = []
        for item in body["TransactItems"]:
            _, answer = wire.call("GetItem", item["Get"])
            responses.append({"Item": answer["Item"]} if "Item" in answer else {})
            time.sleep(0.002)
        return 200, {"Responses": responses}

    def value_from_the_future(self, wire, operation, body):
        if operation != "GetItem" or not self.sometimes():
            return None
        return 200, {"Item": {**body["Key"], **wire_item({"v": self.workload.next_version(), "n": 0})}}

    def done_twice(self, wire, operation, body):
        if operation != "UpdateItem" or "ConditionExpression" in body or not self.sometimes():
            return None
        answer = wire.call(operation, body)
        wire.call(operation, body)
        return answer

    def refused_but_done(self, wire, operation, body):
        if operation != "PutItem" or "ConditionExpression" not in body:
            return None
        answer = wire.call(operation, body)
        if answer[0] == 400:
            wire.call(operation, {"TableName": body["TableName"], "Item": body["Item"]})
        return answer


def meddle(kind, wire, state, random):
    """After a kill, what a server that lost its log's end would show. `state`: the items at the beginning of the window."""
    key = random.choice([key for key in state if not is_shared(key)])
    table = KEYS[key][0]
    try:
        if kind == "forgotten-after-kill" or state[key] is None:
            wire.call("DeleteItem", {"TableName": table, "Key": wire_key(key)})
        else:
            wire.call("PutItem", {"TableName": table, "Item": {**wire_key(key), **wire_item(state[key])}})
    except (NoAnswer, NotSent) as error:
        raise RuntimeError(f"the server isn't there: {error}") from error
