"""What the suites for the official clients share: named checks, a way past the client, the closing
count."""

import argparse
import asyncio
import base64
import hashlib
import hmac
import http.server
import inspect
import json
import os
import struct
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = "r8_conformance00000000000000000000000000000"
BAD_TOKEN = "r8_bad0000000000000000000000000000000000000"
# The demo service takes one that is named so for an account without credit.
POOR_TOKEN = "r8_nocredit00000000000000000000000000000000"
# The demo service's own, which no endpoint tells: DemoServer.filesSigningSecret.
FILES_SECRET = b"demonstration-files-signing-secret"


@dataclass
class Answer:
    """An answer as it came over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Service:
    """The service without any client between: what a client's answers are compared with."""

    def __init__(self, url: str):
        self.url = url.rstrip("/")
        self.host = self.url.removesuffix("/v1")

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: Any = None,
        token: str | None = TOKEN,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
    ) -> Answer:
        url = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(url, method=method, data=data)
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=70) as response:
                return Answer(response.status, dict(response.headers), response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, dict(error.headers), error.read())

    def get(self, path: str) -> Any:
        answer = self.ask(path)
        assert answer.status == 200, f"GET {path} answered {answer.status}: {answer.body[:200]!r}"
        return answer.json()

    def results(self, path: str) -> list[Any]:
        """Every item of a list, over all its pages."""
        found: list[Any] = []
        next_page: str | None = path
        while next_page:
            page = self.get(next_page)
            found += page["results"]
            next_page = page["next"]
        return found

    def settled(self, prediction_id: str, kind: str = "predictions") -> Any:
        """A prediction or training, once it has ended."""
        limit = time.monotonic() + 60
        while True:
            found = self.get(f"/{kind}/{prediction_id}")
            if found["status"] in ("succeeded", "failed", "canceled", "aborted"):
                return found
            assert time.monotonic() < limit, f"{prediction_id} never ended"
            time.sleep(0.02)

    def settle_trainings(self) -> None:
        """Waits for all trainings: each that succeeds makes a version."""
        for training in self.results("/trainings"):
            self.settled(training["id"], "trainings")


