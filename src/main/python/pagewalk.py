"""Drives machines of Pagewalk's classroom from Python: a single file that needs nothing else.

A machine has real x86-64 page tables, TLBs and a small Linux-like kernel; each call is one
statement carried out on it, and the answer says what happened, down to the words of the tables::

    import pagewalk

    with pagewalk.serve():                     # starts ./pagewalk serve, and ends it
        m = pagewalk.Machine("fork-cow")       # a preset; Machine() is empty
        m.fork()                               # A forks B
        r = m.write(0x0, 42)                   # as process A
        print(r.error, r.marks)                # 7 ['minor', 'copy', 'walk']
        print(m.walk(0x0)["text"])             # every entry that the walk reads
        m.undo()

With a server that runs already: ``Machine("fork-cow", server="http://127.0.0.1:8086")``, or set
``PAGEWALK_URL``. docs/classroom.md describes the statements, docs/teaching.md has a lesson.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any, Callable, Dict, Iterable, Iterator, List, NamedTuple, Optional, Sequence, Tuple, Union

__all__ = [
    "Error", "Grade", "Machine", "Report", "Server", "grade", "serve", "vectors",
]

#: Where a server is looked for if nobody says: what ``./pagewalk serve`` listens at.
DEFAULT_URL = "http://127.0.0.1:8086"

#: Servers of the :func:`serve` blocks that are open, innermost last.
_open_servers: List["Server"] = []


class Error(Exception):
    """The server refuses: bad input, something that cannot be done now, or no server at all.

    :ivar status: of HTTP; 0 if there is no answer
    :ivar title: what kind of problem
    :ivar detail: what was expected, and what was found
    :ivar line: of the statement or scenario that is wrong, from 1; 0 if there is none
    :ivar column: in that line, from 1; 0 if there is none
    """

    def __init__(self, status: int, title: str, detail: str, line: int = 0, column: int = 0):
        place = f"line {line}, column {column}: " if line else ""
        super().__init__(f"{title}: {place}{detail}")
        self.status = status
        self.title = title
        self.detail = detail
        self.line = line
        self.column = column


class Server:
    """The interface for programs of one server."""

    def __init__(self, url: Optional[str] = None, timeout: float = 30.0):
        """
        :param url: as ``http://127.0.0.1:8086``; by default that of the innermost open
            :func:`serve`, of the variable PAGEWALK_URL, or where ``./pagewalk serve`` listens
        :param timeout: seconds to wait for an answer
        """
        if url is None:
            url = _open_servers[-1].url if _open_servers else os.environ.get("PAGEWALK_URL", DEFAULT_URL)
        self.url = url.rstrip("/")
        self.timeout = timeout

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """Sends a request to ``/api/v1`` + path; the answer's JSON, its text, or None.

        :param body: a text is sent as it is, all else as JSON
        :raises Error: if it is refused
        """
        with self._open(method, path, body, self.timeout) as answer:
            data = answer.read()
            kind = answer.headers.get_content_type()
        if not data:
            return None
        text = data.decode("utf-8")
        return json.loads(text) if kind == "application/json" else text

    def _open(self, method: str, path: str, body: Any, timeout: float) -> Any:
        data = None
        headers = {"Accept": "*/*"}
        if body is not None:
            text = body if isinstance(body, str) else json.dumps(body)
            data = text.encode("utf-8")
            headers["Content-Type"] = "text/plain" if isinstance(body, str) else "application/json"
        elif method == "POST":
            data = b""
        try:
            request = urllib.request.Request(
                self.url + "/api/v1" + path, data=data, method=method, headers=headers)
            return urllib.request.urlopen(request, timeout=timeout)
        except urllib.error.HTTPError as e:
            with e:
                raise _problem(e.code, e.read()) from None
        except (urllib.error.URLError, http.client.HTTPException, OSError, ValueError) as e:
            raise self._silent(getattr(e, "reason", None) or e) from None

    def _silent(self, reason: Any) -> Error:
        return Error(0, "No answer", f"expected a server at {self.url} (./pagewalk serve): {reason}")

    def _listen(
        self, path: str, timeout: Optional[float]
    ) -> Tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        """Opens a stream of server-sent events, of which the first is read."""
        parts = urllib.parse.urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            connection.request(
                "GET", parts.path + "/api/v1" + path, headers={"Accept": "text/event-stream"})
            socket = connection.sock
            answer = connection.getresponse()
            if answer.status != 200:
                body = answer.read()
                connection.close()
                raise _problem(answer.status, body)
            while answer.readline().strip():  # the event "listening": from now on nothing is missed
                pass
        except (http.client.HTTPException, OSError) as e:
            connection.close()
            raise self._silent(e) from None
        socket.settimeout(timeout)
        return connection, answer

    def presets(self) -> List[Dict[str, Any]]:
        """The ready-made scenarios: name, title, what to watch, what should surprise."""
        return self.request("GET", "/presets")

    def preset(self, name: str) -> Dict[str, Any]:
        """One of them, with the text of its scenario."""
        return self.request("GET", "/presets/" + _quoted(name))

    def lessons(self) -> List[Dict[str, Any]]:
        """The guided lessons: name, title, scenario, question, hint and answer."""
        return self.request("GET", "/lessons")

    def run(self, scenario: str) -> Dict[str, Any]:
        """Carries a whole scenario out: ``reports``, and ``met``: whether all was as expected."""
        return self.request("POST", "/scenarios", scenario)

    def vector(self, vector: Union[str, Dict[str, Any]]) -> Dict[str, Any]:
        """Judges a vector of format 1: the answers of the engines, and the walk explained."""
        text = vector if isinstance(vector, str) else json.dumps(vector)
        return self.request("POST", "/vectors", text)


class Report:
    """What came of one statement.

    :ivar document: all of it, as the server has sent it
    """

    def __init__(self, document: Dict[str, Any]):
        self.document = document

    @property
    def text(self) -> str:
        """What happened, told in a line."""
        return self.document["text"]

    @property
    def outcome(self) -> str:
        """``ok``, ``fault``, ``refused``, ``panic``, or ``failed`` for an expectation."""
        return self.document["outcome"]

    @property
    def ok(self) -> bool:
        """Whether all went well in the end; a fault that the kernel repairs is well."""
        return self.outcome == "ok"

    @property
    def value(self) -> int:
        """What was read or written, or what a system call returned."""
        return self.document["value"]

    @property
    def signal(self) -> str:
        """The signal that an access ended in; empty without."""
        return self.document["signal"]

    @property
    def marks(self) -> List[str]:
        """Some of hit, walk, minor, major, copy, evict, oom, stuck."""
        return self.document["marks"]

    @property
    def attempts(self) -> List[Dict[str, Any]]:
        """The translations: an access that faults and is repaired has two."""
        return self.document.get("attempts", [])

    @property
    def error(self) -> Optional[int]:
        """The error code of the first page fault; None without a fault."""
        for attempt in self.attempts:
            if "error" in attempt["outcome"]:
                return int(attempt["outcome"]["error"], 16)
        return None

    @property
    def physical(self) -> Optional[int]:
        """The physical address that was reached; None if none was."""
        if not self.attempts or "physical" not in self.attempts[-1]["outcome"]:
            return None
        return int(self.attempts[-1]["outcome"]["physical"], 16)

    def __repr__(self) -> str:
        return f"<Report {self.outcome}: {self.text}>"


class Machine:
    """A machine on a server. Ends with its ``with`` block, by :meth:`close`, or after an hour.

    Addresses and values are ints. Methods that act for a process take its name as ``process``;
    without it, they act for :attr:`process`, the one that was made last by :meth:`spawn`, at first
    the first of the preset.

    :ivar id: its name on the server
    :ivar process: the process that methods act for
    """

    def __init__(
        self,
        preset: Optional[str] = None,
        *,
        scenario: Optional[str] = None,
        statements: Sequence[str] = (),
        server: Union[Server, str, None] = None,
    ):
        """
        :param preset: the name of a ready-made scenario; its setup is carried out
        :param scenario: the text of one, as ``pagewalk run`` takes it
        :param statements: carried out after it
        :param server: or its URL; see :class:`Server` for the one that is taken without
        """
        self.server = server if isinstance(server, Server) else Server(server)
        wanted: Dict[str, Any] = {"statements": list(statements)}
        if preset is not None:
            wanted["preset"] = preset
        if scenario is not None:
            wanted["scenario"] = scenario
        state = self.server.request("POST", "/machines", wanted)
        self.id: str = state["id"]
        names = [process["name"] for process in state["processes"]]
        self.process: Optional[str] = names[0] if names else None

    # --- statements ---

    def do(self, *statements: str) -> List[Report]:
        """Carries out statements as scenarios have them, up to the first that cannot be."""
        answer = self._post("/statements", {"statements": list(statements)})
        return [Report(report) for report in answer["reports"]]

    def read(self, address: int, process: Optional[str] = None, **how: Any) -> Report:
        """Reads a byte. ``supervisor=True`` reads it as the kernel, ``ac=True`` with RFLAGS.AC."""
        return self._access("read", address, process, None, **how)

    def write(self, address: int, value: int = 0, process: Optional[str] = None, **how: Any) -> Report:
        """Writes a byte; see :meth:`read`."""
        return self._access("write", address, process, value, **how)

    def fetch(self, address: int, process: Optional[str] = None, **how: Any) -> Report:
        """Fetches an instruction; see :meth:`read`."""
        return self._access("fetch", address, process, None, **how)

    def _access(
        self,
        kind: str,
        address: int,
        process: Optional[str],
        value: Optional[int],
        supervisor: bool = False,
        ac: bool = False,
    ) -> Report:
        who = "supervisor-ac" if ac else "supervisor" if supervisor else "user"
        body = {"process": self._who(process), "kind": kind, "address": hex(address), "as": who}
        if value is not None:
            body["value"] = hex(value)
        return Report(self._post("/accesses", body))

    def spawn(self, name: Optional[str] = None) -> str:
        """Makes a process with nothing mapped, and acts for it from now on; returns its name."""
        name = name or self._free_name()
        self.do(f"process {name}")
        self.process = name
        return name

    def fork(self, child: Optional[str] = None, process: Optional[str] = None) -> str:
        """Forks a process; returns the child's name."""
        child = child or self._free_name()
        self._call("fork", process, child)
        return child

    def exit(self, process: Optional[str] = None) -> Report:
        """Ends a process."""
        return self._call("exit", process)

    def switch(self, process: str) -> Report:
        """Has the core load a process's tables, and acts for it from now on."""
        report = self.do(f"switch {process}")[0]
        self.process = process
        return report

    def mmap(
        self, address: int, size: int, rights: str = "rw", *flags: str, process: Optional[str] = None
    ) -> Report:
        """Maps memory; flags as ``shared``, ``growsdown``, ``populate``, ``huge``, ``file NAME``."""
        words = [word for flag in flags for word in flag.split()]
        return self._call("mmap", process, hex(address), str(size), rights, *words)

    def munmap(self, address: int, size: int, process: Optional[str] = None) -> Report:
        """Takes a mapping away."""
        return self._call("munmap", process, hex(address), str(size))

    def mprotect(
        self,
        address: int,
        size: int,
        rights: str,
        key: Optional[int] = None,
        process: Optional[str] = None,
    ) -> Report:
        """Changes rights, as ``r`` or ``none``, and with ``key`` the protection key."""
        words = [] if key is None else ["key", str(key)]
        return self._call("mprotect", process, hex(address), str(size), rights, *words)

    def madvise(self, address: int, size: int, advice: str, process: Optional[str] = None) -> Report:
        """Gives advice, as ``dontneed`` or ``guard-install``."""
        return self._call("madvise", process, hex(address), str(size), advice)

    def pkey_alloc(self, process: Optional[str] = None) -> int:
        """Has a protection key handed out; its number."""
        return self._call("pkey", process).value

    def file(self, name: str, size: int) -> Report:
        """Makes a file on disk, which :meth:`mmap` can map."""
        return self.do(f"file {name} {size}")[0]

    def flip(
        self, address: int, level: str, bit: int, invlpg: bool = False, process: Optional[str] = None
    ) -> Report:
        """Flips a bit of the entry for an address, in memory.

        :param level: ``pml4``, ``pdpt``, ``pd`` or ``pt``
        :param bit: 0 to 63
        :param invlpg: whether the TLB is told
        """
        body = {"process": self._who(process), "address": hex(address), "level": level, "bit": bit,
                "invlpg": invlpg}
        return Report(self._post("/bits", body))

    def set(self, register: str, value: int) -> Report:
        """Writes a register, as ``cr4`` or ``pkru``, or a bit of one, as ``cr4.smap``."""
        return Report(self._post("/registers", {"register": register, "value": hex(value)}))

    def invlpg(self, address: int) -> Report:
        """Drops what the TLB holds of a page."""
        return self.do(f"invlpg {address:#x}")[0]

    def flush(self, everything: bool = False) -> Report:
        """Drops what the TLB holds of this PCID; ``everything`` of all, global pages too."""
        return self.do("flush all" if everything else "flush")[0]

    def tick(self) -> Report:
        """The timer interrupt."""
        return self.do("tick")[0]

    # --- back and forth ---

    def step(self) -> Optional[Report]:
        """Carries out the scenario's next statement; None at its end."""
        reports = self._post("/next")["reports"]
        return Report(reports[0]) if reports else None

    def run(self) -> List[Report]:
        """Carries out the rest of the scenario."""
        return list(iter(self.step, None))

    def undo(self, count: int = 1) -> int:
        """Takes statements back; how many there were to take back."""
        return self._move("/undo", count)

    def redo(self, count: int = 1) -> int:
        """Does again what was undone; how many there were."""
        return self._move("/redo", count)

    def _move(self, where: str, count: int) -> int:
        moved = 0
        while moved < count and self._post(where)["moved"]:
            moved += 1
        return moved

    def snapshot(self) -> Dict[str, Any]:
        """All that is needed to come back to this state, here or on another server."""
        return self._get("/snapshot")

    def restore(self, snapshot: Dict[str, Any]) -> None:
        """Brings the machine to the state of a snapshot; nothing is left to undo but its statements."""
        self.server.request("PUT", self._path("/snapshot"), snapshot)

    # --- what there is to see ---

    def state(self) -> Dict[str, Any]:
        """All there is to see: processes, pages, registers, TLBs, frames, swap, figures, log."""
        return self._get("")

    def figures(self) -> Dict[str, Any]:
        """What has been counted, and the time of an access on average."""
        return self.state()["figures"]

    def page(self, address: int, process: Optional[str] = None) -> Dict[str, Any]:
        """What a page is: its state in one word and in a sentence, its entry, its frame.

        :raises Error: if the page is not one of those that the scenario shows (``view``)
        """
        who = self._who(process)
        for candidate in self.state()["processes"]:
            if candidate["name"] == who:
                for page in candidate["pages"]:
                    if int(page["address"], 16) == address & ~0xFFF:
                        return page
        raise Error(404, "No such page", f"expected a page that is shown, of a process that is alive; "
                                         f"found {address:#x} of {who}")

    def walk(
        self, address: int, kind: str = "read", process: Optional[str] = None, who: str = "user"
    ) -> Dict[str, Any]:
        """What a walk would find now: tables, entries bit by bit, steps, outcome; ``text`` tells it.

        :param kind: ``read``, ``write`` or ``fetch``
        :param who: ``user``, ``supervisor`` or ``supervisor-ac``
        """
        query = urllib.parse.urlencode(
            {"process": self._who(process), "address": hex(address), "kind": kind, "as": who})
        return self._get("/walk?" + query)

    def sweep(self) -> List[Dict[str, Any]]:
        """What these statements cost on machines with 1 to 16 frames: a point each, to plot."""
        return self._get("/sweep")["points"]

    def scenario(self) -> str:
        """A scenario that leads to where the machine is: a file for ``pagewalk run``."""
        return self._get("/scenario")

    def solves(self, lesson: str) -> bool:
        """Whether the machine's state answers a lesson's question."""
        return self._get("/lessons/" + _quoted(lesson))["done"]

    def events(self, timeout: Optional[float] = None) -> Iterator[Dict[str, Any]]:
        """What happens to the machine from now on, whoever does it, until it is closed.

        The server is listened to when the method is called, not with the first ``next``.

        :param timeout: seconds of silence after which the iterator ends; None waits
        """
        return _events(*self.server._listen(self._path("/events"), timeout), timeout)

    def close(self) -> None:
        """Ends the machine."""
        self.server.request("DELETE", self._path(""))

    def __enter__(self) -> "Machine":
        return self

    def __exit__(self, *_: Any) -> None:
        with contextlib.suppress(Error):
            self.close()

    def __repr__(self) -> str:
        return f"<Machine {self.id} at {self.server.url}>"

    # --- helpers ---

    def _path(self, rest: str) -> str:
        return f"/machines/{_quoted(self.id)}{rest}"

    def _get(self, rest: str) -> Any:
        return self.server.request("GET", self._path(rest))

    def _post(self, rest: str, body: Any = None) -> Any:
        return self.server.request("POST", self._path(rest), body)

    def _who(self, process: Optional[str]) -> str:
        name = process or self.process
        if name is None:
            raise Error(409, "Not possible now", "expected a process: spawn() makes one")
        return name

    def _call(self, call: str, process: Optional[str], *arguments: str) -> Report:
        body = {"call": call, "process": self._who(process), "arguments": list(arguments)}
        return Report(self._post("/syscalls", body))

    def _free_name(self) -> str:
        taken = {process["name"] for process in self.state()["processes"]}
        names = [chr(letter) for letter in range(ord("A"), ord("Z") + 1)]
        return next(name for name in names if name not in taken)


