"""Parameters of coroutines are values: a reference may be to what is gone when the coroutine goes on. Two kinds of things
outlive every coroutine that is given them, and may be referred to: what a request's own frame holds until its answer is
there, and the parts that the program is put together from. clang-tidy's check can't tell them apart; this one can.
"""
import re

OF_THE_REQUEST = {
    "Call", "Caller", "operations::Caller", "http::Request", "Operation", "OpenTables", "TableHandle", "std::vector<BatchMember>",
    "query::Query", "query::Answer", "Answer",
}
OF_THE_PROGRAM = {
    "JobServices", "RecordStore", "storage::Engine", "storage::ChangeLog", "Clock", "Keyring", "Service", "ObjectKeeper",
    "Catalog::Impl", "StsParts",
}
DECLARATION = re.compile(r"\bTask<[^;{}()]*>\s+([\w:]+)\(((?:[^;{}()]|\([^()]*\))*)\)\s*(?:const|override|final|= 0|\s)*[;{]")
REFERENCE = re.compile(r"^(?:const\s+)?([\w:]+(?:<.*>)?)\s*(?:const\s*)?&\s*\w*\s*(?:=.*)?$")


def parameters(text):
    """Of a declaration, split at the commas that are in no brackets."""
    depth, start, found = 0, 0, []
    for at, char in enumerate(text):
        depth += (char in "<(") - (char in ">)")
        if char == "," and depth == 0:
            found.append(text[start:at].strip())
            start = at + 1
    return found + [text[start:].strip()]


def dangling_parameters(lines):
    """Yields (line number, function, type) of references to what needn't outlive the coroutine."""
    text = "\n".join(line.split("//")[0] for line in lines)
    for match in DECLARATION.finditer(text):
        for parameter in parameters(match.group(2)):
            reference = REFERENCE.match(parameter)
            if reference and reference.group(1) not in OF_THE_REQUEST | OF_THE_PROGRAM:
                yield text.count("\n", 0, match.start()) + 1, match.group(1), reference.group(1)
