package dev.pagewalk.explain;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import java.util.ArrayList;
import java.util.List;

/**
 * What one paging-structure entry means, in sentences.
 *
 * <p>EFER.NXE = 1 is taken, and a processor with 1 GiB pages. Source: SDM 3A "4-Level Paging and
 * 5-Level Paging", "Determination of Access Rights" and "Paging and Memory Typing".
 *
 * @param entry the entry's 64 bits
 * @param kind its format
 * @param maxPhyAddr MAXPHYADDR, 36 to 52
 */
public record EntryExplanation(long entry, EntryKind kind, int maxPhyAddr) {
  /** Whether the entry may be used for translation at all. */
  public boolean isPresent() {
    return has(Entry.P);
  }

  /** Every field, the part of the address above MAXPHYADDR apart; of a non-present entry just P. */
  public List<Field> fields() {
    if (!isPresent()) {
      return List.of(
          new Field("free for software", 63, 1, Field.Role.IGNORED, "ignored while P is 0"),
          kind.fields().get(kind.fields().size() - 1));
    }
    return Words.splitAddress(kind.fields(), maxPhyAddr);
  }

  /** Reserved bits that are set: each gives a page fault with RSVD. */
  public long reservedSet() {
    return isPresent() ? entry & reservedMask(kind) : 0;
  }

  /** Physical address of the page or paging structure. */
  public long address() {
    long implemented = entry & ((1L << maxPhyAddr) - 1);
    return kind.isLeaf() ? Entry.page(implemented, kind.level()) : Entry.table(implemented);
  }

  /** What the entry is, in few words. */
  public String title() {
    if (!isPresent()) {
      return "a " + kind.level().entryName() + " that is not present";
    }
    return "a " + kind.level().entryName() + " that " + target("s");
  }

  /** What follows for whoever uses a linear address that the entry controls. */
  public List<String> sentences() {
    if (!isPresent()) {
      return List.of(
          "Nobody may read, write or execute anything here: the walk ends with a page fault that"
              + " reports P = 0, and the processor looks at no other bit.",
          "Bits 63:1 are free for software: "
              + (entry == 0 ? "none is set." : "it keeps " + Hex.of(entry) + " in them."));
    }
    List<String> sentences = new ArrayList<>();
    if (reservedSet() != 0) {
      sentences.add(
          "Nobody may use it: "
              + Words.setFields(fields(), reservedSet())
              + " must be 0, so every access ends with a page fault that reports RSVD"
              + " (error 0x9, with W/R, U/S and I/D as the access is).");
      return sentences;
    }
    sentences.add(kind.isLeaf() ? pageRights() : tableRights());
    sentences.add(
        kind.isLeaf()
            ? "That holds as far as the entries above agree: U/S and R/W count if they are 1 at"
                + " every level, XD if it is 1 at any."
            : "Entries below can take rights away, not give any back.");
    return sentences;
  }

  /** Further facts, one each. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (!isPresent()) {
      return notes;
    }
    if (reservedSet() == 0) {
      addState(notes);
    }
    if ((kind == EntryKind.PML4E || kind == EntryKind.PML5E) && has(Entry.G)) {
      notes.add("bit 8 is set: Intel's processors ignore it here, AMD's want it 0");
    }
    if (kind == EntryKind.PML5E) {
      notes.add("there is a PML5 table only while CR4.LA57 = 1");
    }
    if (kind == EntryKind.PDPTE_1G) {
      notes.add("PS = 1 is reserved on a processor without 1 GiB pages (CPUID Page1GB)");
    }
    notes.add("taken: MAXPHYADDR = " + maxPhyAddr + " (--maxphyaddr), EFER.NXE = 1");
    return notes;
  }

  /** Whether all of {@code bits} are set. */
  public boolean has(long bits) {
    return Entry.has(entry, bits);
  }

  /** The entry with the bits of {@code mask} flipped, in the format that it then has. */
  public EntryExplanation flipped(long mask) {
    long other = entry ^ mask;
    return new EntryExplanation(other, EntryKind.of(other, kind.level()), maxPhyAddr);
  }