def _events(
    connection: http.client.HTTPConnection,
    stream: http.client.HTTPResponse,
    timeout: Optional[float],
) -> Iterator[Dict[str, Any]]:
    with contextlib.closing(connection), stream:
        last = time.monotonic()
        while True:
            try:
                line = stream.readline()
            except OSError:  # silence, or the server is gone
                return
            if not line:
                return
            if line.startswith(b":") and timeout is not None and time.monotonic() - last >= timeout:
                return  # the server still says that it is there, and nothing else
            if line.startswith(b"data:"):
                event = json.loads(line[len(b"data:"):])
                last = time.monotonic()
                yield event
                if event.get("event") == "closed":
                    return


def vectors(
    lines: Union[str, "os.PathLike[str]", Iterable[Union[str, Dict[str, Any]]]],
    server: Optional[Server] = None,
) -> Iterator[Dict[str, Any]]:
    """Judges vectors of format 1 one after the other.

    :param lines: a file of them, one a line, or the vectors themselves
    """
    server = server or Server()
    if isinstance(lines, (str, os.PathLike)):
        with open(lines, encoding="utf-8") as file:
            yield from vectors((line for line in file if line.strip()), server)
        return
    for line in lines:
        yield server.vector(line)


# --- a server of one's own ---


@contextlib.contextmanager
def serve(launcher: Union[str, Sequence[str], None] = None, wait: float = 300.0) -> Iterator[Server]:
    """Starts a server on a free port and ends it with the block; machines in it are on this one.

    :param launcher: the program ``pagewalk``, or a whole command that is followed by ``serve``; by
        default the one of the project that this file lies in, or the one on the PATH
    :param wait: seconds that it may take to start; the first time it may have to be built
    """
    command = [launcher] if isinstance(launcher, str) else list(launcher or [_launcher()])
    process = subprocess.Popen(
        command + ["serve", "--port", "0"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        server = Server(_address(process, wait))
        _open_servers.append(server)
        try:
            yield server
        finally:
            _open_servers.remove(server)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


def _launcher() -> str:
    for folder in Path(__file__).resolve().parents:
        if (folder / "pagewalk").is_file() and (folder / "pom.xml").is_file():
            return str(folder / "pagewalk")
    found = shutil.which("pagewalk")
    if found is None:
        raise Error(0, "No launcher", "expected the program pagewalk in the project or on the PATH")
    return found


def _address(process: "subprocess.Popen[str]", wait: float) -> str:
    """The URL in the first line that a server prints."""
    # A thread, as a pipe cannot be waited for everywhere.
    import threading

    lines: List[str] = []
    reader = threading.Thread(target=lambda: lines.append(process.stdout.readline()), daemon=True)
    reader.start()
    reader.join(wait)
    found = re.search(r"http://\S+?(?=/? )", lines[0]) if lines else None
    if found is None:
        process.kill()
        said = process.stderr.read().strip()
        raise Error(0, "No server", said or f"expected its address within {wait:g} seconds")
    return found.group()


def _problem(status: int, body: bytes) -> Error:
    """What the document of RFC 9457 in an answer says."""
    text = body.decode("utf-8", "replace")
    try:
        document = json.loads(text)
        return Error(status, document["title"], document["detail"],
                     document.get("line", 0), document.get("column", 0))
    except (ValueError, KeyError, TypeError):
        return Error(status, "Request refused", text.strip() or f"status {status}")


def _quoted(part: str) -> str:
    return urllib.parse.quote(part, safe="")


# --- homework ---

#: Points, what they are for, and the condition: a function of the machine that says yes or no.
Check = Tuple[float, str, Callable[[Machine], Any]]


class Grade(NamedTuple):
    """What a piece of homework is worth.

    :ivar points: reached
    :ivar most: that could be reached
    :ivar lines: a line for each check, for people
    """

    points: float
    most: float
    lines: List[str]

    def __str__(self) -> str:
        return "\n".join([*self.lines, f"{self.points:g} of {self.most:g} points"])


def grade(machine: Machine, checks: Iterable[Check]) -> Grade:
    """Holds a machine against checks.

    ::

        grade(m, [
            (2, "page 0 is shared", lambda m: m.page(0x0)["state"] == "cow"),
            (1, "no copy was made", lambda m: m.figures()["copies"] == 0),
        ])

    A check that ends in an :class:`Error` or in a missing key is not fulfilled, and its line says
    why; other exceptions are mistakes in the check and are not caught.
    """
    points = most = 0.0
    lines = []
    for worth, what, condition in checks:
        most += worth
        why = ""
        try:
            good = bool(condition(machine))
        except (Error, LookupError) as e:
            good = False
            why = f" ({e})"
        points += worth if good else 0
        lines.append(f"{'ok' if good else 'no':>4}  {worth if good else 0:g}/{worth:g}  {what}{why}")
    return Grade(points, most, lines)
