package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Random machines and sequences for a subject, of kinds that rules of paging tell apart. */
final class FuzzGenerator {
  private static final int PROCESSORS = 6;
  private static final List<Feature> LEFT_OUT = List.of(Feature.LAM, Feature.CET, Feature.CET_SS);

  private RandomGenerator random;
  private final List<Cpu> cpus = new ArrayList<>();

  /** For each extension that the subject offers: accesses by it, in each way. */
  private final List<GenMaker> extensions = new ArrayList<>();

  /** A sequence in the making. */
  private final class Making {
    final FuzzDraft draft;
    final FuzzTables tables;
    final long address;
    final List<Long> path;
    Registers now;

    Making(boolean marked) {
      Cpu cpu = cpus.get(random.nextInt(cpus.size()));
      Registers state = state(cpu);
      draft = new FuzzDraft(cpu, state, new TreeMap<>(), new ArrayList<>());
      tables = new FuzzTables(random, draft, marked);
      address = address(state);
      path = tables.path(state.root(), address);
      now = state;
    }

    void add(Action action) {
      draft.actions().add(action);
    }

    /** An access to the page; of any kind. */
    void access() {
      add(touch(AccessKind.values()[random.nextInt(3)], oneIn(2), oneIn(12)));
    }

    Action touch(AccessKind kind, boolean user, boolean crossing) {
      int size = kind == AccessKind.FETCH ? 1 : 1 << random.nextInt(4);
      long offset = random.nextInt(4096) & -size;
      long at = (address & -4096) | (crossing && size > 1 ? 4097 - size : offset);
      Access access = new Access(at, kind, user ? Mode.USER : Mode.SUPERVISOR, oneIn(2), false);
      return new Action.Touch(access, size);
    }

    /** A store that changes an entry of the path. */
    void store() {
      long at = path.get(oneIn(2) ? path.size() - 1 : random.nextInt(path.size()));
      long value = draft.words().getOrDefault(at, 0L);
      switch (random.nextInt(5)) {
        case 0 -> value ^= Entry.RW;
        case 1 -> value ^= Entry.US;
        case 2 -> value ^= now.nxe() ? Entry.XD : Entry.P;
        case 3 -> value ^= Entry.P;
        default -> {
          if (at == path.getLast()) {
            long low = Entry.has(value, Entry.PS) && path.size() < levels() ? 0x3fff_f000L : 0;
            long frame = FuzzTables.frame(random, draft.cpu().maxPhyAddr());
            value = (value & (~Entry.ADDRESS | low)) | (frame & ~low);
          } else {
            value ^= Entry.RW;
          }
        }
      }
      add(new Action.Store(at, value));
    }

    int levels() {
      return now.la57() ? 5 : 4;
    }

    /** An instruction that invalidates what the page's translation may be in. */
    void invalidate() {
      boolean pge = draft.cpu().has(Feature.PGE);
      switch (random.nextInt(5)) {
        case 0 -> add(new Action.MovCr3(now.cr3()));
        case 1 -> {
          if (pge) {
            now = now.withCr4(now.cr4() ^ Cr4.PGE);
            add(new Action.MovCr4(now.cr4()));
          } else {
            add(new Action.Invlpg(address));
          }
        }
        case 2 -> {
          if (draft.cpu().has(Feature.INVPCID)) {
            long pcid = now.pcide() ? now.cr3() & Cr3.PCID : 0;
            add(new Action.Invpcid(new InvpcidOperand(random.nextInt(4), pcid, address)));
          } else {
            add(new Action.Invlpg(address));
          }
        }
        default -> add(new Action.Invlpg(address));
      }
    }

