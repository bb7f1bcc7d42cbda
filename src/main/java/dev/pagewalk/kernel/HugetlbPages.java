package dev.pagewalk.kernel;

/** Entries that map explicit huge pages: how they are taken away, copied, moved and changed. */
final class HugetlbPages {
  private HugetlbPages() {}

  /** Whether the entry at {@code slot} maps the page that begins with frame {@code head}. */
  static boolean maps(PageTables tables, long slot, long head) {
    long entry = tables.read(slot);
    return Pte.isHuge(entry) && Pte.pfn(entry) == head;
  }

  /** Takes the entries of {@code [start, end)} away, which are whole pages of {@code vma}. */
  static void zap(Vma vma, long start, long end) {
    HugetlbPool pool = vma.file.pool();
    PageTables tables = vma.mm.tables();
    Folios folios = vma.mm.kernel().folios();
    for (long at = start; at < end; at += pool.pageBytes()) {
      long slot = tables.find(at, pool.level());
      if (slot == PageTables.NONE || Pte.isNone(tables.read(slot))) {
        continue;
      }
      long entry = tables.take(slot);
      long head = Pte.pfn(entry);
      vma.mm.token().hugePages(vma.mm, at, pool.pageBytes());
      if (Pte.isDirty(entry)) {
        folios.set(head, FrameTable.DIRTY);
      }
      folios.removeHugeMapping(head);
      Hugetlb.restore(vma, head, vma.pgoffOf(at));
      vma.mm.token().putLater(head);
    }
  }

  /** Copies the entries of {@code vma} for a child, as copy_hugetlb_page_range(). */
  static boolean copy(Vma child, Vma vma) {
    HugetlbPool pool = vma.file.pool();
    PageTables from = vma.mm.tables();
    Folios folios = vma.mm.kernel().folios();
    for (long at = vma.start; at < vma.end; at += pool.pageBytes()) {
      long source = from.find(at, pool.level());
      if (source == PageTables.NONE) {
        continue;
      }
      long target = child.mm.tables().make(at, pool.level());
      if (target == PageTables.NONE) {
        return false;
      }
      if (Pte.isNone(from.read(source))) {
        continue;
      }
      long entry = from.read(source);
      long head = Pte.pfn(entry);
      folios.get(head);
      folios.addHugeMapping(head);
      folios.clearExclusive(head);
      if (Pte.isWritable(entry)) {
        entry = Pte.readOnly(from.take(source));
        from.write(source, entry);
        vma.mm.token().hugePages(vma.mm, at, pool.pageBytes());
      }
      child.mm.tables().write(target, entry);
    }
    return true;
  }

  /**
   * Moves the entries of {@code length} bytes from {@code start} of {@code vma} to {@code target}.
   *
   * @return how many bytes were done before there was no memory for a table
   */
  static long move(Vma vma, long start, long target, long length) {
    HugetlbPool pool = vma.file.pool();
    PageTables tables = vma.mm.tables();
    for (long done = 0; done < length; done += pool.pageBytes()) {
      long source = tables.find(start + done, pool.level());
      if (source == PageTables.NONE || Pte.isNone(tables.read(source))) {
        continue;
      }
      long slot = tables.make(target + done, pool.level());
      if (slot == PageTables.NONE) {
        return done;
      }
      tables.write(slot, tables.take(source));
      vma.mm.token().hugePages(vma.mm, start + done, pool.pageBytes());
    }
    return length;
  }

  /**
   * Brings entries in line with the rights of {@code vma}; what was writable privately is read-only
   * then until the next store.
   */
  static void protect(Vma vma, long start, long end) {
    HugetlbPool pool = vma.file.pool();
    PageTables tables = vma.mm.tables();
    for (long at = start; at < end; at += pool.pageBytes()) {
      long slot = tables.find(at, pool.level());
      if (slot != PageTables.NONE && !Pte.isNone(tables.read(slot))) {
        tables.write(slot, Pte.modify(tables.take(slot), vma.pageProt()));
        vma.mm.token().hugePages(vma.mm, at, pool.pageBytes());
      }
    }
  }

  /** Cuts whole pages out of a shared object: they go from all who map it, reservations too. */
  static void punch(FileObject file, long offset, long length, FlushToken token) {
    HugetlbPool pool = file.pool();
    long first = pool.roundUp(offset) >>> 12;
    long end = pool.pageOf(offset + length) >>> 12;
    for (Vma vma : file.mappings()) {
      long from = Math.max(first, vma.pgoff);
      long to = Math.min(end, vma.pgoff + vma.pages());
      if (from < to) {
        zap(vma, vma.addressOf(from), vma.addressOf(to));
      }
    }
    if (first < end) {
      var gone = file.pages().subMap(first, end);
      gone.keySet().forEach(file.reserve()::remove);
      gone.values().forEach(token::putLater);
      gone.clear();
    }
  }
}
