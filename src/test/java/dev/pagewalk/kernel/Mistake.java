package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;

/** Mistakes that a kernel could make, planted in one that has made none. */
public enum Mistake {
  /** A fork that forgot to take the write right away. */
  SHARED_AND_WRITABLE {
    @Override
    boolean spoil(Place place) {
      return place.mappings() > 1 && !Pte.isWritable(place.entry()) && place.replace(Pte.RW, 0);
    }
  },
  /** An entry that may be written where the VMA may not. */
  MORE_THAN_THE_VMA {
    @Override
    boolean spoil(Place place) {
      return !place.vma().has(VmFlag.WRITE) && place.replace(Pte.RW, 0);
    }
  },
  /** An entry taken away, its reference kept. */
  LOST_ENTRY {
    @Override
    boolean spoil(Place place) {
      return place.replace(0, -1);
    }
  },
  /** A reference that nobody will drop. */
  LEAKED_REFERENCE {
    @Override
    boolean spoil(Place place) {
      place.folios().get(place.pfn());
      return true;
    }
  },
  /** A frame given back while it is mapped. */
  LOST_REFERENCE {
    @Override
    boolean spoil(Place place) {
      boolean shared = place.folios().frames().refs(place.pfn()) > 1;
      if (shared) {
        place.folios().put(place.pfn());
      }
      return shared;
    }
  },
  /** A mapping counted twice. */
  WRONG_MAP_COUNT {
    @Override
    boolean spoil(Place place) {
      place.folios().addMapping(place.pfn());
      return true;
    }
  },
  /** A table that is neither linked nor given back. */
  LEAKED_TABLE {
    @Override
    boolean spoil(Place place) {
      return place.vma().mm.tables().allocateReserve() != Folios.NONE;
    }
  },
  /** A swap slot with an owner too many. */
  LEAKED_SLOT {
    @Override
    public boolean plant(Kernel kernel) {
      return kernel.swap().allocate() != SwapSpace.FULL;
    }

    @Override
    boolean spoil(Place place) {
      return false;
    }
  },
  /** An explicit huge page that is promised to nobody. */
  LEAKED_PROMISE {
    @Override
    public boolean plant(Kernel kernel) {
      return kernel.hugetlb().ofSize(PageTables.HUGE_BYTES).reserve(1);
    }

    @Override
    boolean spoil(Place place) {
      return false;
    }
  },
  /** A limit that is forgotten. */
  LOST_LIMIT {
    @Override
    public boolean plant(Kernel kernel) {
      for (AddressSpace mm : kernel.addressSpaces()) {
        if (mm.limits().get(Rlimit.AS) != Long.MAX_VALUE) {
          mm.limits().set(Rlimit.AS, -1);
          return true;
        }
      }
      return false;
    }

    @Override
    boolean spoil(Place place) {
      return false;
    }
  },
  /** A PKRU that a context switch lost. */
  LOST_PKRU {
    @Override
    public boolean plant(Kernel kernel) {
      for (AddressSpace mm : kernel.addressSpaces()) {
        if (mm.pkru() != 0) {
          mm.setPkru(0);
          return true;
        }
      }
      return false;
    }

    @Override
    boolean spoil(Place place) {
      return false;
    }
  },
  /** A copy that was not made. */
  LOST_CONTENTS {
    @Override
    boolean spoil(Place place) {
      PhysicalMemory memory = place.folios().memory();
      long frame = place.pfn() << 12;
      boolean full = !memory.isZero(frame, PageTables.PAGE_BYTES);
      memory.fill(frame, PageTables.PAGE_BYTES, 0);
      return full;
    }
  },
  /** A page that the reverse map does not find. */
  LOST_OWNER {
    @Override
    boolean spoil(Place place) {
      boolean anonymous = place.folios().isAnon(place.pfn());
      if (anonymous) {
        place.folios().frames().setIndex(place.pfn(), 1);
      }
      return anonymous;
    }
  };

  /** An entry that maps a small page. */
  record Place(Vma vma, long slot) {
    long entry() {
      return vma.mm.tables().read(slot);
    }

    long pfn() {
      return Pte.pfn(entry());
    }

    Folios folios() {
      return vma.mm.kernel().folios();
    }

    int mappings() {
      return folios().mapCount(pfn());
    }

    boolean replace(long set, long clear) {
      vma.mm.tables().write(slot, (entry() & ~clear) | set);
      return true;
    }
  }

  /** Does it at one page; false if it cannot be done there. */
  abstract boolean spoil(Place place);

  /** Makes the mistake once; false if there is no page where it can be made. */
  public boolean plant(Kernel kernel) {
    for (AddressSpace mm : kernel.addressSpaces()) {
      for (Vma vma : mm.vmas().all()) {
        if (!vma.has(VmFlag.SHARED) && in(vma)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean in(Vma vma) {
    PageTables tables = vma.mm.tables();
    for (long address = vma.start; address < vma.end; address += PageTables.PAGE_BYTES) {
      long slot = tables.find(address, PageTables.PTE);
      long entry = slot == PageTables.NONE ? 0 : tables.read(slot);
      boolean usable = (entry & Pte.PRESENT) != 0;
      if (usable
          && vma.mm.kernel().folios().isAnon(Pte.pfn(entry))
          && spoil(new Place(vma, slot))) {
        return true;
      }
    }
    return false;
  }
}