    /** An instruction that changes what registers say of rights. */
    void setRegister() {
      Cpu cpu = draft.cpu();
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          now = now.withCr0(now.cr0() ^ Cr0.WP);
          add(new Action.MovCr0(now.cr0()));
        }
        case 2 -> {
          if (now.pke()) {
            now = now.withPkru(keys());
            add(new Action.Wrpkru(Integer.toUnsignedLong(now.pkru())));
          }
        }
        case 3 -> {
          if (cpu.has(Feature.PKS)) {
            now = now.withPkrs(keys());
            long value = Integer.toUnsignedLong(now.pkrs());
            add(new Action.Wrmsr(ProtectionKeys.PKRS_MSR, value));
          }
        }
        default -> {
          now = now.withCr4(now.cr4() ^ (rights(cpu) & random.nextLong()));
          add(new Action.MovCr4(now.cr4()));
        }
      }
    }

    /** Another value of EFER.NXE. */
    void toggleNxe() {
      if (draft.cpu().has(Feature.NX)) {
        now = now.withEfer(now.efer() ^ Efer.NXE);
        add(new Action.Wrmsr(Efer.MSR, now.efer()));
      }
    }

    /** An instruction that may be refused. */
    void tryRegister() {
      // Bits that mean something lie low in all registers.
      long bit = 1L << random.nextInt(oneIn(2) ? 64 : 24);
      add(
          switch (random.nextInt(6)) {
            case 0 -> new Action.MovCr0(now.cr0() ^ (bit & ~(Cr0.PG | Cr0.PE | Cr0.AM)));
            case 1 -> new Action.MovCr3(now.cr3() ^ (bit & 0xfff0_0000_0000_0fffL));
            case 2 -> new Action.MovCr4(now.cr4() ^ (bit & ~(Cr4.PAE | Cr4.PCIDE | Cr4.LA57)));
            case 3 -> new Action.Wrmsr(Efer.MSR, now.efer() ^ (bit & ~Efer.LME));
            case 4 -> new Action.Wrpkru(random.nextLong() & (oneIn(2) ? 0xffff_ffffL : -1L));
            default ->
                new Action.Invpcid(
                    new InvpcidOperand(random.nextInt(5), random.nextInt(2), address));
          });
    }

    /** Another root table for the same address, under a PCID of its own if there are PCIDs. */
    void switchRoot() {
      long root = FuzzTables.frame(random, 33);
      tables.path(root, address);
      long pcid = now.pcide() ? random.nextInt(3) : 0;
      long keep = now.pcide() && oneIn(2) ? Cr3.NO_FLUSH : 0;
      now = now.withCr3(root | pcid);
      add(new Action.MovCr3(now.cr3() | keep));
    }
  }

  /** For a subject that introduced itself as {@code hello} says; {@code ofRun} decides more. */
  FuzzGenerator(RandomGenerator ofRun, SubjectHello hello) {
    random = ofRun;
    if (!hello.accesses().isEmpty()) {
      RightsSpace space = new RightsSpace();
      hello.accesses().forEach(access -> extensions.add(GenRights.ofExtension(space, access)));
    }
    List<Integer> widths = new ArrayList<>();
    for (int width : new int[] {40, 36, 46, 52, 48, 39}) {
      if (width >= hello.leastMaxPhyAddr() && width <= hello.mostMaxPhyAddr()) {
        widths.add(width);
      }
    }
    if (widths.isEmpty()) {
      widths.add(hello.mostMaxPhyAddr());
    }
    for (int i = 0; i < PROCESSORS; i++) {
      Set<Feature> features = EnumSet.noneOf(Feature.class);
      for (Feature feature : hello.features()) {
        if (i == 0 || ofRun.nextInt(5) != 0) {
          features.add(feature);
        }
      }
      features.removeAll(LEFT_OUT);
      features.addAll(hello.always());
      cpus.add(new Cpu(widths.get(i % widths.size()), features, ModelPresets.SDM));
    }
  }

  private boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  /** Another draft, by other random numbers. */
  FuzzDraft next(RandomGenerator numbers) {
    random = numbers;
    if (!extensions.isEmpty() && oneIn(8)) {
      GenMaker maker = extensions.get(random.nextInt(extensions.size()));
      return maker.make(random.nextInt(maker.round()), random);
    }
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> single();
      case 3 -> several();
      case 4, 5 -> changed(false);
      case 6 -> changed(true);
      case 7 -> upgraded();
      case 8, 9 -> underOtherRegisters();
      case 10 -> switched();
      default -> refused();
    };
  }

  private FuzzDraft single() {
    Making making = new Making(false);
    if (oneIn(3)) {
      making.tables.spoil(making.path);
    }
    if (oneIn(8)) {
      making.tables.path(making.now.root(), making.address + 4096);
      making.add(making.touch(AccessKind.values()[random.nextInt(2)], oneIn(2), true));
    } else {
      making.access();
    }
    return making.draft;
  }

  private FuzzDraft several() {
    Making making = new Making(false);
    for (int i = 2 + random.nextInt(3); i > 0; i--) {
      making.access();
    }
    return making.draft;
  }

  /** A translation that is used, changed and used again, with an invalidation or without. */
  private FuzzDraft changed(boolean staleToo) {
    Making making = new Making(staleToo);
    making.access();
    making.store();
    if (staleToo) {
      making.access();
    }
    making.invalidate();
    making.access();
    return making.draft;
  }

  /** An entry that becomes present, or good. */
  private FuzzDraft upgraded() {
    Making making = new Making(false);
    long at = making.path.get(random.nextInt(making.path.size()));
    long good = making.draft.words().get(at) | Entry.P;
    making.draft.words().put(at, good & ~Entry.P);
    making.access();
    making.add(new Action.Store(at, good));
    making.access();
    return making.draft;
  }

  private FuzzDraft underOtherRegisters() {
    Making making = new Making(false);
    making.access();
    if (oneIn(5)) {
      making.toggleNxe();
      making.invalidate();
    } else {
      making.setRegister();
    }
    making.access();
    if (oneIn(2)) {
      making.setRegister();
      making.access();
    }
    return making.draft;
  }

  private FuzzDraft switched() {
    Making making = new Making(false);
    making.access();
    long before = making.now.cr3();
    making.switchRoot();
    making.access();
    if (oneIn(2)) {
      making.add(new Action.MovCr3(before));
      making.access();
    }
    return making.draft;
  }

  private FuzzDraft refused() {
    Making making = new Making(false);
    making.tryRegister();
    if (oneIn(2)) {
      making.access();
    }
    return making.draft;
  }

  // --- registers and addresses ---

  private Registers state(Cpu cpu) {
    boolean pcide = cpu.has(Feature.PCID) && oneIn(2);
    boolean la57 = cpu.has(Feature.LA57) && oneIn(3);
    boolean nxe = cpu.has(Feature.NX) && !oneIn(4);
    long cr4 = Cr4.PAE | (random.nextLong() & rights(cpu));
    cr4 |= cpu.has(Feature.PGE) && oneIn(2) ? Cr4.PGE : 0;
    cr4 |= (pcide ? Cr4.PCIDE : 0) | (la57 ? Cr4.LA57 : 0);
    long cr3 = FuzzTables.frame(random, cpu.maxPhyAddr()) | (pcide ? random.nextInt(3) : 0);
    return new Registers(
        Cr0.PG | Cr0.PE | Cr0.ET | Cr0.NE | (oneIn(3) ? 0 : Cr0.WP),
        cr3,
        cr4,
        Efer.LME | Efer.LMA | (nxe ? Efer.NXE : 0),
        cpu.has(Feature.PKU) ? keys() : 0,
        cpu.has(Feature.PKS) ? keys() : 0);
  }

  private static long rights(Cpu cpu) {
    return (cpu.has(Feature.SMEP) ? Cr4.SMEP : 0)
        | (cpu.has(Feature.SMAP) ? Cr4.SMAP : 0)
        | (cpu.has(Feature.PKU) ? Cr4.PKE : 0)
        | (cpu.has(Feature.PKS) ? Cr4.PKS : 0);
  }

  /** Rights of sixteen keys: each bit is 0 more often than 1. */
  private int keys() {
    int some = random.nextInt();
    return some & random.nextInt();
  }

  private long address(Registers state) {
    int width = state.linearWidth();
    long any = random.nextLong();
    if (oneIn(20)) {
      // Around the edge of what is canonical.
      return (1L << (width - 1)) + (oneIn(2) ? -4096 : 0) + (any & 0xfff);
    }
    if (oneIn(20)) {
      return any;
    }
    long bits = oneIn(4) ? any & 0xffff_ffffL : any;
    return LinearAddress.signExtend(bits, width);
  }
}
