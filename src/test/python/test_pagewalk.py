"""Tests of pagewalk.py against a running server, whose address is in PAGEWALK_URL."""

import json
import os
import threading
import unittest
from pathlib import Path

import pagewalk

ROOT = Path(__file__).resolve().parents[3]


class MachineTest(unittest.TestCase):
    def setUp(self):
        self.m = pagewalk.Machine("fork-cow")
        self.addCleanup(self.m.close)

    def test_fork_makes_both_read_only_and_the_first_writer_pays(self):
        m = self.m
        self.assertEqual("B", m.fork())
        report = m.write(0x0, 42)
        self.assertEqual(7, report.error)
        self.assertIn("copy", report.marks)
        self.assertTrue(report.ok)
        self.assertEqual(42, m.read(0x0).value)
        self.assertEqual(1, m.read(0x0, process="B").value)
        self.assertNotEqual(m.read(0x0).physical, m.read(0x0, process="B").physical)
        self.assertIsNone(m.read(0x0).error)

    def test_pages_walks_and_entries_are_those_of_memory(self):
        m = self.m
        before = m.walk(0x1000)
        entry = int(before["tables"][3]["entry"], 16)
        m.flip(0x1000, "pt", 1)
        self.assertEqual(entry ^ 2, int(m.walk(0x1000)["tables"][3]["entry"], 16))
        self.assertEqual(entry ^ 2, int(m.page(0x1fff)["entry"], 16))
        self.assertEqual("read-only", m.page(0x1000)["state"])
        self.assertEqual("0x7", m.walk(0x1000, "write")["outcome"]["error"])
        self.assertIn("=> physical address", m.walk(0x1000)["text"])
        with self.assertRaises(pagewalk.Error):
            m.page(0x7000_0000)

    def test_system_calls(self):
        m = self.m
        self.assertEqual(0x40000, m.mmap(0x40000, 8192, "rw", "populate").value)
        self.assertEqual("refused", m.mmap(0x40000, 4096).outcome)
        self.assertTrue(m.mprotect(0x40000, 4096, "r").ok)
        self.assertEqual("SIGSEGV (SEGV_ACCERR)", m.write(0x40000, 1).signal)
        self.assertTrue(m.madvise(0x41000, 4096, "dontneed").ok)
        self.assertTrue(m.munmap(0x40000, 8192).ok)
        self.assertEqual("SIGSEGV (SEGV_MAPERR)", m.read(0x40000).signal)
        m.file("notes", 8192)
        self.assertTrue(m.mmap(0x50000, 8192, "r", "shared", "file notes").ok)
        self.assertIn("major", m.read(0x50000).marks)
        m.fork("C")
        self.assertTrue(m.exit("C").ok)

    def test_supervisor_mode_and_registers(self):
        m = self.m
        self.assertEqual(1, m.read(0x0, supervisor=True).error)
        self.assertTrue(m.read(0x0, ac=True).ok)
        m.set("cr4.smap", 0)
        self.assertTrue(m.read(0x0, supervisor=True).ok)
        self.assertEqual(0, m.state()["registers"]["cr4.smap"])
        self.assertEqual(0x15, m.fetch(0x0).error)

    def test_a_process_of_ones_own(self):
        with pagewalk.Machine(scenario="machine classroom frames=4 keys=on") as m:
            with self.assertRaises(pagewalk.Error) as refused:
                m.read(0x0)
            self.assertIn("spawn()", refused.exception.detail)
            self.assertEqual("A", m.spawn())
            m.mmap(0x0, 65536)
            self.assertEqual(1, m.pkey_alloc())
            m.mprotect(0x0, 4096, "rw", key=1)
            m.write(0x0, 7)
            m.set("pkru", 8)
            self.assertEqual(0x27, m.write(0x0, 8).error)
            self.assertEqual("B", m.spawn())
            self.assertEqual("B", m.process)
            m.switch("A")
            self.assertEqual(7, m.read(0x0).value)
            m.invlpg(0x0), m.flush(), m.flush(True), m.tick()
            self.assertIn("walk", m.read(0x0).marks)

    def test_undo_redo_and_steps(self):
        m = self.m
        first = m.state()
        reports = m.run()
        self.assertEqual(10, len(reports))
        self.assertTrue(all(report.ok for report in reports))
        self.assertIsNone(m.step())
        last = m.state()
        self.assertEqual(10, m.undo(10))
        self.assertEqual(first["processes"], m.state()["processes"])
        self.assertEqual(10, m.redo(100))
        self.assertEqual(last["processes"], m.state()["processes"])
        self.assertEqual(1, m.figures()["copies"])

    def test_a_snapshot_is_restored_here_and_elsewhere(self):
        m = self.m
        m.fork()
        snapshot = json.loads(json.dumps(m.snapshot()))
        pages = m.state()["processes"]
        m.exit("B")
        self.assertNotEqual(pages, m.state()["processes"])
        m.restore(snapshot)
        self.assertEqual(pages, m.state()["processes"])
        with pagewalk.Machine() as other:
            other.restore(snapshot)
            self.assertEqual(pages, other.state()["processes"])
        with pagewalk.Machine(scenario=m.scenario()) as again:
            self.assertEqual(pages, again.state()["processes"])

    def test_events_are_told_as_they_happen(self):
        m = pagewalk.Machine("stale-tlb")
        events = m.events(timeout=30)
        m.step()
        m.undo()
        threading.Timer(0.2, m.close).start()
        self.assertEqual(["statement", "undo", "closed"], [event["event"] for event in events])

    def test_silence_ends_the_events(self):
        self.assertEqual([], list(self.m.events(timeout=0.2)))

    def test_a_sweep_has_a_point_for_each_number_of_frames(self):
        with pagewalk.Machine("belady") as m:
            m.run()
            faults = [point["minor"] + point["major"] for point in m.sweep()]
        self.assertEqual(16, len(faults))
        self.assertEqual([9, 10], faults[2:4])

    def test_a_lesson_is_solved_by_what_is_done(self):
        lesson = next(l for l in self.m.server.lessons() if l["name"] == "one-fault")
        with pagewalk.Machine(scenario=lesson["scenario"]) as m:
            self.assertFalse(m.solves("one-fault"))
            m.write(0x5000, 1)
            self.assertTrue(m.solves("one-fault"))

    def test_refusals_say_where_and_why(self):
        with self.assertRaises(pagewalk.Error) as refused:
            self.m.do("tick", "read A 0xzz")
        self.assertEqual(400, refused.exception.status)
        self.assertEqual((2, 8), (refused.exception.line, refused.exception.column))
        self.assertIn("expected an address", str(refused.exception))
        for call in (lambda: pagewalk.Machine("none"), lambda: self.m.solves("none"),
                     lambda: self.m.server.preset("../lessons")):
            with self.assertRaises(pagewalk.Error) as refused:
                call()
            self.assertEqual(404, refused.exception.status)
        gone = pagewalk.Machine()
        gone.close()
        with self.assertRaises(pagewalk.Error) as refused:
            gone.events()
        self.assertEqual(404, refused.exception.status)
        with self.assertRaises(pagewalk.Error) as refused:
            self.m.read(0x0, process="Z")
        self.assertEqual(409, refused.exception.status)
        with self.assertRaises(pagewalk.Error) as refused:
            pagewalk.Machine(server="http://127.0.0.1:1")
        self.assertIn("./pagewalk serve", str(refused.exception))


