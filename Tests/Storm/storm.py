"""The storm: sends random keys, pastes, clicks, and resizes to the built program.

    storm.py PROGRAM --events 200000 --seed 1

Whatever happens, the program must keep running, its screen must match a full repaint of the same
frame, and it must restore the terminal in the end. The terminal is pyte's emulator on a
pseudo-terminal. Nothing waits for time: the program's output shows what it has drawn.
"""

import argparse
import codecs
import ctypes
import fcntl
import os
import pty
import random
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time
import unicodedata

import pyte
import pyte.screens

LIBC = ctypes.CDLL(None)
LIBC.wcwidth.argtypes = [ctypes.c_uint32]
WIDTHS = {}

# Seconds after which the program counts as hanging.
PATIENCE = 60


def wcwidth(character):
    """The C library's width, which the program and xterm use as well."""
    width = WIDTHS.get(character)
    if width is None:
        width = WIDTHS[character] = LIBC.wcwidth(ord(character))
    return width


pyte.screens.wcwidth = wcwidth


class Failure(Exception):
    """A mistake that the program made."""


class Screen(pyte.Screen):
    """pyte's screen with some of xterm's extensions. Compares frames with their repaints."""

    def __init__(self, columns, lines):
        super().__init__(columns, lines)
        self.frames = 0
        self.clears = 0
        self.compared = 0
        self.wrong = []
        self.in_frame = False
        self.before = None
        # Whether the program knows this size, and no other program's output is on the screen.
        self.is_settled = False
        self.last_drawn = " "
        self.is_final_due = False

    def draw(self, data):
        if self.is_final_due:
            self.is_final_due = False
            data = data[1:]
            if not data:
                return
        stray = [c for c in data if wcwidth(c) < 1 and not unicodedata.combining(c)]
        if stray:
            raise Failure(f"U+{ord(stray[0]):04X}, which has no width, was drawn")
        self.last_drawn = data[-1]
        # A mark belongs to the character before it, even if that is in the last column: pyte would
        # wrap first.
        start = 0
        for index, character in enumerate(data):
            if wcwidth(character) == 0:
                super().draw(data[start:index])
                self.mark(character)
                start = index + 1
        super().draw(data[start:])

    def mark(self, character):
        line = self.buffer[self.cursor.y]
        x = self.cursor.x - 1
        if x > 0 and line[x].data == "":
            x -= 1
        if x >= 0:
            line[x] = line[x]._replace(data=unicodedata.normalize("NFC", line[x].data + character))

    def repeat(self, count=1):
        """REP, which ncurses uses for borders."""
        super().draw(self.last_drawn * max(1, count))

    def debug(self, *args, **kwargs):
        raise Failure(f"unknown sequence with {args} {kwargs}")

    def back_tab(self, count=1):
        for _ in range(max(1, count)):
            self.cursor.x = max((stop for stop in self.tabstops if stop < self.cursor.x), default=0)

    def delete_characters(self, count=1):
        """Fills in from the right with the background color, unlike pyte's own implementation."""
        super().delete_characters(count)
        line = self.buffer[self.cursor.y]
        for x in range(max(self.cursor.x, self.columns - max(1, count)), self.columns):
            line[x] = self.cursor.attrs

    def scroll_up(self, count=1):
        self.scroll(self.delete_lines, count)

    def scroll_down(self, count=1):
        self.scroll(self.insert_lines, count)

    def scroll(self, change, count):
        """Moves the lines between the margins, regardless of the cursor, which stays in place."""
        x, y = self.cursor.x, self.cursor.y
        self.cursor.y = self.margins.top if self.margins else 0
        change(max(1, count))
        self.cursor.x, self.cursor.y = x, y

    def less_than(self, *args, **kwargs):
        """`CSI < u`: pyte mistakes the prefix for the end, and the end for text."""
        self.is_final_due = True

    def ignored(self, *args, **kwargs):
        """A query, or a mode without a visible effect."""

    def set_mode(self, *modes, **kwargs):
        if kwargs.get("private") and 2026 in modes:
            self.in_frame = True
            return
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes, **kwargs):
        if kwargs.get("private") and 2026 in modes:
            self.end_frame()
            return
        if kwargs.get("private") and 1049 in modes:
            self.is_settled = False
        super().reset_mode(*modes, **kwargs)

    def resize(self, lines=None, columns=None):
        super().resize(lines, columns)
        self.is_settled = False
        self.before = None

    def erase_in_display(self, how=0, *args, **kwargs):
        if how == 2 and self.in_frame and self.is_settled:
            self.before = self.rows()
        super().erase_in_display(how, *args, **kwargs)
        if how == 2:
            self.clears += 1

    def end_frame(self):
        self.in_frame = False
        self.frames += 1
        if self.before is None:
            return
        self.compared += 1
        for y, (old, new) in enumerate(zip(self.before, self.rows())):
            if old != new:
                cell = next(x for x in range(self.columns) if old[x] != new[x])
                self.wrong.append(
                    f"a repaint at {self.columns}x{self.lines} changed row {y}, first column {cell} "
                    f"from {old[cell]} to {new[cell]}:\n  {text(old)}\n  {text(new)}")
        self.before = None

    def rows(self):
        """The appearance of each cell. Of a space's colors, only the background is visible."""

        def shown(cell):
            if cell.data == " ":
                return (" ", cell.fg if cell.reverse else cell.bg, cell.underscore)
            return (cell.data, cell.fg, cell.bg, cell.bold, cell.italics, cell.underscore, cell.reverse)

        return [
            [shown(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)
        ]


def text(row):
    return "".join(cell[0] for cell in row)


class Stream(pyte.Stream):
    csi = {**pyte.Stream.csi, "b": "repeat", "u": "ignored", "c": "ignored", "t": "ignored",
           "S": "scroll_up", "T": "scroll_down", "Z": "back_tab", "<": "less_than"}
    escape = {**pyte.Stream.escape, "=": "ignored", ">": "ignored"}
    events = pyte.Stream.events | {"repeat", "ignored", "back_tab", "less_than", "scroll_up", "scroll_down"}


# Queries, and a terminal's replies.
ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b]11;?\x1b\\": b"\x1b]11;rgb:1010/1010/1010\x1b\\",
    b"\x1b[?u": b"\x1b[?0u",
    b"\x1b[c": b"\x1b[?62;22c",
}
MODES = {
    "the alternate screen": (b"\x1b[?1049h", b"\x1b[?1049l"),
    "bracketed paste": (b"\x1b[?2004h", b"\x1b[?2004l"),
    "focus reporting": (b"\x1b[?1004h", b"\x1b[?1004l"),
    "mouse reporting": (b"\x1b[?1002h", b"\x1b[?1002l"),
    "SGR mouse coordinates": (b"\x1b[?1006h", b"\x1b[?1006l"),
    "synchronized output": (b"\x1b[?2026h", b"\x1b[?2026l"),
    "the kitty keyboard protocol": (b"\x1b[>1u", b"\x1b[<u"),
    "a hidden cursor": (b"\x1b[?25l", b"\x1b[?25h"),
}
NEEDLES = list(ANSWERS) + [sequence for pair in MODES.values() for sequence in pair]
PATTERN = re.compile(b"|".join(re.escape(needle) for needle in sorted(NEEDLES, key=len, reverse=True)))
LONGEST = max(len(needle) for needle in NEEDLES)


