"""A client: a process of its own that sends requests one after the other and keeps a record of each.

The trial tells it over a pipe to run its share of a window, and gets what it recorded. Time is CLOCK_MONOTONIC, which all
processes of a machine share.
"""
import json
import random
import threading
import time
import traceback

from liar import Liar
from record import READING_ERRORS, Record
from wire import NoAnswer, NotSent, Wire
from workload import Workload


class Client:
    def __init__(self, number, seed):
        self.number, self.name = number, f"c{number}"
        self.random = random.Random(f"{seed}/{number}")
        self.workload = Workload(self.random, number)
        self.wires, self.process, self.liar = {}, None, None
        self.unresolved = []  # (request, when it was sent first): transactions with a token that have no answer
        self.records, self.errors, self.down = [], [], None

    def run(self, share):
        """`share`: the server's process and port, the tenant's and the service's keys, a mix, the number of requests, and
        which lie to tell, if any. Returns the records, what went wrong, how many transactions are to be asked about again, and, if it
        went away, how that showed."""
        self.records, self.errors, self.down = [], [], None
        if share["process"] != self.process:  # none of the connections is there any more
            self.process = share["process"]
            self.close()
        self.wire, self.second_wire = self.connection(share, "tenant"), self.connection(share, "tenant", "second")
        self.service_wire = self.connection(share, "service")
        if (self.liar and self.liar.kind) != share["lie"]:
            self.liar = Liar(share["lie"], self.random, self.workload) if share["lie"] else None
        again, self.unresolved = self.unresolved, []
        for request, start in again:
            self.attempt(request, start)
        for _ in range(share["requests"]):
            if self.down:
                break
            self.attempt(self.workload.make(share["mix"]))
        return self.records, self.errors, len(self.unresolved), self.down

    def connection(self, share, whose, which="first"):
        name = *share[whose], which
        if name not in self.wires:
            self.wires[name] = Wire(share["port"], *share[whose])
        return self.wires[name]

    def close(self):
        for wire in self.wires.values():
            wire.close()

    def send(self, request):
        wire = self.service_wire if request.as_service else self.wire
        if self.liar:
            return self.liar.call(wire, request)
        return wire.call(request.operation, request.body)

    def attempt(self, request, first_start=None):
        """Sends the request and records what came of it. `first_start`: it was sent before, at that time."""
        if request.twice and first_start is None:
            return self.attempt_twice(request)
        start = time.monotonic_ns()
        try:
            status, answer = self.send(request)
        except NotSent as error:
            self.down = f"{self.name} could not send {request.operation}: {error}"
            if first_start is not None:
                self.unresolved.append((request, first_start))
            return
        except NoAnswer as error:
            self.down = f"{self.name} got no answer to {request.operation}: {error}; {json.dumps(request.body)[:500]}"
            if request.retries:
                self.unresolved.append((request, first_start or start))
            else:
                for part in request.parts:
                    self.keep(start, None, "unknown", part, request)
            return
        self.take(request, first_start or start, start, time.monotonic_ns(), status, answer)

    def attempt_twice(self, request):
        """The same token in two requests at once: however they meet, it happens once."""
        results, start = [None, None], time.monotonic_ns()

        def send(which, wire):
            try:
                results[which] = (*wire.call(request.operation, request.body), time.monotonic_ns())
            except (NotSent, NoAnswer) as error:
                self.down = f"{self.name} got no answer to {request.operation}, sent twice: {error}; {json.dumps(request.body)[:500]}"

        other = threading.Thread(target=send, args=(1, self.second_wire))
        other.start()
        send(0, self.wire)
        other.join()
        answered = [result for result in results if result]
        done = [result for result in answered if result[0] == 200]
        for status, answer, end in [result for result in answered if result[0] != 200]:
            self.take(request, start, start, end, status, answer, again=bool(done) or len(answered) < 2)
        if done:
            self.take(request, start, start, max(result[2] for result in done), *done[0][:2])
        elif len(answered) < 2:
            self.unresolved.append((request, start))

    def take(self, request, first_start, start, end, status, answer, again=False):
        """`again`: there will be another answer to the same request, which says whether it happened."""
        try:
            if status == 200:
                request.done(answer)
                for part in request.parts:
                    self.keep(first_start, end, "done", part, request)
            elif status == 400 and request.conflicts(answer):
                # Nothing came of this attempt; of one before it, nothing is known.
                if first_start != start and not again:
                    self.unresolved.append((request, first_start))
            elif status == 400 and request.refused(answer):
                # Had an attempt before it happened, this would have been answered as that.
                for part in request.parts:
                    self.keep(start, end, "refused", part, request)
                    for action in part:
                        action.met, action.seen = None, {}
            elif status == 503:
                self.down = f"{self.name} was answered 503"  # it is stopping; nothing was done
                if first_start != start and not again:
                    self.unresolved.append((request, first_start))
            else:
                self.errors.append(f"{request.operation}: {status} {json.dumps(answer)[:500]} to {json.dumps(request.body)[:500]}")
        except READING_ERRORS as error:
            self.errors.append(f"{request.operation}: {type(error).__name__} {error} in {json.dumps(answer)[:500]}")

    def keep(self, start, end, outcome, actions, request):
        if actions:
            self.records.append(Record(self.name, start, end, outcome, actions, request.operation))


def main(number, seed, pipe):
    client = Client(number, seed)
    try:
        while share := pipe.recv():
            try:
                pipe.send(client.run(share))
            except Exception:  # our own mistake: it must be seen
                pipe.send(([], [traceback.format_exc()], 0, None))
    except (EOFError, KeyboardInterrupt):
        pass
    client.close()
