#!/usr/bin/env python3
"""The code's own rules, as a test: which room may include which, who may know what, how long a file may be, what is
left over (leftovers.py).

The rules of design are written here once more, on purpose: src/CMakeLists.txt links by them, this test includes by them,
and each checks the other. Run without arguments from anywhere; prints one line per violation.
"""
import re
import subprocess
import sys
from pathlib import Path

import coroutines
import leftovers

ROOT = Path(__file__).resolve().parents[2]
FILE_LINES_MAX = 800

# A room, and the rooms it may use; what those may use, it may use too.
ROOMS = {
    "base": [],
    "model": ["base"],
    "wire": ["model"],
    "expression": ["model"],
    "expression/partiql": ["expression"],
    "records": ["model"],
    "tenancy": ["records"],
    "access": ["records"],
    "policy": ["base"],
    "iam": ["access", "policy"],
    "metering": ["model"],
    "rules": ["model"],
    "storage": ["expression", "wire", "tenancy", "rules"],
    "storage/rocks": ["storage"],
    "control": ["storage"],
    "operations/core": ["storage", "access", "metering", "wire", "policy"],
    "operations/items": ["operations/core"],
    "operations/pages": ["operations/core"],
    "operations/partiql": ["operations/items", "operations/pages", "expression/partiql"],
    "operations/tables": ["operations/core"],
    "operations/streams": ["operations/tables"],
    "operations/copies": ["operations/tables", "operations/pages", "objects"],
    "operations/insights": ["operations/tables"],
    "operations": ["operations/partiql", "operations/streams", "operations/copies", "operations/insights"],
    "http": ["base"],
    "objects": ["access"],
    "federation": ["access"],
    "transfer": ["operations", "objects", "control"],
    "api": ["operations", "http", "iam"],
    "api/query": ["api"],
    "api/sts": ["api/query", "federation"],
    "admin": ["operations", "control", "http", "iam", "federation"],
    "api/iam": ["api/query"],
    "load": ["access", "http"],
    "app": ["api/iam", "api/sts", "admin", "load", "transfer", "storage/rocks"],
}
# Folders of a large room, in order: each may use itself and those before it.
GROUPS = {
    "tenancy": ["identity", "state", "codec", "catalog", "faces"],
}
TEST_ROOMS = {  # what a room's tests may use besides (TEST_DEPENDS)
    "operations": ["storage/rocks", "control"],
    **{room: ["operations", "storage/rocks", "control"] for room in ROOMS if room.startswith("operations/")},
    "objects": ["http"],
    "federation": ["http"],
    "transfer": ["storage/rocks", "http"],
    "api": ["storage/rocks", "control"],
}
# An included header (a prefix of its name), and the only places that may name it.
OPERATORS = ["src/tenancy/", "src/admin/", "src/app/", "src/control/"]
WORKERS = ["src/tenancy/", "src/control/"]  # what follows the catalog in the background
RESERVED_HEADERS = {
    "curl/": ["src/objects/", "src/federation/"],
    "pugixml": ["src/api/query/"],
    "cjose/": ["src/federation/"],
    "operations/core/physical_view.h": ["src/operations/core/"],
    "rocksdb/": ["src/storage/rocks/", "bench/", "tests/stress/"],
    "tenancy/identity/table_ref_maker.h": ["src/tenancy/", "bench/"],
    "tenancy/identity/context_maker.h": ["src/tenancy/catalog/", "src/tenancy/testing/"],
    "tenancy/codec/": ["src/tenancy/"],
    "tenancy/state/state.h": ["src/tenancy/"],
    "tenancy/catalog/catalog_impl.h": ["src/tenancy/"],
    "tenancy/catalog/change.h": ["src/tenancy/"],
    "tenancy/catalog/directory.h": ["src/tenancy/"],
    "tenancy/faces/organization.h": OPERATORS,
    "tenancy/faces/operator_backups.h": OPERATORS,
    "tenancy/faces/intents.h": WORKERS,
    "tenancy/faces/backup_intents.h": WORKERS,
    "tenancy/faces/change_logs.h": WORKERS,
    "tenancy/faces/expiring.h": WORKERS,
    "tenancy/faces/transfer_work.h": ["src/tenancy/", "src/transfer/"],
    "simdjson": ["src/wire/", "src/records/", "src/tenancy/", "src/access/", "src/federation/", "src/policy/", "src/admin/", "src/storage/", "src/app/", "fuzz/", "bench/", "tests/stress/", "tests/access/"],
}
# What the project never says of how it came about, and what must not be left behind.
FORBIDDEN_WORDS = [
    (r"/wor[k]/", "a path of one machine"),
    (r"\b(claude|anthropic|openai|chatgpt|(?<!cloud-)copilot|llm)\b", "a tool of the author"),
    (r"\bissue #?\d+", "a ticket; say the reason itself"),
    (r"registry\.npmjs\.org|artifactory|deb\.debian\.org", "the host of a registry"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", "unfinished work"),
]
# Below a folder, calls that only these of its places may make (tests aside); everybody else goes through them.
RESERVED_CALLS = [
    ("src/storage/rocks/", r"\bNewIterator\(", ["src/storage/rocks/rows.cc", "src/storage/rocks/index_runs.cc"],
     "rows are read through storage/rocks/rows.h, which shows none that a failed read has put in doubt"),
    ("src/storage/rocks/", r"\biterate_(upper|lower)_bound\b", ["src/storage/rocks/rows.cc"],
     "the bounds of rows are given to storage/rocks/rows.h, which keeps them for as long as RocksDB looks at them"),
    ("src/storage/rocks/", r"\bdb\(\)->(Get|MultiGet)\(", ["src/storage/rocks/reader.cc"],
     "rows are read through storage/rocks/reader.h, which notices a refused or failed read"),
    ("src/storage/rocks/", r"\b(kBlockCacheTier|read_tier|KeyMayExist)\b", [],
     "RocksDB's memory tier answers what isn't so (docs/decisions/reads-that-cannot-lie.md)"),
    ("src/storage/", r"\bValidationError\(|\bErrorCode::k(ResourceNotFound|ConditionalCheckFailed|Transaction\w+|TrimmedDataAccess"
     r"|ItemCollectionSizeLimitExceeded|IdempotentParameterMismatch|BackupNotFound)\b", [],
     "engines refuse by cause (storage/refusal.h); DynamoDB's words are said above them"),
    ("src/operations/", r"\bengine(\(\))?\.(Get|BatchGet|TransactGet|Write|BatchWrite|TransactWrite|ReadPage|Stats)\(",
     ["src/operations/core/"], "items are asked for through a table handle, which authorizes and counts"),
    ("src/operations/", r"\bservices_?\.usage\b|\bAdd(Read|Write)\(.*requests", ["src/operations/core/"],
     "what a request costs is counted by its table handle"),
    ("src/operations/", r"(\.|->)pooled\b", ["src/operations/core/", "src/operations/insights/insights.cc"],
     "who holds a table handle needn't know whether the table is composed of tenants' parts"),
    ("src/operations/", r"\btenancy::Catalog\b", [], "operations have the catalog as the holder of a context sees it"),
]
# Names that only these places may write, tests among all others.
RESERVED_NAMES = [
    (r"\bstd::((recursive_|shared_)?(timed_)?mutex|condition_variable(_any)?|lock_guard|(unique|scoped|shared)_lock|call_once)\b",
     ["src/base/mutex.h"], "locks are those of base/mutex.h, of which the compiler knows what they guard"),
]
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
TEXT_SUFFIXES = {".cc", ".h", ".md", ".py", ".mjs", ".js", ".json", ".sh", ".cmake", ".txt", ".toml", ".svg", ""}


def files():
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                            check=True, capture_output=True, text=True).stdout
    return sorted(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def allowed_rooms(room):
    seen, todo = set(), [room]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo.extend(ROOMS[current])
    return seen


def room_of(path):
    """The room of a path under src/, the longest that fits; None outside all rooms."""
    parts = path.split("/")
    for length in range(len(parts) - 1, 0, -1):
        if "/".join(parts[:length]) in ROOMS:
            return "/".join(parts[:length])
    return None


def later_group(room, name, header):
    """Whether a file of one of the room's groups names a header of a group after it."""
    order = GROUPS.get(room, [])
    user = name.removeprefix(f"src/{room}/").split("/")[0]
    used = header.removeprefix(f"{room}/").split("/")[0]
    return user in order and used in order and order.index(used) > order.index(user)


def is_test_code(name):
    return name.endswith(("_test.cc", "_test.h")) or "/testing/" in name or name.rsplit("/", 1)[-1].startswith("assumed_")


def check_includes(name, lines):
    """`name` is relative to the repository; yields (line number, message)."""
    room = room_of(name.removeprefix("src/")) if name.startswith("src/") else None
    for number, line in enumerate(lines, 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, header = match.groups()
        for reserved, places in RESERVED_HEADERS.items():
            is_test = name.endswith(("_test.cc", "_test.h", "_contract_test.h", "_test_support.h")) or "/testing/" in name or name.startswith(("tests/", "fuzz/"))
            if header.startswith(reserved) and not any(name.startswith(place) for place in places):
                if not (is_test and reserved.startswith("tenancy/")):
                    yield number, f"{header} is for {', '.join(places)} only"
        if room is None or quote == "<":
            continue
        target = room_of(header)
        if target is None:
            yield number, f'"{header}" names no room; includes start at src/'
        elif not (ROOT / "src" / header).exists():
            yield number, f'"{header}" does not exist'
        elif is_test_code(name) and target in TEST_ROOMS.get(room, []):
            pass
        elif not is_test_code(name) and target == room and later_group(room, name, header):
            yield number, f"{header} is of a later group of {room} ({', '.join(GROUPS[room])})"
        elif target not in allowed_rooms(room):
            yield number, f"{room} must not know {target} (it may use {', '.join(sorted(allowed_rooms(room) - {room})) or 'nothing'})"


def check_names(name, lines):
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        for pattern, places, why in RESERVED_NAMES:
            if name not in places and re.search(pattern, code):
                yield number, why


def check_calls(name, lines):
    if is_test_code(name):
        return
    for number, line in enumerate(lines, 1):
        code = line.split("//")[0]
        for folder, pattern, places, why in RESERVED_CALLS:
            if name.startswith(folder) and not name.startswith(tuple(places)) and re.search(pattern, code):
                yield number, why


def check_coroutines(name, lines):
    if name.startswith("src/") and not is_test_code(name):
        for number, function, kind in coroutines.dangling_parameters(lines):
            yield number, f"{function} is a coroutine: its parameters are values, and {kind}& may be gone when it goes on"


def check_links():
    """src/CMakeLists.txt links exactly what this test lets include."""
    text = (ROOT / "src/CMakeLists.txt").read_text()
    linked = {}
    for body in re.findall(r"insula_room\(([^)]*)\)", text):
        words = body.split()
        keyword, depends, groups = None, [], []
        for word in words[1:]:
            if word in ("GROUPS", "DEPENDS", "TEST_DEPENDS", "LIBRARIES", "PRECOMPILE", "PRECOMPILED_FOR"):
                keyword = word
            elif keyword == "DEPENDS":
                depends.append(word)
            elif keyword == "GROUPS":
                groups.append(word)
        linked[words[0]] = depends
        if groups != GROUPS.get(words[0], []):
            yield f"src/CMakeLists.txt: the groups of {words[0]} aren't those of the layering test"
    for room, depends in linked.items():
        if room not in ROOMS:
            yield f"src/CMakeLists.txt: room {room} is unknown to the layering test"
            continue
        extra = set(depends) - (allowed_rooms(room) - {room})
        if extra:
            yield f"src/CMakeLists.txt: {room} must not link {', '.join(sorted(extra))}"


def check_words(name, lines):
    if name in ("tests/layering/check.py", "package-lock.json"):
        return
    for number, line in enumerate(lines, 1):
        for pattern, why in FORBIDDEN_WORDS:
            if re.search(pattern, line, 0 if "TODO" in pattern else re.IGNORECASE):
                yield number, f"{why}: {line.strip()[:100]}"


def check_leftovers(texts, names):
    """`texts`: the lines of what is looked at, by name; `names`: all files there are. Yields violations."""
    def is_apart(name):
        return is_test_code(name) or name.startswith(("tests/", "fuzz/", "bench/"))

    for name in leftovers.unused_headers(texts):
        yield f"{name}: no file includes it"
    for name, number, function in leftovers.unused_functions(texts, is_apart):
        yield f"{name}:{number}: {function} is called by tests alone, or by nobody"
    for name, number, lost in leftovers.lost_files(texts, names):
        yield f"{name}:{number}: a comment names {lost}, which does not exist"


def main():
    violations = list(check_links())
    checked = 0
    texts, names = {}, []
    for path in files():
        name = str(path.relative_to(ROOT))
        names.append(name)
        if path.suffix not in TEXT_SUFFIXES:
            continue
        try:
            lines = path.read_text().split("\n")
        except UnicodeDecodeError:
            continue
        checked += 1
        if path.suffix in (".cc", ".h", ".py", ".mjs", ".cmake"):
            texts[name] = lines
        if path.suffix in (".cc", ".h"):
            violations += [f"{name}:{number}: {message}" for number, message in check_includes(name, lines)]
            violations += [f"{name}:{number}: {message}" for number, message in check_names(name, lines)]
            violations += [f"{name}:{number}: {message}" for number, message in check_calls(name, lines)]
            violations += [f"{name}:{number}: {message}" for number, message in check_coroutines(name, lines)]
        if path.suffix in (".cc", ".h", ".py", ".mjs") and len(lines) > FILE_LINES_MAX:
            violations.append(f"{name}: {len(lines)} lines; a file about one thing has at most {FILE_LINES_MAX}")
        violations += [f"{name}:{number}: {message}" for number, message in check_words(name, lines)]
    violations += check_leftovers(texts, names)
    for violation in violations:
        print(violation)
    print(f"layering: {checked} files, {len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
