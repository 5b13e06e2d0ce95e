#!/usr/bin/env python3
"""Runs clang-tidy (.clang-tidy) over the libraries of a build, which must be there: its precompiled headers are read.

    tidy.py [-p BUILD] [ROOM...]    ROOM: as in src/, e.g. storage/rocks; BUILD: build/release unless said otherwise

All files of a room are looked at as one: most of the time goes into what they include, system headers and all, once for each
file that is looked at.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = re.compile(r"-o \S*CMakeFiles/(insula(?:_\w+)?)\.dir/")
# A file that joins others is made of includes of them.
OPTIONS = ["--quiet", "--warnings-as-errors=*", "--checks=-bugprone-suspicious-include", "--header-filter=/src/.*"]


def sources_of(file):
    """The files that a joined one includes; of any other, itself."""
    if "/Unity/" not in file:
        return [file]
    return re.findall(r'#include "([^"]+\.cc)"', pathlib.Path(file).read_text())


def rooms_of(build, wanted):
    """{target: (an entry of compile_commands.json to compile its files with, its files)} of the libraries and the program."""
    targets = {"insula_" + room.replace("/", "_") for room in wanted}
    rooms = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        target = TARGET.search(entry["command"])
        if not target or "/src/" not in entry["file"] or "cmake_pch" in entry["file"]:
            continue
        if targets and target[1] not in targets:
            continue
        joined = "/Unity/" in entry["file"]
        known, files = rooms.setdefault(target[1], (entry, []))
        if joined and "/Unity/" not in known["file"]:
            rooms[target[1]] = (entry, files)  # rather than that of a file with options of its own
        files += sources_of(entry["file"])
    return rooms


def join(rooms, build, into):
    """A file for each room, largest first, and how it is compiled."""
    into.mkdir(parents=True, exist_ok=True)
    commands, joined = [], []
    for target, (entry, files) in sorted(rooms.items(), key=lambda room: -len(room[1][1])):
        file = into / f"{target}.cc"
        file.write_text("".join(f'#include "{source}"\n' for source in sorted(files)))
        words = [str(file) if word == entry["file"] else word for word in shlex.split(entry["command"])]
        words = words[next(i for i, word in enumerate(words) if "clang" in os.path.basename(word)):]  # no ccache
        commands.append({"directory": str(build), "command": shlex.join(words), "file": str(file)})
        joined.append(file)
    (into / "compile_commands.json").write_text(json.dumps(commands))
    return joined


def look_at(folder, file):
    run = subprocess.run(["clang-tidy-19", "-p", folder, *OPTIONS, file], capture_output=True, text=True)
    return run.returncode == 0, run.stdout + ("" if run.stdout.strip() else run.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-p", dest="build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    options = parser.parse_args()
    build = options.build.resolve()
    if not (build / "compile_commands.json").exists():
        sys.exit(f"{build} is no build folder: ./dev build makes it")
    rooms = rooms_of(build, options.rooms)
    if not rooms:
        sys.exit("no such room: " + " ".join(options.rooms))
    folder = build / "tidy"
    files = join(rooms, build, folder)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for clean, said in pool.map(lambda file: look_at(folder, file), files):
            if not clean:
                failed += 1
                print(said.strip(), flush=True)
    print(f"{len(files) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
