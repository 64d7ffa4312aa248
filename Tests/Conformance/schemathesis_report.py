"""Tells what schemathesis did with each operation, and whether a failure is left that isn't known.

    python schemathesis_report.py SUMMARY OPENAPI
"""

import json
import sys
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


def main(summary_file: str, document_file: str) -> int:
    summary = json.loads(Path(summary_file).read_text())
    document = json.loads(Path(document_file).read_text())
    table = Path(__file__).parent / "known_failures.toml"
    known = tomllib.loads(table.read_text())["failure"]
    operations = [
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items() for method in methods if method in METHODS
    ]
    problems = []
    for operation in operations:
        statuses = summary["statuses"].get(operation, {})
        seen = ", ".join(f"{status} × {count}" for status, count in sorted(statuses.items()))
        print(f"{operation}\n    {summary['cases'].get(operation, 0)} cases: {seen or 'none'}")
        if not any(status.startswith("2") for status in statuses):
            problems.append(f"{operation}: no success in {seen or 'no case at all'}")
        for number, count in sorted(summary["known"].get(operation, {}).items()):
            print(f"    known × {count}: {known[int(number)]['reason']}")
        for one in summary["unknown"]:
            if one["operation"] == operation:
                lines = [line for line in one["text"].splitlines() if line.strip()]
                print(f"    FAILED {one['failure']}: " + "\n        ".join(lines[:12]))
    problems += [f"{one['operation']}: {one['failure']}" for one in summary["unknown"]]
    met = {number for counts in summary["known"].values() for number in counts}
    for number, entry in enumerate(known):
        if str(number) not in met:
            print(f"Not met this time: {entry['operations'][0]}, {entry['reason']}")
    print()
    for problem in problems:
        print(problem)
    print(
        f"{len(operations)} operations, {sum(summary['cases'].values())} cases "
        f"({summary['supplied']} with what exists), "
        f"{sum(sum(counts.values()) for counts in summary['known'].values())} known failures of "
        f"the document")
    failed = len({problem.split(":")[0] for problem in problems})
    print(f"{len(operations) - failed} passed, {failed} failed")
    return 1 if problems or not operations else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
