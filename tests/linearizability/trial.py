"""Clients at one server, window after window, with the server killed or stopped in some of them.

A window begins and ends at rest: its start state is what was read at the end of the one before. In between each client
sends its share of requests. Where the server goes away in the middle, what has no answer can have happened up to the moment
at which the process was gone; transactions with a token are sent again to the next process, until it is known what came of
them.
"""
import json
import multiprocessing
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import client as client_process  # noqa: E402
import liar  # noqa: E402
from insula import MODELS, Server  # noqa: E402
from record import READING_ERRORS, Record, text_of  # noqa: E402
from wire import Wire  # noqa: E402
from workload import KEYS, MIXES, STATIC_ITEMS, TABLES, Workload  # noqa: E402

TENANT = "acme"
ATTEMPTS_MAX = 20  # to learn what came of a transaction
# A client that waits for the checker isn't gone.
PATIENT = ("--set", "limits.idle_timeout_ms=3600000")
# What small memory does: writes are flushed after a few requests, and next to nothing is cached.
SMALL_ENGINE = ("--set", "engine.write_buffer_bytes=1048576", "--set", "engine.block_cache_bytes=1048576")


class Ended(Exception):
    """The trial can't go on: the server doesn't start, or can't be asked what it has."""


class Trial:
    """A context manager. `errors` are answers that no history can tell of: they are failures as much as violations."""

    def __init__(self, seed, clients=12, models=MODELS, requests=10, serve_arguments=()):
        self.seed, self.random, self.requests, self.models = seed, random.Random(seed), requests, models
        self.serve_arguments = (*PATIENT, *serve_arguments)
        self.windows = self.kills = self.stops = self.operations = self.unanswered = 0
        self.errors = []
        # The processes come first: they should inherit nothing.
        self.pipes, self.processes = [], []
        for number in range(clients):
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(target=client_process.main, args=(number, seed, theirs), daemon=True)
            process.start()
            theirs.close()
            self.pipes.append(ours)
            self.processes.append(process)
        self.server = Server(*self.serve_arguments)

    def __enter__(self):
        self.server.start()
        self.keys, self.wires, self.state, self.readers = {}, {}, {}, {}
        for model in self.models:
            self.server.make_service(f"s-{model}", model, tenants=[TENANT])
            tenant = self.server.tenant_credentials("prod", f"s-{model}", TENANT)
            service = self.server.credentials("--environment", "prod", "--service", f"s-{model}")
            for name, table in TABLES.items():
                self.server.create_table(service if name == "Shared" else tenant, **table)
            self.server.must(tenant, "BatchWriteItem", {"RequestItems": {"Left": [
                {"PutRequest": {"Item": item}} for item in STATIC_ITEMS]}})
            self.server.cli("service", "share", f"s-{model}", "--environment", "prod", "--table", "Shared")
            self.keys[model] = {whose: (key.access_key, key.secret_key)
                                for whose, key in (("tenant", tenant), ("service", service))}
            self.wires[model] = Wire(self.server.port, *self.keys[model]["tenant"])
            self.state[model] = dict.fromkeys(KEYS)
            self.readers[model] = Workload(self.random, len(self.pipes))
        return self

    def __exit__(self, *_):
        for pipe in self.pipes:
            try:
                pipe.send(None)
            except OSError:
                pass
        for process in self.processes:
            process.join(timeout=10)
        self.server.__exit__()

    def window(self, model, end=None, lie=None):
        """Runs one window and returns it as the text of a history. `end`: "kill" or "stop" the server in the middle."""
        start = self.state[model]
        mix = self.random.choice(list(MIXES)) if lie is None else "all"
        records, at_rest = [], False
        self.ask_all(model, mix, self.requests, lie)
        if end:
            time.sleep(self.random.uniform(0.001, 0.06))
            gone = self.end_server(end)
        answers = self.answers()
        if end:
            records += self.ended_at(gone, answers)
            self.start_server()
            if lie in liar.OF_RESTARTS:
                liar.meddle(lie, self.wires[model], start, self.random)
            # Those who went on go on, and the transactions without an answer are sent again.
            self.ask_all(model, mix, self.requests // 2, lie)
            answers = self.answers()
        for attempt in range(ATTEMPTS_MAX):
            unresolved = sum(answer[2] for answer in answers)
            went_away = [answer[3] for answer in answers if answer[3]]
            if went_away:  # nobody ended it: what it still does with what it was asked is not to be known while it lives
                self.errors.append(f"window {self.windows}: a server that was not ended went away: " + "; ".join(went_away) +
                                   f"\n{self.server.log_tail(5)}")
                records += self.ended_at(self.end_server("kill"), answers)
                self.start_server()
            else:
                records += [record for answer in answers for record in answer[0]]
            if not unresolved and not went_away:
                at_rest = True
                break
            self.ask_all(model, mix, 0, lie)
            answers = self.answers()
        if not at_rest:
            self.errors.append(f"window {self.windows}: transactions without an answer after {ATTEMPTS_MAX} attempts")
        records += self.read_everything(model)
        name = f"{self.windows}-{model}-{mix}" + (f"-{end}" if end else "")
        self.windows += 1
        self.operations += len(records)
        self.unanswered += sum(record.outcome == "unknown" for record in records)
        lines = [f"window {name}", *(f"start {key} {text_of(item)}" for key, item in start.items())]
        lines += [record.text() for record in sorted(records, key=lambda record: record.start)]
        return "\n".join(lines) + "\n"

    # --- clients ---

    def ask_all(self, model, mix, requests, lie):
        for pipe in self.pipes:
            pipe.send({"process": self.server.process.pid, "port": self.server.port, **self.keys[model], "mix": mix,
                       "requests": requests, "lie": None if lie in liar.OF_RESTARTS else lie})

    def answers(self):
        answers = [pipe.recv() for pipe in self.pipes]
        for _, errors, _, _ in answers:
            self.errors += [f"window {self.windows}: {error}" for error in errors]
        return answers

    @staticmethod
    def ended_at(time_ns, answers):
        """The records, of which those without an answer end with the server."""
        records = [record for answer in answers for record in answer[0]]
        for record in records:
            if record.end is None:
                record.end = max(time_ns, record.start)
        return records

    def read_everything(self, model):
        """What is there now that nobody writes, in one read, and by other ways."""
        everything = self.readers[model].transact_get(KEYS)
        records = self.read_at_rest(model, everything)
        if not records:
            raise Ended(self.errors[-1])
        self.state[model] = {action.key: action.seen["saw"] for action in everything.parts[0]}
        for make in (Workload.scan, Workload.query, Workload.index, Workload.get, Workload.batch_get):
            records += self.read_at_rest(model, make(self.readers[model]))
        return records

    def read_at_rest(self, model, request):
        start = time.monotonic_ns()
        status, answer = self.wires[model].call(request.operation, request.body)
        end = time.monotonic_ns()
        try:
            if status != 200:
                raise ValueError(status)
            request.done(answer)
        except READING_ERRORS as error:
            self.errors.append(f"window {self.windows}, at rest: {request.operation}: {type(error).__name__} {error} in "
                               f"{json.dumps(answer)[:500]}")
            return []
        # Nothing is written meanwhile, so that it needn't be one moment: this would tie keys together that nothing else does.
        return [Record("reader", start, end, "done", [action], request.operation) for part in request.parts for action in part]

    # --- the server ---

    def end_server(self, how):
        """Returns the moment from which on it does nothing any more."""
        if how == "kill":
            self.kills += 1
            self.server.kill()
        else:
            self.stops += 1
            self.server.stop()
        for wire in self.wires.values():
            wire.close()
        return time.monotonic_ns()

    def start_server(self):
        # Now and then with little memory, so that what is read was flushed and isn't cached.
        small = SMALL_ENGINE if self.random.random() < 0.5 else ()
        self.server.serve_arguments = [*small, *self.serve_arguments]
        try:
            self.server.start()
        except RuntimeError as error:
            self.errors.append(str(error))
            raise Ended(str(error)) from error