  /**
   * {@code maps the 4 KiB page at 0x1000} or {@code references the page table at 0x1000}.
   *
   * @param ending of the verb: {@code s} or nothing
   */
  public String target(String ending) {
    Level level = kind.level();
    String what =
        kind.isLeaf()
            ? "map" + ending + " the " + Words.size(level.span()) + " page at "
            : "reference" + ending + " the " + Words.table(level.next()) + " at ";
    return what + Hex.of(address());
  }

  /** Which PAT entry gives the memory type, 0 to 7. */
  public int patIndex() {
    return kind.patIndex(entry);
  }

  private long reservedMask(EntryKind of) {
    Cpu cpu = Cpu.withEverything(maxPhyAddr, ModelPresets.SDM);
    return new ReservedBits(cpu, Registers.longMode(0)).mask(of);
  }

  private String pageRights() {
    boolean user = has(Entry.US);
    boolean writable = has(Entry.RW);
    boolean executable = !has(Entry.XD);
    List<String> always = new ArrayList<>(List.of("read"));
    if (writable) {
      always.add("write");
    }
    List<String> userRights = new ArrayList<>(always);
    List<String> limited = new ArrayList<>();
    if (!writable) {
      limited.add("write it only while CR0.WP = 0");
    }
    if (executable) {
      userRights.add("execute");
      if (user) {
        limited.add("execute it only while CR4.SMEP = 0");
      } else {
        always.add("execute");
      }
    }
    String rest =
        switch (limited.size()) {
          case 0 -> "";
          case 1 -> ", and " + limited.get(0);
          default -> ", " + Words.list(limited);
        };
    String nobody = executable ? "." : "; nobody may execute it (XD = 1).";
    if (!user) {
      return "Supervisor mode may "
          + Words.list(always)
          + " the page"
          + rest
          + "; user mode may not touch it"
          + nobody;
    }
    String smap = " With CR4.SMAP = 1, supervisor-mode reads and writes also need RFLAGS.AC = 1.";
    if (limited.isEmpty()) {
      return "User mode and supervisor mode may "
          + Words.list(always)
          + " the page"
          + nobody
          + smap;
    }
    return "User mode may "
        + Words.list(userRights)
        + " the page; supervisor mode may "
        + Words.list(always)
        + " it"
        + rest
        + nobody
        + smap;
  }

  private String tableRights() {
    List<String> through = new ArrayList<>(List.of("reads"));
    if (has(Entry.RW)) {
      through.add("writes");
    }
    if (!has(Entry.XD)) {
      through.add("instruction fetches");
    }
    return "It lets "
        + Words.list(through)
        + (has(Entry.US) ? " by user mode and supervisor mode" : " by supervisor mode only")
        + " through to the entries below it, for "
        + Words.size(kind.level().span())
        + " of linear addresses"
        + (has(Entry.RW) ? "." : "; supervisor-mode writes too while CR0.WP = 0.");
  }

  private void addState(List<String> notes) {
    boolean leaf = kind.isLeaf();
    if (leaf) {
      notes.add(dirtyState());
      notes.add(
          has(Entry.G)
              ? "global: with CR4.PGE = 1 its translation survives a load of CR3"
              : "not global: a load of CR3 drops its translation");
      notes.add(protectionKey());
    } else {
      notes.add(has(Entry.A) ? "accessed: used for a translation" : "not accessed yet");
    }
    notes.add("memory type of the " + (leaf ? "page" : "table") + ": " + memoryType());
  }

  private String dirtyState() {
    String accessed = has(Entry.A) ? "accessed, " : "not accessed, ";
    if (!has(Entry.D)) {
      return accessed + "not dirty: not written yet";
    }
    return has(Entry.RW)
        ? accessed + "dirty: written"
        : accessed + "dirty though read-only: a shadow-stack page if CR4.CET = 1";
  }

  private String protectionKey() {
    int key = Entry.key(entry);
    String bits = (2 * key + 1) + ":" + 2 * key;
    return "protection key "
        + key
        + (has(Entry.US)
            ? ": PKRU bits " + bits + " limit data accesses if CR4.PKE = 1"
            : ": IA32_PKRS bits " + bits + " limit data accesses if CR4.PKS = 1");
  }

  private String memoryType() {
    return Words.memoryType(patIndex()) + ", combined with the MTRRs";
  }
}
