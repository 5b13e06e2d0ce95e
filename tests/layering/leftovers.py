"""What nobody needs any more: headers that nobody includes, functions that only tests call, and comments that name files
which are gone. By names, not by types: a function is used where its name stands anywhere but in a declaration or a
definition, so that what this finds is left over, and what it doesn't may be all the same.
"""
import re

SOURCE = (".cc", ".h")
FUNCTION = re.compile(r"\b([A-Z][A-Za-z0-9]+)\(")
# What stands before a name where it is declared or defined: a type, then perhaps the classes that it is in.
DECLARED_AFTER = re.compile(
    r"((?<![\w.>])(?!(?:return|co_return|co_await|co_yield|else|case|throw|new|not|and|or)\b)\w[\w:]*|>|[\w>][*&]+)\s+(\w+(<[\w:, ]*>)?::)*$"
    r"|^(\w+::)+$")
FILE_NAME = re.compile(r"(?<![\w/.*-])((?:[\w-]+/)*[\w-]+\.(?:cc|h|py|mjs|cmake|md))\b")
COMMENT = re.compile(r"(?:^|[^:\"'])//(.*)$|^\s*#(?!\s*(?:include|define|if|ifdef|ifndef|else|endif|pragma|undef)\b)(.*)$")
# Functions that are for tests, or ahead of those who will call them.
WITHOUT_CALLERS = {
    "Import": "access keys that exist elsewhere; tests need keys with ids that they know",
    "Presign": "what the authenticator verifies and the program itself never makes",
    "TakeNames": "expressions as text, for an engine that speaks DynamoDB's protocol; an oracle of tests until then",
    "TakeValues": "as TakeNames",
    "TrimAll": "one round of the change trimmer, without its runner",
}


def code_of(line):
    """Without what stands in quotes or behind slashes."""
    line = re.sub(r'"(?:[^"\\]|\\.)*"', '""', line)
    return line.split("//")[0]


def unused_headers(texts):
    """`texts`: file name -> lines. Yields names of headers below src/ that no file names in an #include."""
    included = set()
    for lines in texts.values():
        for line in lines:
            if match := re.match(r'\s*#\s*include\s*"([^"]+)"', line):
                included.add(match.group(1))
    for name in texts:
        if name.startswith("src/") and name.endswith(".h") and name.removeprefix("src/") not in included:
            yield name


def unused_functions(texts, is_test):
    """Functions that a header below src/ declares and nothing but tests names again: (file, line number, name)."""
    declared, used = {}, set()
    for name, lines in texts.items():
        if not name.endswith(SOURCE) or is_test(name):
            continue
        for number, line in enumerate(lines, 1):
            code = code_of(line)
            declares = set()
            for match in FUNCTION.finditer(code):
                if DECLARED_AFTER.search(code[:match.start()]):
                    declares.add(match.group(1))
                    if name.startswith("src/") and name.endswith(".h") and " override" not in code:
                        declared.setdefault(match.group(1), (name, number))
            words = re.findall(r"\b[A-Z][A-Za-z0-9]+\b", code)
            for word in set(words):
                if word not in declares or words.count(word) > 1:
                    used.add(word)
    for function, (name, number) in sorted(declared.items(), key=lambda entry: entry[1]):
        if function not in used and function not in WITHOUT_CALLERS:
            yield name, number, function


def lost_files(texts, names):
    """Comments that name files which don't exist: (file, line number, what it names). `names`: all files' names."""
    known = {part for name in names for part in suffixes(name)}
    for name, lines in texts.items():
        for number, line in enumerate(lines, 1):
            match = COMMENT.search(line)
            if not match:
                continue
            for named in FILE_NAME.findall(match.group(1) or match.group(2) or ""):
                if named not in known:
                    yield name, number, named


def suffixes(name):
    parts = name.split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]
