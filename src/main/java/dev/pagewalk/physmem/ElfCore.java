package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;

/**
 * ELF64 core files, as QEMU's {@code dump-guest-memory} writes them: each {@code PT_LOAD} segment
 * is memory at its {@code p_paddr}; all others, such as notes, are passed over.
 *
 * <p>Source: System V gABI, "ELF Header", "Program Header" and "Sections" (for {@code PN_XNUM}).
 */
final class ElfCore {
  /** The four bytes that every ELF file begins with, as a little-endian word. */
  static final long MAGIC = 0x464c457fL;

  private static final int HEADER_BYTES = 64;
  private static final int E_CLASS = 4;
  private static final int E_DATA = 5;
  private static final int E_TYPE = 16;
  private static final int E_MACHINE = 18;
  private static final int E_PHOFF = 32;
  private static final int E_SHOFF = 40;
  private static final int E_PHENTSIZE = 54;
  private static final int E_PHNUM = 56;
  private static final int ELFCLASS64 = 2;
  private static final int ELFDATA2LSB = 1;
  private static final int ET_CORE = 4;
  private static final int EM_X86_64 = 62;
  private static final int PN_XNUM = 0xffff;

  private static final int SECTION_BYTES = 64;
  private static final int SH_INFO = 44;

  private static final int SEGMENT_BYTES = 56;
  private static final int P_OFFSET = 8;
  private static final int P_PADDR = 24;
  private static final int P_FILESZ = 32;
  private static final int P_MEMSZ = 40;
  private static final long PT_LOAD = 1;

  private final ImageFile file;

  private ElfCore(ImageFile file) {
    this.file = file;
  }

  /**
   * Adds the memory that {@code file} describes to {@code regions}.
   *
   * @throws InputException if it is not an ELF64 core of an x86-64 machine, or is damaged
   */
  static void read(ImageFile file, ImageRegions regions) throws InputException {
    ElfCore core = new ElfCore(file);
    core.checkHeader();
    long count = core.segmentCount();
    long table = core.tableOf(count);
    for (long i = 0; i < count; i++) {
      long header = table + i * SEGMENT_BYTES;
      if (file.u32(header) == PT_LOAD) {
        core.addSegment(header, regions);
      }
    }
    if (regions.isEmpty()) {
      throw file.refusal(
          E_PHNUM,
          "a PT_LOAD segment that is not empty",
          "none among %d program headers".formatted(count));
    }
  }

  private void checkHeader() throws InputException {
    if (!file.has(0, 4) || file.u32(0) != MAGIC) {
      throw file.refusal(0, "the magic 7f 45 4c 46 of an ELF file", "another beginning");
    }
    if (!file.has(0, HEADER_BYTES)) {
      throw file.truncated(file.size(), "an ELF header of 64 bytes");
    }
    expect(E_CLASS, file.u8(E_CLASS), ELFCLASS64, "ELFCLASS64");
    expect(E_DATA, file.u8(E_DATA), ELFDATA2LSB, "ELFDATA2LSB, little-endian");
    expect(E_TYPE, file.u16(E_TYPE), ET_CORE, "ET_CORE");
    expect(E_MACHINE, file.u16(E_MACHINE), EM_X86_64, "EM_X86_64");
    expect(E_PHENTSIZE, file.u16(E_PHENTSIZE), SEGMENT_BYTES, "the size of a program header");
  }

  private void expect(long offset, int found, int expected, String name) throws InputException {
    if (found != expected) {
      throw file.refusal(offset, "%d (%s)".formatted(expected, name), Integer.toString(found));
    }
  }

  /** How many program headers there are; more than 0xfffe are counted by section 0. */
  private long segmentCount() throws InputException {
    int count = file.u16(E_PHNUM);
    if (count != PN_XNUM) {
      return count;
    }
    long section = file.u64(E_SHOFF);
    if (section == 0 || !file.has(section, SECTION_BYTES)) {
      throw file.truncated(
          E_SHOFF, "section 0, which counts the program headers, at 0x%x".formatted(section));
    }
    return file.u32(section + SH_INFO);
  }

  /** Where the {@code count} program headers begin. */
  private long tableOf(long count) throws InputException {
    long table = file.u64(E_PHOFF);
    if (!file.has(table, 0)) {
      throw file.truncated(E_PHOFF, "the program headers at 0x%x".formatted(table));
    }
    if (!file.has(table, count * SEGMENT_BYTES)) {
      throw file.truncated(
          file.size(),
          "%d program headers up to 0x%x".formatted(count, table + count * SEGMENT_BYTES));
    }
    return table;
  }

  private void addSegment(long header, ImageRegions regions) throws InputException {
    long fileBytes = file.u64(header + P_FILESZ);
    long memoryBytes = file.u64(header + P_MEMSZ);
    if (Long.compareUnsigned(memoryBytes, fileBytes) < 0) {
      throw file.refusal(
          header + P_MEMSZ,
          "p_memsz at least p_filesz, 0x%x".formatted(fileBytes),
          "0x%x".formatted(memoryBytes));
    }
    if (memoryBytes == 0) {
      return;
    }
    long offset = fileBytes == 0 ? 0 : file.u64(header + P_OFFSET);
    if (!file.has(offset, fileBytes)) {
      throw file.truncated(
          header + P_OFFSET,
          "a segment in the file, of 0x%x bytes from 0x%x".formatted(fileBytes, offset));
    }
    regions.add(
        file.u64(header + P_PADDR),
        memoryBytes,
        file.bytes().asSlice(offset, fileBytes),
        header + P_PADDR);
  }
}
