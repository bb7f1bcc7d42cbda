"""Grades a folder of scenario files, one a student: python3 docs/examples/grade.py FOLDER."""

import sys
from pathlib import Path

try:
    import pagewalk
except ImportError:  # not copied beside this file, and not on PYTHONPATH
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src/main/python"))
    import pagewalk


def frames_differ(m):
    """Task 1: of each its own frame, and one copy."""
    apart = m.page(0x0, "A")["frame"] != m.page(0x0, "B")["frame"]
    return apart and m.figures()["copies"] == 1


def is_swapped(m):
    """Task 2."""
    return m.page(0x1000, "A")["state"] == "swapped"


def none_is_stale(m):
    """Task 3: none is left, in any TLB."""
    return not any(entry["stale"] for tlb in m.state()["tlbs"] for entry in tlb["entries"])


def grade_file(path):
    """What a file is worth; a file that is no scenario is worth nothing and says why."""
    try:
        with pagewalk.Machine(scenario=path.read_text(encoding="utf-8")) as m:
            told = [line["text"] for line in m.state()["log"]]
            return pagewalk.grade(m, [
                (3, "task 1: a frame each, one copy", frames_differ),
                (2, "task 2: page 0x1000 of A is in swap", is_swapped),
                (1, "task 3: a stale entry has answered", lambda _: any("stale one" in text for text in told)),
                (1, "task 3: none is left", none_is_stale),
            ])
    except (pagewalk.Error, UnicodeDecodeError) as e:
        return pagewalk.Grade(0, 7, [f"  no  0/7  {e}"])


def grade_folder(folder):
    """Lines for all files of a folder."""
    for path in sorted(Path(folder).glob("*.txt")):
        yield path.name
        yield str(grade_file(path))


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("grade.py: expected one argument, a folder of scenario files")
    with pagewalk.serve():
        print("\n".join(grade_folder(sys.argv[1])))
