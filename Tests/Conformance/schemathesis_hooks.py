"""What schemathesis is told about the service: things that exist, and what is the document's fault.

Named in SCHEMATHESIS_HOOKS. The vendor's document calls a model's owner "a string", and no string
that is made up names one; so two of three cases that are right by the document get the names of
things that are there, and then must be answered with a success. Refusals are listed, with their
reasons, in known_failures.toml; every other failure counts.
"""

import atexit
import fnmatch
import json
import os
import re
import sys
import threading
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import schemathesis
from schemathesis.core.failures import Failure
from schemathesis.generation import GenerationMode

sys.path.insert(0, str(Path(__file__).parent))
from supplies import Supplies  # noqa: E402

try:
    import tomllib
except ModuleNotFoundError:
    import tomli as tomllib

KNOWN = tomllib.loads((Path(__file__).parent / "known_failures.toml").read_text())["failure"]
LOCK = threading.Lock()

supplies = Supplies(os.environ["CONFORMANCE_URL"])
turns: Counter[str] = Counter()
supplied: set[str] = set()
cases: Counter[str] = Counter()
statuses: defaultdict[str, Counter[int]] = defaultdict(Counter)
known: defaultdict[str, Counter[int]] = defaultdict(Counter)
unknown: dict[tuple[str, str], str] = {}


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Puts what exists into a case that is right by the document."""
    operation = case.operation.label
    if case.method.upper() != case.operation.method.upper() or case.meta is None:
        return
    if any(part.mode != GenerationMode.POSITIVE for part in case.meta.components.values()):
        # What is wrong on purpose is best wrong at something that exists.
        path = [part for place, part in case.meta.components.items() if place.value == "path"]
        if case.path_parameters and all(part.mode == GenerationMode.POSITIVE for part in path):
            case.path_parameters = supplies.path(operation, case.path_parameters)
        return
    with LOCK:
        turns[operation] += 1
        turn = turns[operation]
    # Few of the bodies are marked as required, and so there are cases without one.
    wants_body = operation in supplies.bodies
    if turn % 3 == 0 or (wants_body and not isinstance(case.body, dict)):
        return
    # An upload names nothing, and a body with bytes in it is taken for wrong once it is touched.
    if operation == "POST /files":
        return
    if case.path_parameters:
        case.path_parameters = supplies.path(operation, case.path_parameters)
    if wants_body:
        case.body = supplies.body(operation, case.body, case.path_parameters)
    for name, values in (("Cancel-After", ("30s", "5m", "1h30m45s")), ("Prefer", ("wait=5",))):
        if name in (case.headers or {}):
            case.headers[name] = values[turn % len(values)]
    if case.query:
        case.query = supplies.query(operation, case.query, case.path_parameters)
    with LOCK:
        supplied.add(case.id)


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    if case.method.upper() == case.operation.method.upper():
        with LOCK:
            cases[case.operation.label] += 1
            statuses[case.operation.label][response.status_code] += 1


@schemathesis.check
def what_exists_is_accepted(ctx: Any, response: Any, case: Any) -> None:
    """Names of things that are there, and inputs that fit their schemas, are no reason for a no."""
    if case.id in supplied and response.status_code >= 400:
        raise AssertionError(
            f"{response.status_code} for what exists: {response.text[:300]}\n"
            f"{case.as_curl_command()[:700]}")


@schemathesis.hook
def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
    """Whether a failure is one of the service."""
    operation, kind = case.operation.label, type(failure).__name__
    # The path without places in lists, which would make one failure many.
    place = "/".join(
        str(part) for part in getattr(failure, "instance_path", []) if not isinstance(part, int))
    text = f"{place}\n{failure.title}\n{failure.message}"
    for number, entry in enumerate(KNOWN):
        if (
            kind == entry["failure"]
            and any(fnmatch.fnmatchcase(operation, one) for one in entry["operations"])
            and response.status_code in entry.get("statuses", [response.status_code])
            and re.search(entry.get("matching", ""), text)
        ):
            with LOCK:
                known[operation][number] += 1
            return False
    with LOCK:
        unknown.setdefault((operation, f"{kind} at {response.status_code} {place}"), text)
    return True


@atexit.register
def write_summary() -> None:
    summary = {
        "cases": cases, "statuses": statuses, "known": known, "supplied": len(supplied),
        "unknown": [
            {"operation": operation, "failure": what, "text": text}
            for (operation, what), text in sorted(unknown.items())
        ],
    }
    Path(os.environ["CONFORMANCE_SUMMARY"]).write_text(json.dumps(summary))