class Program:
    """The program in a pseudo-terminal."""

    def __init__(self, command, environment, columns, lines):
        self.screen = Screen(columns, lines)
        self.stream = Stream(self.screen)
        self.decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.tail = self.recent = b""
        self.last = {needle: -1 for needle in NEEDLES}
        self.offset = 0
        self.status = None
        self.master, self.slave = pty.openpty()
        self.set_size(columns, lines)
        # While another program has the terminal, Ctrl-C would discard pending output, and echoed input
        # would arrive late, in the middle of frames.
        settings = termios.tcgetattr(self.slave)
        settings[3] |= termios.NOFLSH
        settings[3] &= ~(termios.ECHO | termios.ECHOCTL)
        termios.tcsetattr(self.slave, termios.TCSANOW, settings)
        self.settings = termios.tcgetattr(self.slave)
        self.process = os.fork()
        if self.process == 0:
            os.setsid()
            fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
            for descriptor in (0, 1, 2):
                os.dup2(self.slave, descriptor)
            os.closerange(3, 256)
            os.execvpe(command[0], command, environment)
        os.set_blocking(self.master, False)

    def set_size(self, columns, lines):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def resize(self, columns, lines):
        # Process output for the old size first.
        self.read(0)
        if self.status is None:
            self.screen.resize(lines, columns)
            self.set_size(columns, lines)

    def read(self, seconds):
        """Processes the program's output. Returns False if there is none."""
        ready, _, _ = select.select([self.master], [], [], seconds)
        got = False
        while ready:
            try:
                data = os.read(self.master, 65536)
            except BlockingIOError:
                break
            except OSError:
                data = b""
            if not data:
                break
            got = True
            self.take(data)
        process, status = os.waitpid(self.process, os.WNOHANG) if self.status is None else (0, 0)
        if process:
            self.status = os.waitstatus_to_exitcode(status)
        return got

    def take(self, data):
        self.recent = self.recent[-400:] + data
        joined = self.tail + data
        replies = b""
        for match in PATTERN.finditer(joined):
            # A match that ends in the earlier part has already been processed.
            if match.end() > len(self.tail):
                needle = match.group()
                self.last[needle] = self.offset + match.end() - len(self.tail)
                replies += ANSWERS.get(needle, b"")
        self.offset += len(data)
        self.tail = joined[-(LONGEST - 1):]
        self.stream.feed(self.decoder.decode(data))
        if replies:
            self.write(replies)

    def write(self, data):
        end = time.monotonic() + PATIENCE
        while data and self.status is None:
            try:
                data = data[os.write(self.master, data):]
            except BlockingIOError:
                self.read(0.05)
                if time.monotonic() > end:
                    raise Failure("it doesn't read its input")
            except OSError:
                self.read(0)

    def waits(self, what, condition):
        """Waits for a condition. Returns False if the program exits first."""
        end = time.monotonic() + PATIENCE
        while not condition():
            if self.status is not None:
                return False
            self.read(0.2)
            if time.monotonic() > end:
                raise Failure(f"it hangs: no {what}, {self.unread()} bytes unread, {self.state()}")
        return True

    def settles(self, columns, lines):
        """Resizes, and waits until the program knows the size. Returns False if it has exited.

        A signal may arrive after the program has checked its descriptors but before it reads. The next
        key after one that it has answered is certain to be read with the new size.
        """
        self.resize(columns, lines)
        self.screen.is_settled = all(self.repaints() for _ in range(3))
        return self.screen.is_settled

    def repaints(self):
        """Forces a repaint after all earlier input has been read."""
        if not self.waits("reading of its input", lambda: self.unread() == 0):
            return False
        clears = self.screen.clears

        def is_repainted():
            return self.screen.clears > clears and not self.screen.in_frame

        # A truncated mouse report can swallow up to three bytes. The end of a paste may have gone to
        # another program, in which case Esc ends the paste.
        for attempt in range(8):
            if attempt > 3:
                self.write(b"\x1b")
                self.read(0.3)
            self.write(b"\x0c")
            end = time.monotonic() + 0.3
            while not is_repainted() and self.status is None and time.monotonic() < end:
                self.read(0.2)
            if is_repainted():
                return True
        return self.waits("repaint", is_repainted)

    def state(self):
        """The state of the process, if the system provides it."""
        try:
            with open(f"/proc/{self.process}/stat", encoding="ascii") as facts:
                return "state " + facts.read().rsplit(") ", 1)[1][0]
        except OSError:
            return "state unknown"

    def unread(self):
        return struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, b"\0\0\0\0"))[0]

    def left_behind(self):
        """The terminal settings that the program didn't restore."""
        left = [
            name for name, (on, off) in MODES.items() if self.last[on] > self.last[off]
        ]
        if termios.tcgetattr(self.slave) != self.settings:
            left.append("the line settings")
        return left

    def close(self):
        if self.status is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.master)
        os.close(self.slave)


