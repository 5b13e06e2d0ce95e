#!/usr/bin/env python3
"""Runs clang-tidy (.clang-tidy) over the libraries of a build, which must be there: its precompiled headers are read.

    tidy.py [-p BUILD] [ROOM...]    ROOM: as in src/, e.g. storage/rocks; BUILD: build/release unless said otherwise

The files of a room are looked at as they are compiled: several joined as one, so that what they include is read once.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = re.compile(r"CMakeFiles/(insula_\w+|insula)\.dir/")
# A joined file is made of includes of others.
OPTIONS = ["--quiet", "--warnings-as-errors=*", "--checks=-bugprone-suspicious-include", "--header-filter=/src/.*"]


def files_of(build, rooms):
    """What is compiled into the libraries and the program, without their tests."""
    wanted = {"insula_" + room.replace("/", "_") for room in rooms}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        target = TARGET.search(entry.get("output") or entry["command"])
        if not target or "/src/" not in entry["file"] or "cmake_pch" in entry["file"]:
            continue
        if not wanted or target.group(1) in wanted:
            yield entry["file"]


def look_at(build, file):
    run = subprocess.run(["clang-tidy-19", "-p", build, *OPTIONS, file], capture_output=True, text=True)
    return run.returncode == 0, run.stdout + ("" if run.stdout.strip() else run.stderr)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-p", dest="build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("rooms", nargs="*", metavar="ROOM")
    options = parser.parse_args()
    build = options.build
    if not (build / "compile_commands.json").exists():
        sys.exit(f"{build} is no build folder: ./dev build makes it")
    files = sorted(set(files_of(build, options.rooms)))
    if not files:
        sys.exit("no such room: " + " ".join(options.rooms))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, (clean, said) in zip(files, pool.map(lambda file: look_at(build, file), files)):
            if not clean:
                failed += 1
                print(said.strip(), flush=True)
    print(f"{len(files) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
