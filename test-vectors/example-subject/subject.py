#!/usr/bin/env python3
"""A small page walker behind the protocol of docs/subject-protocol.md, with three planted mistakes."""
import json
import sys

P, RW, US, A, D, PS, XD = 1, 2, 4, 1 << 5, 1 << 6, 1 << 7, 1 << 63
SMEP, SMAP, NXE = 1 << 20, 1 << 21, 1 << 11

def access(step, cpu, regs, mem):
    va, user, nxe = int(step["va"], 16), step["cpl"] == 3, regs["efer"] & NXE
    write, fetch = step["do"] == "write", step["do"] == "fetch"
    if va >> 47 not in (0, 0x1FFFF):
        return {"exception": "#GP", "error": "0x0"}
    code = write << 1 | user << 2 | (fetch and bool(nxe or regs["cr4"] & SMEP)) << 4
    fault = lambda bits: {"exception": "#PF", "error": hex(code | bits), "cr2": hex(va)}
    frame = (1 << cpu["maxphyaddr"]) - 1 & ~0xFFF
    table, rights, no_fetch, old = regs["cr3"] & frame, RW | US, True, {}
    for shift in (39, 30, 21, 12):
        pa = table + (va >> shift & 511) * 8
        old[pa] = entry = mem.get(pa, 0)
        leaf = shift == 12 or shift < 39 and entry & PS
        reserved = (1 << 52) - (1 << cpu["maxphyaddr"]) | (0 if nxe else XD)
        if leaf and shift > 12:
            reserved |= (1 << shift) - (1 << 13)
        if shift == 39 or shift == 30 and "page1gb" not in cpu["features"]:
            reserved |= PS
        if not entry & P or entry & reserved:
            mem.update({at: word | A for at, word in old.items() if at != pa})
            changed = [[hex(at), hex(word | A)] for at, word in old.items() if at != pa and not word & A]
            return {**fault(8 if entry & P else 0), "memory_after": changed}  # planted: rsvd-without-p
        rights, no_fetch = rights & entry, no_fetch and entry & XD  # planted: xd-anded
        if leaf:
            break
        table = entry & frame
    denied = user and not rights & US or fetch and no_fetch
    denied = denied or write and user and not rights & RW  # planted: no-cr0-wp
    if not user and rights & US:
        denied = denied or regs["cr4"] & (SMEP if fetch else 0 if step["ac"] else SMAP)
    new = {at: word | A if at != pa or not denied else word for at, word in old.items()}
    new[pa] |= D if write and not denied else 0
    mem.update(new)
    after = [[hex(at), hex(word)] for at, word in new.items() if word != old[at]]
    low = (1 << shift) - 1
    return {**(fault(P) if denied else {"pa": hex(entry & frame & ~low | va & low)}), "memory_after": after}

def answer(asked):
    mem = {int(pa, 16): int(word, 16) for pa, word in asked["memory"]}
    regs = {name: int(value, 16) for name, value in asked["state"].items()}
    if any(s["do"] not in ("read", "write", "fetch") or int(s["va"], 16) % 4096 + s["size"] > 4096 for s in asked["steps"]):
        return {"vector": asked["vector"], "skip": "only accesses, each within a page"}
    return {"vector": asked["vector"], "outcomes": [access(s, asked["cpu"], regs, mem) for s in asked["steps"]]}

hello = {"protocol": 1, "name": "example", "version": "1", "features": ["nx", "page1gb", "pge", "smep", "smap"]}
print(json.dumps({"subject": {**hello, "maxphyaddr": [36, 52], "memory_after": True}}), flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if "vector" in asked:
        print(json.dumps(answer(asked)), flush=True)