KEYS = [
    b"\x1b[A", b"\x1b[B", b"\x1b[C", b"\x1b[D", b"\x1b[H", b"\x1b[F", b"\x1b[5~", b"\x1b[6~",
    b"\x1bOP", b"\x1b[15~", b"\t", b"\x1b[Z", b"\r", b"\x7f", b"\x1b[3~", b"\x0b", b"\x15", b"\x17",
    b"\x12", b"\x06", b"\x0c", b"\x1br", b"\x1bu", b"\x1be", b"\x1b[1;3A", b"\x1b[1;3B",
    b"\x1b[1;5H", b"\x1b[I", b"\x1b[O", b"\x1b[20~",
]
# Leaves out q, which quits. The program exits often enough in other ways.
LETTERS = b"abcdefghijklmnoprstuvwxyz0123456789:/?.,;+-<>=[]{}()!@#$%^&*~GNPYZ "
TEXTS = [
    "flux", "画像を直す", "👩‍👩‍👧 family", "q\r\x03", "line\nafter line\n", "p/nothing",
    "https://replicate.com/demo/painter", "\x1b[31mred\x1b[0m", "🇯🇵🇺🇸", "e\u0301\u0302\u0303",
    "ｗｉｄｅ" * 40, "\u202eright to left\u202c", "a long paste, " * 1500,
]
SIZES = [(1, 1), (2, 1), (1, 60), (400, 1), (400, 100), (39, 11), (40, 12), (80, 24), (300, 3)]


