"""Checks the inputs that the form has sent against the schemas of their models, with python-jsonschema.

    check_inputs.py FOLDER REQUESTS

FOLDER has the models' objects, REQUESTS a JSON object on each line: the model's file, what was
changed, and the input. The whole OpenAPI document is the root that references resolve in.
"""

import collections
import json
import pathlib
import sys

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012


def mapped(schema):
    """A schema of OpenAPI 3.0 as one of JSON Schema: `nullable`, and exclusive bounds as numbers."""
    if isinstance(schema, list):
        return [mapped(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    result = {}
    for key, value in schema.items():
        # What is under these keys isn't a schema.
        result[key] = value if key in ("default", "enum", "const", "example") else mapped(value)
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if isinstance(result.get(exclusive), bool):
            is_exclusive = result.pop(exclusive)
            if is_exclusive and bound in result:
                result[exclusive] = result.pop(bound)
    for key in ("anyOf", "oneOf"):
        # An empty list is one of the ways in which optional inputs are written.
        if result.get(key) == []:
            del result[key]
    if result.pop("nullable", False) is True:
        result = {"anyOf": [result, {"type": "null"}]}
    return result


def main():
    folder, requests = map(pathlib.Path, sys.argv[1:])
    validators = {}
    counts = collections.Counter()
    failures = []
    checked = set()
    for line in requests.read_text(encoding="utf-8").splitlines():
        request = json.loads(line)
        name = request["file"]
        if name not in validators:
            model = json.loads((folder / name).read_text(encoding="utf-8"))
            document = mapped(model["latest_version"]["openapi_schema"])
            root = Resource(contents=document, specification=DRAFT202012)
            validators[name] = Draft202012Validator(
                {"$ref": "urn:model#/components/schemas/Input"},
                registry=Registry().with_resource("urn:model", root),
                format_checker=FormatChecker(),
            )
        checked.add(name)
        counts["required" if request["changed"] == "required" else "one field"] += 1
        for error in validators[name].iter_errors(request["input"]):
            failures.append(f"{name} {request['changed']}: {error.message[:200]}")
    for failure in failures:
        print(failure)
    missing = {path.name for path in folder.glob("*.json")} - checked
    if missing:
        failures.append("missing")
        print("no input for", ", ".join(sorted(missing)))
    print(
        f"{sum(counts.values())} inputs of {len(checked)} models checked by python-jsonschema: "
        f"{counts['required']} with the required fields, {counts['one field']} with another, "
        f"{len(failures)} invalid"
    )
    sys.exit(1 if failures or not counts else 0)


main()