class Mailbox(http.server.ThreadingHTTPServer):
    """A place on this machine where webhooks are delivered."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailboxHandler)
        self.letters: list[tuple[dict[str, str], bytes]] = []
        self.arrived = threading.Condition()
        self.url = f"http://127.0.0.1:{self.server_address[1]}/hook"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def wait_for(self, status: str) -> None:
        """Waits for a letter about a prediction that has come this far."""
        with self.arrived:
            came = self.arrived.wait_for(
                lambda: any(json.loads(body)["status"] == status for _, body in self.letters), 20)
            assert came, f"no letter says {status}: {self.letters}"


class MailboxHandler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
        assert isinstance(self.server, Mailbox)
        with self.server.arrived:
            self.server.letters.append((dict(self.headers), body))
            self.server.arrived.notify_all()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Suite:
    """The checks of one client, in the order in which they are written."""

    def __init__(self, client: str):
        self.client = client
        self.checks: list[tuple[str, Callable[..., Any]]] = []
        self.missing: list[tuple[str, Callable[[], bool]]] = []
        # One for all checks: the clients close their connections when they are thrown away.
        self.loop = asyncio.new_event_loop()

    def check(self, call: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Registers the function that proves a call."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self.checks.append((call, function))
            return function

        return register

    def absent(self, call: str, is_there: Callable[[], bool]) -> None:
        """Registers a call that this client hasn't got; where it has, a check is wanted."""
        self.missing.append((call, is_there))

    def run(self, table: Path | None) -> int:
        outcomes: list[tuple[str, str]] = []
        for call, function in self.checks:
            started = time.monotonic()
            problem = self._problem(function)
            outcome = "failed" if problem else "passed"
            self._tell(call, outcome, f"{time.monotonic() - started:.2f} s")
            if problem:
                print(f"    {function.__name__}:")
                print("".join(f"    {line}\n" for line in problem.splitlines()), end="", flush=True)
            outcomes.append((call, outcome))
        for call, is_there in self.missing:
            outcome = "failed" if is_there() else "absent"
            note = "is there and has no check" if is_there() else "not in this client"
            self._tell(call, outcome, note)
            outcomes.append((call, outcome))
        if table:
            self._write(table, outcomes)
        passed, failed, absent = (
            sum(outcome == wanted for _, outcome in outcomes)
            for wanted in ("passed", "failed", "absent")
        )
        print(f"{passed} passed, {failed} failed" + (f", {absent} skipped" if absent else ""))
        return 1 if failed or not passed else 0

    def _tell(self, call: str, outcome: str, note: str) -> None:
        print(f"{self.client:<8} {call:<52} {outcome:<7} {note}", flush=True)

    def _problem(self, function: Callable[..., Any]) -> str | None:
        """Runs a check; what went wrong, or nothing."""
        try:
            if inspect.iscoroutinefunction(function):
                self.loop.run_until_complete(function())
            else:
                function()
        except Exception as error:
            place = [
                f"{Path(frame.filename).name}:{frame.lineno}  {frame.line}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            return "\n".join([f"{type(error).__name__}: {error}"[:1500], *place[-4:]])
        return None

    def _write(self, table: Path, outcomes: list[tuple[str, str]]) -> None:
        lines = [f"| replicate {self.client} | Outcome |", "| --- | --- |"]
        lines += [f"| `{call}` | {outcome} |" for call, outcome in outcomes]
        with table.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n\n")


def options() -> tuple[Service, Path | None]:
    """Reads the command line, and sets the clients' environment."""
    parser = argparse.ArgumentParser()
    parser.add_argument("url", help="the service's base URL, such as http://127.0.0.1:8080/v1")
    parser.add_argument("--table", type=Path, help="a Markdown file to add the calls to")
    arguments = parser.parse_args()
    os.environ["REPLICATE_API_TOKEN"] = TOKEN
    os.environ["REPLICATE_POLL_INTERVAL"] = "0.05"
    return Service(arguments.url), arguments.table


def finish(suite: Suite, table: Path | None) -> None:
    sys.exit(suite.run(table))


def file_signature(owner: str, identifier: str, expiry: int) -> str:
    """What a file's download is asked for with."""
    code = hmac.new(FILES_SECRET, f"{owner} {identifier} {expiry}".encode(), hashlib.sha256)
    return base64.b64encode(code.digest()).decode()


def raises(kind: type[Exception], function: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """The error that a call must raise."""
    try:
        value = function(*args, **named)
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}, but {value!r}"[:500])


def difference(one: Any, other: Any) -> str:
    """Where two values differ first."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in [*one, *other]:
            if name not in one or name not in other:
                return f"only one has {name!r}"
            if one[name] != other[name]:
                return f"{name}: {difference(one[name], other[name])}"
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (first, second) in enumerate(zip(one, other)):
            if first != second:
                return f"{place}: {difference(first, second)}"
    return f"{str(one)[:300]!r} is not {str(other)[:300]!r}"


def same(one: Any, other: Any, what: str = "") -> None:
    assert one == other, f"{what}: {difference(one, other)}"


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG whose every chunk is whole."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n", f"no PNG: {data[:16]!r}"
    place, kinds, size, packed = 8, [], (0, 0), b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert zlib.crc32(kind + content) == checksum, f"the {kind!r} chunk is damaged"
        kinds.append(kind)
        if kind == b"IHDR":
            size = struct.unpack(">II", content[:8])
        if kind == b"IDAT":
            packed += content
        place += 12 + length
    assert kinds[0] == b"IHDR" and kinds[-1] == b"IEND", kinds
    assert len(zlib.decompress(packed)) > size[0] * size[1] / 8
    return size


def has_times_in_order(prediction: Any) -> None:
    """Created, started and completed, one after the other; the fraction's digits vary."""
    times = [
        prediction[name].rstrip("Z").ljust(29, "0")
        for name in ("created_at", "started_at", "completed_at")
    ]
    assert times == sorted(times), times