class Storm:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.keys = self.pastes = self.clicks = self.sizes = 0

    @property
    def events(self):
        return self.keys + self.pastes + self.clicks + self.sizes

    def event(self):
        """A random event, as a terminal would send it."""
        pick = self.random
        kind = pick.randrange(100)
        if kind < 86:
            self.keys += 1
            if kind < 50:
                return bytes([pick.choice(LETTERS)])
            if kind < 80:
                return pick.choice(KEYS)
            if kind < 84:
                return b"\x1b\x1b"
            junk = bytes(pick.randrange(0x20, 0x7F) for _ in range(pick.randint(1, 12)))
            return b"\x1b[" + junk.replace(b"q", b"")
        if kind < 90:
            self.pastes += 1
            return b"\x1b[200~" + pick.choice(TEXTS).encode() + b"\x1b[201~"
        self.clicks += 1
        button = pick.choice([0, 0, 0, 32, 64, 65, 2, 35])
        column, row = pick.randint(1, 420), pick.randint(1, 110)
        return f"\x1b[<{button};{column};{row}{pick.choice('Mm')}".encode()

    def size(self):
        self.sizes += 1
        if self.random.randrange(4) == 0:
            return self.random.choice(SIZES)
        return self.random.randint(1, 200), self.random.randint(1, 60)

    def rage(self, program, count):
        """Sends events until there are enough or the program exits."""
        while self.events < count and program.status is None:
            batch = [self.event() for _ in range(self.random.randint(1, 120))]
            # The program reads chunks other than those that were written.
            for piece in (batch[: len(batch) // 2], batch[len(batch) // 2:]):
                program.write(b"".join(piece))
                program.read(0)
            size = self.size()
            if self.random.randrange(3) > 0:
                program.resize(*size)
                continue
            if not program.settles(*size):
                return
            # Draws changes at one size step by step, and then everything at once.
            for _ in range(self.random.randint(1, 20)):
                program.write(self.event())
                program.read(0)
            if not program.repaints():
                return


def mosaic(sample, count):
    """Pictures of wide and narrow characters side by side, with links, as TerminalSample draws them.

    Every picture must look as intended, both after the step from the one before and repainted.
    """
    with tempfile.TemporaryDirectory() as home:
        expected = os.path.join(home, "expected")
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
                       "HOME": home}
        program = Program([sample, "", os.path.join(home, "log"), expected], environment, 40, 12)
        faults = []

        def rows():
            return [unicodedata.normalize("NFC", line).rstrip() for line in
                    map(text, program.screen.rows())]

        def check(what, frame):
            with open(expected, encoding="utf-8") as file:
                wanted = [unicodedata.normalize("NFC", line).rstrip()
                          for line in file.read().split("\n")]
            for y, (shown, want) in enumerate(zip(rows(), wanted)):
                if shown != want:
                    faults.append(f"{what} {frame}, row {y}: {shown!r} instead of {want!r}")

        try:
            program.waits("first frame", lambda: "ready" in text(program.screen.rows()[0]))
            # Before this, the frames aren't bracketed.
            program.waits("synchronized output", lambda: program.last[b"\x1b[?2026$p"] >= 0)
            for frame in range(1, count + 1):
                program.write(b"w")
                program.waits(f"frame {frame}", lambda: not program.screen.in_frame
                              and rows()[0].startswith(f"frame {frame} ".rstrip())
                              and program.unread() == 0 and not program.read(0.002))
                check("frame", frame)
                if frame % 10 == 0:
                    clears = program.screen.clears
                    program.write(b"l")
                    program.waits("repaint", lambda: program.screen.clears > clears
                                  and not program.screen.in_frame and not program.read(0.002))
                    check("repaint of frame", frame)
                if len(faults) > 5:
                    break
        except Failure as failure:
            faults.append(str(failure) + ", on the screen:\n" + "\n".join(rows()))
        program.close()
    print(f"mosaic: {count} frames, {len(faults)} faults")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("program")
    arguments.add_argument("--mosaic", type=int, metavar="FRAMES",
                           help="draw this many pictures with TerminalSample instead")
    arguments.add_argument("--events", type=int, default=200_000)
    arguments.add_argument("--seed", type=int, default=1)
    options = arguments.parse_args()
    if options.mosaic:
        return mosaic(os.path.abspath(options.program), options.mosaic)

    storm = Storm(options.seed)
    starts = compared = frames = 0
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "HOME": home,
            "EDITOR": "/bin/true", "PAGER": "/bin/true", "TMPDIR": home,
        }
        for variable in list(environment):
            if variable.startswith(("XDG_", "KITTY_")) or variable in (
                "DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "LINES", "COLUMNS", "TMUX", "STY", "BROWSER",
                "TERM_PROGRAM", "WT_SESSION", "ConEmuANSI", "SSH_TTY", "COLORTERM", "COLORFGBG"):
                del environment[variable]
        faults = []
        while storm.events < options.events and not faults:
            starts += 1
            before = storm.events
            program = Program([os.path.abspath(options.program)], environment, 100, 30)
            try:
                program.waits("first frame", lambda: "Replicant" in "".join(program.screen.display))
                storm.rage(program, options.events)
                if program.status is None:
                    os.kill(program.process, signal.SIGTERM)
                    program.waits("end", lambda: False)
                while program.read(0.05):
                    pass
                if program.status not in (0, 128 + signal.SIGTERM):
                    faults.append(f"it exited with status {program.status}")
                left = program.left_behind()
                if left:
                    faults.append(
                        f"it exited with status {program.status} and didn't restore {', '.join(left)}; "
                        f"its last output was {program.recent[-400:]!r}")
            except Failure as failure:
                faults.append(f"{failure}; its last output was {program.recent[-400:]!r}")
            faults += program.screen.wrong
            if storm.events == before:
                faults.append("it exited before anything was sent")
            compared += program.screen.compared
            frames += program.screen.frames
            if faults:
                print(f"after {storm.events} events, on the screen:")
                print("\n".join(text(row) for row in program.screen.rows()))
            program.close()

    if compared == 0 and not faults:
        faults.append("no repaints were compared")
    print(
        f"seed {options.seed}: {storm.events} events ({storm.keys} keys, {storm.pastes} pastes, "
        f"{storm.clicks} clicks, {storm.sizes} resizes), {starts} starts, {frames} frames, "
        f"{compared} repaints compared, {len(faults)} faults, {time.monotonic() - began:.0f} s")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
