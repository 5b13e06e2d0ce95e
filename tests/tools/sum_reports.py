#!/usr/bin/env python3
"""Adds up GoogleTest's JSON reports of a folder: prints "N passed, N failed" and each failure's name."""
import json
import sys
from pathlib import Path


def main(folder):
    passed = failed = 0
    reports = sorted(Path(folder).glob("*.json"))
    for report in reports:
        for suite in json.loads(report.read_text())["testsuites"]:
            for test in suite["testsuite"]:
                if test.get("failures"):
                    failed += 1
                    print(f"failed: {report.stem}: {suite['name']}.{test['name']}")
                elif test.get("result") == "COMPLETED":
                    passed += 1
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