class ServerTest(unittest.TestCase):
    def test_presets_and_whole_scenarios(self):
        server = pagewalk.Server()
        self.assertEqual(20, len(server.presets()))
        text = server.preset("smap")["scenario"]
        self.assertTrue(server.run(text)["met"])
        self.assertFalse(server.run("process A\nread A 0\nexpect ok")["met"])

    def test_vectors_are_judged(self):
        file = ROOT / "test-vectors/walk/tlb.jsonl"
        results = pagewalk.vectors(file)
        for _ in range(5):
            self.assertTrue(all(answer["passed"] for answer in next(results)["answers"]))
        vector = json.loads(file.read_text().splitlines()[0])
        self.assertEqual(1, len(list(pagewalk.vectors([vector]))))
        with self.assertRaises(pagewalk.Error):
            list(pagewalk.vectors([{"no": "vector"}]))

    def test_a_server_of_ones_own_ends_with_its_block(self):
        command = json.loads(os.environ["PAGEWALK_COMMAND"])
        with pagewalk.serve(command) as server:
            self.assertNotEqual(os.environ["PAGEWALK_URL"], server.url)
            m = pagewalk.Machine("nx")
            self.assertEqual(server.url, m.server.url)
            self.assertEqual(0x15, m.step().error)
        with self.assertRaises(pagewalk.Error):
            m.state()
        self.assertEqual(os.environ["PAGEWALK_URL"], pagewalk.Server().url)

    def test_a_server_that_does_not_start_says_why(self):
        with self.assertRaises(pagewalk.Error) as refused:
            with pagewalk.serve(["sh", "-c", "echo cannot, today >&2; exit 2"]):
                self.fail("there is none")
        self.assertIn("cannot, today", str(refused.exception))


class GradeTest(unittest.TestCase):
    def test_points_are_added_and_each_check_has_its_line(self):
        with pagewalk.Machine("fork-cow") as m:
            m.run()
            result = pagewalk.grade(m, [
                (2, "one copy", lambda m: m.figures()["copies"] == 1),
                (1.5, "B has written", lambda m: m.read(0x0, process="B").value == 12),
                (3, "page 9 is there", lambda m: m.page(0x9000)["frame"]),
                (1, "C is alive", lambda m: m.read(0x0, process="C").ok),
            ])
        self.assertEqual((3.5, 7.5), (result.points, result.most))
        self.assertTrue(str(result).endswith("3.5 of 7.5 points"))
        self.assertEqual("  ok  2/2  one copy", result.lines[0])
        self.assertEqual("  no  0/3  page 9 is there ('frame')", result.lines[2])
        self.assertIn("found \"C\"", result.lines[3])

    def test_a_mistake_in_a_check_is_not_a_wrong_answer(self):
        with pagewalk.Machine("nx") as m, self.assertRaises(TypeError):
            pagewalk.grade(m, [(1, "wrong", lambda: True)])


if __name__ == "__main__":
    unittest.main()
