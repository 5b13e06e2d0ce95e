#!/usr/bin/env python3
"""Holds the lists in docs/ to the code they are made from, and every relative link to a file that is there.

    check_docs.py            says what differs
    check_docs.py --write    writes the lists again

The sources are read as text, so that this needs no build: the records of settings and commands, the list of error codes.
"""
import importlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def joined(text):
    """Adjacent C++ string literals as one."""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', text)).replace('\\"', '"')


def settings():
    header = (ROOT / "src/app/settings.h").read_text()
    defaults = dict(re.findall(r"(?:std::string|std::int64_t) (\w+)(?: = (.*?))?;", header))
    source = (ROOT / "src/app/settings.cc").read_text()
    rows = ["| setting | type | default | meaning |", "| --- | --- | --- | --- |"]
    body = source[source.index("const std::array kSettings"):source.index("const SettingRecord* FindSetting")]
    for entry in re.findall(r"(?:Text|Number)\((.*?)\)(?=,\n    (?:Text|Number)|,?\s*\};)", body, re.DOTALL):
        name = re.match(r'\s*"([^"]+)"', entry)[1]
        type_ = re.search(r"T::k(\w+)", entry)[1].lower()
        member = re.search(r"&S::(\w+)", entry)[1]
        rest = entry[entry.index("T::k"):entry.index("&S::")]
        description = joined(rest)
        choices = re.search(r'&S::\w+,\s*"([^"]*)"', entry)
        default = defaults[member].strip('"').replace("'", "")
        if re.fullmatch(r"[0-9 *]+", default):
            default = str(eval(default))  # a product of numbers, by the pattern
        kind = choices[1].replace("|", ", ") if choices else type_
        rows.append(f"| `{name}` | {kind} | {f'`{default}`' if default else ''} | {description} |")
    rows.append("")
    rows.append("In the environment a setting is `INSULA_` and its name in capitals, with `_` for the dot: `INSULA_SERVER_LISTEN`.")
    return rows


def commands():
    source = (ROOT / "src/app/operator_commands.cc").read_text()
    rows = ["| command | what it does | example |", "| --- | --- | --- |"]
    body = source[source.index("kCommands = {"):source.index("struct Group")]
    for entry in re.findall(r"CommandSpec\{(.*?)\}(?=,)", body, re.DOTALL):
        parts = re.findall(r'"((?:[^"\\]|\\.)*)"', entry)
        group, verb, _, help_, example = parts[0], parts[1], parts[2], parts[3], "".join(parts[4:])
        rows.append(f"| `{(group + ' ' + verb).strip()}` | {help_} | `{example.replace(' --data ./data', '')}` |")
    return rows


def errors():
    source = (ROOT / "src/base/error.h").read_text()
    rows = ["| code | HTTP status | an SDK sends it again |", "| --- | --- | --- |"]
    for name, prefix, status, retryable in re.findall(
            r'X\(\w+,\s*"(\w+)",\s*\\?\s*"([\w.]+)",\s*\\?\s*(\d+),\s*\\?\s*(true|false)\)', source):
        if prefix != "insula":
            rows.append(f"| `{name}` | {status} | {'yes' if retryable == 'true' else 'no'} |")
    return rows


def differences(suite):
    rows = ["| what differs from what the tests expect | how that is known | tests |", "| --- | --- | --- |"]
    for difference in json.loads((ROOT / "tests" / suite / "differences.json").read_text()):
        cells = (difference["difference"], difference["evidence"], str(len(difference["tests"])))
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return rows


def parity():
    """What the parity suite asks, by topic, and where the answers were seen (the decorators of its cases)."""
    folder = ROOT / "tests/parity"
    sys.path.insert(0, str(folder))
    rows = ["| what is asked | cases | where the answers were seen |", "| --- | --- | --- |"]
    for path in sorted(folder.glob("cases_*.py")):
        module = importlib.import_module(path.stem)
        evidence = [of for name, _, of in sys.modules["harness"].CASES if name == path.stem]
        seen = sorted({part.split(": ")[0].strip() for line in evidence for part in line.split("; ")}, key=str.lower)
        topic = module.__doc__.split("\n")[0].rstrip(".")
        rows.append(f"| {topic} ([{path.name}](../tests/parity/{path.name})) | {len(evidence)} | {'; '.join(seen)} |")
    return rows


def catalogued():
    """The catalogue of what DynamoDB was seen to do, and which of its entries the cases of the parity suite name."""
    parity()  # loads the cases
    told = json.loads((ROOT / "tests/parity/catalogue.json").read_text())
    entries = " ".join(told["entries"].values()).split()
    evidence = " ".join(of for _, _, of in sys.modules["harness"].CASES if "docs/api-quirks" in of)
    return told, entries, set(re.findall(r"\b[A-Z]+-\d{3}\b", evidence))


