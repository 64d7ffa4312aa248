"""Sends a group of runs with a program that is killed again and again, and counts what was made.

    sweep.py PROGRAM --count 200 --kills 10 --seed N --port PORT

Drives the built program in a pseudo-terminal against the demo service. It fills in a form with a field
that takes COUNT values, sends the group, and kills the program with SIGKILL at KILLS random moments.
After each, it starts the program again and goes on. In the end, the service must have made every
member once, and the program must know each.
"""

import argparse
import glob
import http.client
import json
import os
import random
import sys
import tempfile
import threading
import time
from urllib.parse import urlsplit

from money import BURST_REST, MODEL, PATIENCE, Failure, Program, Proxy

F8 = "\x1b[19~"
ALT_O = "\x1bo"
CTRL_R = "\x12"
# A question that no key has asked for takes none for this long.
QUESTION_REST = 0.6
QUESTIONS = ("Go on with the group?", "It may have started", "The group has stopped")


class SlowProxy(Proxy):
    """Counts creates as they arrive, too, so that a kill can come before the service has them."""

    def __init__(self, port, generator):
        self.arrived = 0
        self.generator = generator
        self.lock = threading.Lock()
        super().__init__(port)

    def exchange(self, client, stream):
        # Looks at the request without taking it.
        line = stream.peek(4)[:4]
        if line == b"POST":
            with self.condition:
                self.arrived += 1
                self.condition.notify_all()
            with self.lock:
                pause = self.generator.random() * 0.02
            time.sleep(pause)
        return super().exchange(client, stream)

    def wait_for_arrivals(self, count):
        with self.condition:
            if not self.condition.wait_for(lambda: self.arrived >= count, PATIENCE):
                raise Failure(f"no create was sent after {self.arrived}")


class Sweep:
    def __init__(self, path, port, count, kills, seed):
        self.path, self.port, self.count = path, port, count
        self.random = random.Random(seed)
        self.moments = sorted(self.random.sample(range(1, count), kills))
        self.name = f"sweep {seed} {random.random()}"
        self.doubts = 0
        self.found = 0
        self.problems = []

    def made(self):
        """How often the service has made each member, by its own record."""
        made = {}
        path = "/v1/predictions"
        while path:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            connection.request("GET", path, headers={"authorization": "Bearer r8_demo"})
            page = json.loads(connection.getresponse().read())
            connection.close()
            for prediction in page["results"]:
                text = (prediction["input"] or {}).get("text") or ""
                if text.startswith(self.name):
                    made.setdefault(text, []).append(prediction["id"])
            following = page["next"] and urlsplit(page["next"])
            path = following and f"{following.path}?{following.query}"
        return made

    def group(self, home):
        """The group as the program keeps it."""
        [path] = glob.glob(os.path.join(home, ".local/state/replicant/groups", "?" * 32 + ".json"))
        if os.stat(path).st_mode & 0o077:
            self.problems.append("others can read the group's file")
        with open(path) as file:
            return json.load(file)

    def fill_in(self, program, values):
        program.waits("reads the same backward")
        program.press("r")
        program.waits(f"Run {MODEL}")
        program.press(F8)
        program.waits("add a text")
        program.press(ALT_O)
        program.waits("Values from a file")
        program.press(values)
        time.sleep(BURST_REST)
        program.press("\r")
        program.waits(f"{self.count} runs")
        time.sleep(BURST_REST)
        program.press(CTRL_R)
        question = f"Run it {self.count} times?"
        program.waits(question)
        self.answer(program, "y", question)

    def answer(self, program, key, *questions):
        """Presses a key until the question is gone: right after other keys it may not be taken."""
        row = f"×{self.count}"
        while True:
            time.sleep(BURST_REST)
            program.press(key)
            if program.waits(*questions, row) == row:
                return

    def go_on(self, home, proxy):
        """Starts the program anew and answers its question as somebody would who looks first."""
        before = self.made()
        known = [m for m in self.group(home)["members"] if m != "waiting"]
        program = Program(self.path, [], proxy.url, home)
        whole = f"{self.count}/{self.count}"
        if program.waits(*QUESTIONS, whole) == whole:
            return program
        time.sleep(QUESTION_REST)
        members = self.group(home)["members"]
        doubtful = [n for n, m in enumerate(members) if m != "waiting" and m["state"] == "doubtful"]
        self.found += len(known) < sum(len(ids) for ids in self.made().values())
        self.doubts += len(doubtful)
        after = self.made()
        if doubtful and any(f"{self.name} {n}" in after for n in doubtful):
            self.problems.append(f"a member was made, and the program is in doubt: {doubtful}")
        if sum(map(len, after.values())) != sum(map(len, before.values())):
            # A create that was on its way when the program was killed may still arrive. More may not.
            if len(after) - len(before) > 1:
                self.problems.append("the program sent something before it was asked")
        self.answer(program, "d" if doubtful else "y", *QUESTIONS)
        return program

    def run(self):
        with tempfile.TemporaryDirectory() as home:
            config = os.path.join(home, ".config/replicant")
            os.makedirs(config)
            with open(os.path.join(config, "config.toml"), "w") as file:
                file.write("runs-at-once = 100\n")
            values = os.path.join(home, "values.txt")
            with open(values, "w") as file:
                file.writelines(f"{self.name} {n}\n" for n in range(self.count))
            proxy = SlowProxy(self.port, self.random)
            program = Program(self.path, [MODEL], proxy.url, home)
            self.fill_in(program, values)
            arrived = 0
            for moment in self.moments:
                # Members that were sent twice would count, too, so this comes early at worst.
                proxy.wait_for_arrivals(max(moment, arrived + 1))
                time.sleep(self.random.random() * 0.04)
                program.kill()
                arrived = proxy.arrived
                program = self.go_on(home, proxy)
            limit = time.monotonic() + PATIENCE + self.count
            while len(self.made()) < self.count and time.monotonic() < limit:
                program.read(0.5)
            program.press("4")
            program.waits(f"{self.count} done", f"{self.count}/{self.count}")
            made = self.made()
            program.quits()
            self.check(made, self.group(home))
        return made

    def check(self, made, group):
        for number in range(self.count):
            ids = made.get(f"{self.name} {number}", [])
            if len(ids) != 1:
                self.problems.append(f"member {number} was made {len(ids)} times")
                continue
            member = group["members"][number]
            if member == "waiting" or member.get("prediction") != ids[0]:
                self.problems.append(f"the program doesn't know the run of member {number}: {member}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--port", type=int, required=True, help="where the demo service listens")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.randrange(10**6)
    began = time.monotonic()
    sweep = Sweep(options.program, options.port, options.count, options.kills, seed)
    print(f"seed {seed}: killed after {', '.join(map(str, sweep.moments))} creates", flush=True)
    try:
        made = sweep.run()
    except Failure as failure:
        sweep.problems.append(str(failure))
        made = sweep.made()
    print("| runs | kills | made | made twice | never made | in doubt after a kill | seconds |")
    print("|---|---|---|---|---|---|---|")
    twice = sum(len(ids) > 1 for ids in made.values())
    print(
        f"| {options.count} | {options.kills} | {len(made)} | {twice} | {options.count - len(made)} "
        f"| {sweep.doubts} | {time.monotonic() - began:.0f} |")
    for problem in sweep.problems:
        print(f"  {problem}", file=sys.stderr)
    sys.exit(1 if sweep.problems else 0)


if __name__ == "__main__":
    main()
