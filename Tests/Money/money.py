"""Counts what becomes of runs when answers are lost and programs end at the wrong moment.

    money.py PROGRAM --runs 200 [SCENARIO ...]

Drives the built program in a pseudo-terminal against the demo service, with a proxy between them
that loses, replaces, or holds back the answers to creates. A run is doubled if the service made more
than it was asked for, and silently lost if the service made one and the program neither shows it nor
says that it may have started. Nothing waits for time where there is an event to wait for.
"""

import argparse
import http.client
import json
import os
import pty
import random
import re
import select
import signal
import socket
import struct
import sys
import tempfile
import termios
import threading
import time
import fcntl

PATIENCE = 20
# The program ignores keys that cost money for 50 ms after text that no hand can type.
BURST_REST = 0.08
MODEL = "inkwell/is-it-a-palindrome"


class Failure(Exception):
    pass


class Proxy:
    """Passes requests on. What happens to the answers of creates is up to the scenario."""

    def __init__(self, port):
        self.port = port
        self.mode = "pass"
        self.creates = 0
        self.condition = threading.Condition()
        self.is_held = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            stream = client.makefile("rb")
            while self.exchange(client, stream):
                pass
        except (OSError, http.client.HTTPException, ValueError):
            pass
        finally:
            client.close()

    def exchange(self, client, stream):
        line = stream.readline()
        if not line:
            return False
        method, path, _ = line.decode().split(" ", 2)
        headers = {}
        while True:
            header = stream.readline().decode().strip()
            if not header:
                break
            name, value = header.split(":", 1)
            headers[name.strip().lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        body = stream.read(length) if length else None
        is_create = method == "POST" and path.rstrip("/").endswith("/predictions")
        mode = self.mode if is_create else "pass"
        if mode == "swallow":
            # The request never reaches the service.
            self.count()
            return False
        headers.pop("accept-encoding", None)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if is_create:
            self.count()
        if mode == "lost":
            return False
        if mode == "hold":
            with self.condition:
                self.condition.wait_for(lambda: not self.is_held, PATIENCE)
        status, reason = answer.status, answer.reason
        fields = [(k, v) for k, v in answer.getheaders()
                  if k.lower() not in ("transfer-encoding", "content-length", "connection")]
        if mode == "500":
            status, reason = 500, "Internal Server Error"
            fields = [("content-type", "application/json")]
            content = b'{"title":"Internal Server Error","detail":"An unexpected error occurred."}'
        head = f"HTTP/1.1 {status} {reason}\r\n"
        head += "".join(f"{k}: {v}\r\n" for k, v in fields)
        head += f"content-length: {len(content)}\r\n\r\n"
        client.sendall(head.encode() + (b"" if method == "HEAD" else content))
        return True

    def count(self):
        with self.condition:
            self.creates += 1
            self.condition.notify_all()

    def wait_for_creates(self, count):
        with self.condition:
            if not self.condition.wait_for(lambda: self.creates >= count, PATIENCE):
                raise Failure("no create was sent")

    def hold(self):
        self.is_held = True
        self.mode = "hold"

    def release(self):
        with self.condition:
            self.is_held = False
            self.condition.notify_all()


class Program:
    """The built program in a terminal. Its output is kept as text without sequences."""

    SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|P[^\x1b]*\x1b\\|[()][0-9A-B]|.)")

    def __init__(self, path, arguments, url, home):
        self.output = ""
        self.mark = 0
        environment = {
            "HOME": home, "PATH": os.environ.get("PATH", ""), "TERM": "xterm-256color",
            "LANG": "C.UTF-8", "REPLICATE_BASE_URL": url,
            "REPLICATE_API_TOKEN": "r8_demo0000000000000000000000000000000000",
        }
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            os.execve(path, [path, *arguments], environment)
        size = struct.pack("HHHH", 48, 160, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)
        self.status = None

    def read(self, wait):
        if not select.select([self.terminal], [], [], wait)[0]:
            return False
        try:
            data = os.read(self.terminal, 65536)
        except OSError:
            data = b""
        if not data:
            self.end()
            return False
        self.output += data.decode("utf-8", "replace")
        return True

    def text(self):
        """What has been drawn since the last mark. What was there before is drawn anew."""
        return re.sub(r"\s+", " ", self.SEQUENCE.sub(" ", self.output[self.mark:]))

    def waits(self, *texts):
        """Waits until one of the texts is on the screen, and returns it."""
        limit = time.monotonic() + PATIENCE
        while True:
            self.marks()
            self.press("\x0c")
            pause = time.monotonic() + 0.1
            while time.monotonic() < pause:
                self.read(0.02)
                shown = self.text()
                for text in texts:
                    if text in shown:
                        return text
                if self.status is not None:
                    raise Failure(f"ended while waiting for {texts}")
            if time.monotonic() > limit:
                raise Failure(f"waited for {texts}: …{shown[-1500:]}")

    def marks(self):
        while self.read(0):
            pass
        self.mark = len(self.output)

    def press(self, key):
        os.write(self.terminal, key.encode())

    def end(self):
        if self.status is None:
            _, self.status = os.waitpid(self.process, 0)

    def kill(self):
        if self.status is None:
            os.kill(self.process, signal.SIGKILL)
            self.end()
        os.close(self.terminal)

    def quits(self):
        """Leaves whatever is shown, and lets runs go on."""
        for _ in range(100):
            if self.status is not None:
                break
            self.press("\x03")
            self.read(0.2)
        self.kill()