def catalogue():
    told, entries, asked = catalogued()
    rows = [f"Of the {len(entries)} entries of {told['catalogue']}, {len(asked.intersection(entries))} are asked. The rest aren't:", "",
            "| why | entries | which |", "| --- | --- | --- |"]
    for group in sorted(told["without_a_case"], key=lambda group: -len(group["entries"])):
        names = group["entries"].split()
        rows.append(f"| {group['reason']} | {len(names)} | {', '.join(names)} |")
    return rows


def catalogue_faults():
    """Every entry is asked by a case or has a reason, and not both."""
    told, entries, asked = catalogued()
    excused = " ".join(group["entries"] for group in told["without_a_case"]).split()
    for name in sorted(set(entries) - asked - set(excused)):
        yield f"tests/parity/catalogue.json: {name} has neither a case nor a reason"
    for name in sorted(asked.intersection(excused)) + sorted(set(excused) - set(entries)):
        yield f"tests/parity/catalogue.json: {name} needs no reason"


def service_model():
    """The request members at the top, by operation, of the newest public service model."""
    model = json.loads((ROOT / "tests/compatibility/service_model.json").read_text())
    operations = {name: [m for m in members if "." not in m]
                  for client in model.values() for name, members in client["operations"].items()}
    return operations, model


def states():
    return json.loads((ROOT / "tests/compatibility/operations.json").read_text())


def api():
    operations, model = service_model()
    known = states()
    versions = " and ".join(f"`@aws-sdk/{client}` {of['version']}" for client, of in model.items())
    rows = [f"{len(operations)} operations, as {versions} have them.", "",
            "| operation | state | parameters | shown by |", "| --- | --- | --- | --- |"]
    for name, members in sorted(operations.items()):
        of = known.get(name, {})
        cells = []
        for kind in ("kept", "refused"):
            if of.get(kind):
                cells.append(f"{kind}: " + ", ".join(of[kind]))
        served = [m for m in members if m not in of.get("kept", []) + of.get("refused", [])]
        parameters = "; ".join(([", ".join(served)] if served else []) + cells)
        tests = ", ".join(f"[{Path(t).name}](../{t})" for t in of.get("tests", []))
        rows.append(f"| {name} | {of.get('state', 'served')} | {parameters} | {tests} |")
    return rows


def api_faults():
    """What the states of operations say that isn't so: every operation and parameter has one, and a test that names it."""
    operations, _ = service_model()
    known = states()
    for name in sorted(operations.keys() ^ known.keys()):
        yield f"tests/compatibility: {name} is in only one of operations.json and service_model.json"
    for name, members in operations.items():
        of = known.get(name, {})
        for member in of.get("kept", []) + of.get("refused", []):
            if member not in members:
                yield f"tests/compatibility/operations.json: {name} has no parameter {member}"
        texts = [(ROOT / test).read_text() for test in of.get("tests", []) if (ROOT / test).exists()]
        if len(texts) != len(of.get("tests", [])) or not texts:
            yield f"tests/compatibility/operations.json: a test of {name} isn't there"
        for word in [name, *members]:
            if not any(re.search(rf"\b{word}(Command)?\b", text) for text in texts):
                yield f"tests/compatibility/operations.json: no test of {name} names {word}"


LISTS = {"parity": parity, "catalogue": catalogue, "settings": settings, "commands": commands, "errors": errors, "api": api,
         "dynalite": lambda: differences("dynalite"), "conformance": lambda: differences("conformance")}


def main(write):
    wrong = [*api_faults(), *catalogue_faults()]
    for page in sorted((ROOT / "docs").rglob("*.md")) + [ROOT / "README.md"]:
        text = page.read_text()
        for name, make in LISTS.items():
            pattern = re.compile(rf"(<!-- {name}:[^>]*-->\n)(.*?)(<!-- /{name} -->)", re.DOTALL)
            fresh = pattern.sub(lambda m: m[1] + "\n" + "\n".join(make()) + "\n" + m[3], text)
            if fresh != text:
                if write:
                    page.write_text(fresh)
                else:
                    wrong.append(f"{page.relative_to(ROOT)}: the list of {name} is out of date; ./dev docs writes it")
                text = fresh
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
            if not (page.parent / target).exists():
                wrong.append(f"{page.relative_to(ROOT)}: links to {target}, which isn't there")
    for line in wrong:
        print(line)
    print(f"documentation: {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--write" in sys.argv[1:]))