def fill_in(program, text):
    """Opens the form of the model that the program was started with, and types the input."""
    program.waits("reads the same backward")
    program.press("r")
    program.waits(f"Run {MODEL}")
    for letter in text:
        program.press(letter)
        time.sleep(0.002)
    program.waits("1 changed")
    time.sleep(BURST_REST)


class Tally:
    def __init__(self):
        self.made = self.doubled = self.lost = self.adopted = self.told = self.none = 0
        self.problems = []


class Scenarios:
    def __init__(self, path, port):
        self.path = path
        self.port = port

    def made(self, text):
        """The predictions that the service has made for an input."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request(
            "GET", "/v1/predictions", headers={"authorization": "Bearer r8_demo"})
        results = json.loads(connection.getresponse().read())["results"]
        connection.close()
        return [p["id"] for p in results if (p["input"] or {}).get("text") == text]

    def start(self, proxy, home):
        return Program(self.path, [MODEL], proxy.url, home)

    def settle(self, tally, text, program, asked=1):
        """Compares what the service made with what the program shows or says."""
        made = self.made(text)
        said = program.waits("It may have started", *made)
        tally.made += len(made)
        if len(made) > asked:
            tally.doubled += 1
        if said == "It may have started":
            tally.told += 1
        else:
            tally.adopted += 1

    def lost(self, number, tally, mode="lost"):
        text = f"{mode} {number} {random.random()}"
        proxy = Proxy(self.port)
        with tempfile.TemporaryDirectory() as home:
            program = self.start(proxy, home)
            fill_in(program, text)
            proxy.mode = mode
            program.press("\x12")
            proxy.wait_for_creates(1)
            self.settle(tally, text, program)
            program.quits()

    def error(self, number, tally):
        self.lost(number, tally, "500")

    def killed(self, number, tally):
        """Killed right after sending; the next start has to find the run, or say so."""
        text = f"killed {number} {random.random()}"
        proxy = Proxy(self.port)
        with tempfile.TemporaryDirectory() as home:
            program = self.start(proxy, home)
            fill_in(program, text)
            # In every fourth, the request is lost as well.
            reaches = number % 4 != 3
            if reaches:
                proxy.hold()
            else:
                proxy.mode = "swallow"
            program.press("\x12")
            if number % 8 == 6:
                # At any moment around the sending.
                time.sleep(random.random() * 0.02)
            else:
                proxy.wait_for_creates(1)
            program.kill()
            proxy.mode = "pass"
            proxy.release()
            self.restarted(text, proxy, home, tally)

    def left(self, number, tally):
        """Left while sending: it asks, and the next start finds the run."""
        text = f"left {number} {random.random()}"
        proxy = Proxy(self.port)
        with tempfile.TemporaryDirectory() as home:
            program = self.start(proxy, home)
            fill_in(program, text)
            proxy.hold()
            program.press("\x12")
            proxy.wait_for_creates(1)
            program.press("\x03")
            time.sleep(0.02)
            program.press("\x03")
            program.waits("A run is being sent")
            program.press("L")
            while program.status is None:
                program.read(0.5)
            os.close(program.terminal)
            proxy.mode = "pass"
            proxy.release()
            self.restarted(text, proxy, home, tally)

    def restarted(self, text, proxy, home, tally):
        made = self.made(text)
        tally.made += len(made)
        if len(made) > 1:
            tally.doubled += 1
        state = os.path.join(home, ".local/state/replicant/intents.json")
        is_open = os.path.exists(state) and bool(json.load(open(state))["intents"])
        program = self.start(proxy, home)
        if not is_open:
            # Nothing was sent, or its answer had come already.
            program.waits("Overview")
            if made:
                tally.lost += 1
                tally.problems.append(text)
            else:
                tally.none += 1
            program.quits()
            return
        said = program.waits("The run was started", "It isn’t in Predictions")
        if said == "The run was started":
            # It may have arrived after the program was killed.
            if not self.made(text):
                tally.problems.append(text)
            tally.adopted += 1
        else:
            tally.told += 1
            # The same again asks first.
            fill_in(program, text)
            program.press("\x12")
            program.waits("may have started already")
            program.press("\x1b")
            if len(self.made(text)) != len(made):
                tally.doubled += 1
        program.quits()

    def two(self, number, tally):
        """Two programs with one token run the same at once, and both answers are lost."""
        text = f"two {number} {random.random()}"
        proxy = Proxy(self.port)
        with tempfile.TemporaryDirectory() as home:
            programs = [self.start(proxy, home) for _ in range(2)]
            for program in programs:
                fill_in(program, text)
            proxy.mode = "lost"
            for program in programs:
                program.press("\x12")
            proxy.wait_for_creates(1)
            # The second one may be asked first, because the first is in doubt.
            with proxy.condition:
                proxy.condition.wait_for(lambda: proxy.creates >= 2, 2)
            made = self.made(text)
            tally.made += len(made)
            if len(made) > 2:
                tally.doubled += 1
            adopted = set()
            for program in programs:
                said = program.waits(
                    "It may have started", "may have started already", *made)
                if said in adopted:
                    # Both take one for theirs, so nobody has the other.
                    tally.lost += 1
                    tally.problems.append(text)
                elif said in made:
                    adopted.add(said)
                    tally.adopted += 1
                else:
                    tally.told += 1
            for program in programs:
                program.quits()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--port", type=int, required=True, help="where the demo service listens")
    parser.add_argument("scenarios", nargs="*")
    options = parser.parse_args()
    scenarios = Scenarios(options.program, options.port)
    names = options.scenarios or ["lost", "error", "killed", "left", "two"]
    failed = False
    print("| scenario | runs | made | shown | told | nothing sent | doubled | silently lost |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        tally = Tally()
        for number in range(options.runs):
            try:
                getattr(scenarios, name)(number, tally)
            except Failure as failure:
                tally.problems.append(f"{name} {number}: {failure}")
        print(
            f"| {name} | {options.runs} | {tally.made} | {tally.adopted} | {tally.told} "
            f"| {tally.none} | {tally.doubled} | {tally.lost} |", flush=True)
        for problem in tally.problems:
            print(f"  {problem}", file=sys.stderr)
        failed = failed or bool(tally.doubled or tally.lost or tally.problems)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
