package dev.pagewalk.physmem;

import static dev.pagewalk.physmem.ImageBytes.counting;
import static dev.pagewalk.physmem.ImageBytes.cut;
import static dev.pagewalk.physmem.ImageBytes.elf;
import static dev.pagewalk.physmem.ImageBytes.elfCountedBySection;
import static dev.pagewalk.physmem.ImageBytes.gzip;
import static dev.pagewalk.physmem.ImageBytes.join;
import static dev.pagewalk.physmem.ImageBytes.lime;
import static dev.pagewalk.physmem.ImageBytes.load;
import static dev.pagewalk.physmem.ImageBytes.patch;

import dev.pagewalk.physmem.ImageBytes.Range;
import dev.pagewalk.physmem.ImageBytes.Segment;
import dev.pagewalk.physmem.MemoryImage.Format;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Damaged images, each with the line that refuses it. */
final class BrokenImages {
  /** One segment: program header at 0x40, contents from 0x78 to 0x178. */
  private static final byte[] ELF = elf(load(0x1000, counting(0, 0x100)));

  /** Two ranges: headers at 0 and 0x120, contents from 0x20 and 0x140, end at 0x240. */
  private static final byte[] LIME =
      lime(new Range(0x1000, counting(0, 0x100)), new Range(0x2000, counting(0, 0x100)));

  private static final byte[] GZIP = gzip(ELF);

  private BrokenImages() {}

  /** What is wrong, the file's bytes, how they are opened, and the line behind the file's name. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Broken(String what, byte[] bytes, Format format, long base, String line) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Broken broken(String what, byte[] bytes, String line) {
    return new Broken(what, bytes, Format.AUTO, 0, line);
  }

  private static List<Broken> elfHeaders() {
    return List.of(
        broken(
            "cut behind the magic",
            cut(ELF, 4),
            "offset 0x4: expected an ELF header of 64 bytes, found the end of the file at 0x4"),
        broken(
            "cut in the header",
            cut(ELF, 63),
            "offset 0x3f: expected an ELF header of 64 bytes, found the end of the file at 0x3f"),
        broken("ELF32", patch(ELF, 4, 1, 1), "offset 0x4: expected 2 (ELFCLASS64), found 1"),
        broken(
            "big-endian",
            patch(ELF, 5, 1, 2),
            "offset 0x5: expected 1 (ELFDATA2LSB, little-endian), found 2"),
        broken("an executable", patch(ELF, 16, 2, 2), "offset 0x10: expected 4 (ET_CORE), found 2"),
        broken(
            "AArch64", patch(ELF, 18, 2, 183), "offset 0x12: expected 62 (EM_X86_64), found 183"),
        broken(
            "program headers of 32 bytes",
            patch(ELF, 54, 2, 32),
            "offset 0x36: expected 56 (the size of a program header), found 32"),
        broken(
            "no program headers",
            patch(ELF, 56, 2, 0),
            "offset 0x38: expected a PT_LOAD segment that is not empty,"
                + " found none among 0 program headers"));
  }

  private static List<Broken> elfTables() {
    return List.of(
        broken(
            "program headers behind the end",
            patch(ELF, 32, 8, 0x1000),
            "offset 0x20: expected the program headers at 0x1000,"
                + " found the end of the file at 0x178"),
        broken(
            "program headers at 2^64 - 1",
            patch(ELF, 32, 8, -1),
            "offset 0x20: expected the program headers at 0xffffffffffffffff,"
                + " found the end of the file at 0x178"),
        broken(
            "cut in the program headers",
            cut(ELF, 0x60),
            "offset 0x60: expected 1 program headers up to 0x78,"
                + " found the end of the file at 0x60"),
        broken(
            "counted by a section that is not there",
            patch(ELF, 56, 2, 0xffff),
            "offset 0x28: expected section 0, which counts the program headers, at 0x0,"
                + " found the end of the file at 0x178"),
        broken(
            "counted by a section behind the end",
            cut(elfCountedBySection(load(0, counting(0, 0x100))), -1),
            "offset 0x28: expected section 0, which counts the program headers, at 0x178,"
                + " found the end of the file at 0x1b7"),
        broken(
            "section 0 counts too many",
            patch(elfCountedBySection(load(0, counting(0, 0x100))), 0x178 + 44, 4, 0xffff_ffffL),
            "offset 0x1b8: expected 4294967295 program headers up to 0x3800000008,"
                + " found the end of the file at 0x1b8"));
  }

  private static List<Broken> elfSegments() {
    return List.of(
        broken(
            "only notes",
            elf(new Segment(ImageBytes.PT_NOTE, 0, 8, counting(0, 8))),
            "offset 0x38: expected a PT_LOAD segment that is not empty,"
                + " found none among 1 program headers"),
        broken(
            "only empty segments",
            elf(load(0, new byte[0]), load(0x1000, new byte[0])),
            "offset 0x38: expected a PT_LOAD segment that is not empty,"
                + " found none among 2 program headers"),
        broken(
            "cut in the contents",
            cut(ELF, 0x177),
            "offset 0x48: expected a segment in the file, of 0x100 bytes from 0x78,"
                + " found the end of the file at 0x177"),
        broken(
            "contents that wrap",
            patch(ELF, 0x48, 8, -0x80),
            "offset 0x48: expected a segment in the file, of 0x100 bytes from 0xffffffffffffff80,"
                + " found the end of the file at 0x178"),
        broken(
            "contents of 2^63 bytes",
            patch(patch(ELF, 0x60, 8, Long.MIN_VALUE), 0x68, 8, -1),
            "offset 0x48: expected a segment in the file, of 0x8000000000000000 bytes from 0x78,"
                + " found the end of the file at 0x178"),
        broken(
            "less memory than contents",
            patch(ELF, 0x68, 8, 0xff),
            "offset 0x68: expected p_memsz at least p_filesz, 0x100, found 0xff"),
        broken(
            "no memory but contents",
            patch(ELF, 0x68, 8, 0),
            "offset 0x68: expected p_memsz at least p_filesz, 0x100, found 0x0"));
  }

  private static List<Broken> elfMemory() {
    return List.of(
        broken(
            "memory that ends behind 2^52",
            patch(ELF, 0x58, 8, (1L << 52) - 0xff),
            "offset 0x58: expected memory within 2^52 bytes,"
                + " found physical address 0xfffffffffff01 with 0x100 bytes"),
        broken(
            "memory at a linear address of the kernel",
            patch(ELF, 0x58, 8, 0xffff_ffff_8000_0000L),
            "offset 0x58: expected memory within 2^52 bytes,"
                + " found physical address 0xffffffff80000000 with 0x100 bytes"),
        broken(
            "memory that wraps",
            patch(ELF, 0x68, 8, -0x1000),
            "offset 0x58: expected memory within 2^52 bytes,"
                + " found physical address 0x1000 with 0xfffffffffffff000 bytes"),
        broken(
            "segments that overlap",
            elf(load(0x1000, counting(0, 0x100)), load(0x10ff, counting(0, 0x10))),
            "offset 0x90: expected memory that overlaps no other, found 0x10ff to 0x110f,"
                + " which overlaps 0x1000 to 0x1100, placed at offset 0x58"),
        broken(
            "a later segment around an earlier one",
            elf(load(0x2000, counting(0, 0x10)), load(0x1000, 0x10000, new byte[0])),
            "offset 0x90: expected memory that overlaps no other, found 0x1000 to 0x11000,"
                + " which overlaps 0x2000 to 0x2010, placed at offset 0x58"));
  }

  private static List<Broken> limeCaptures() {
    return List.of(
        broken(
            "cut in the first header",
            cut(LIME, 31),
            "offset 0x0: expected a LiME header of 32 bytes, found the end of the file at 0x1f"),
        broken("version 2", patch(LIME, 4, 4, 2), "offset 0x4: expected LiME version 1, found 2"),
        broken(
            "version 2 in the second header",
            patch(LIME, 0x124, 4, 2),
            "offset 0x124: expected LiME version 1, found 2"),
        broken(
            "another magic in the second header",
            patch(LIME, 0x120, 4, 0xdeadbeefL),
            "offset 0x120: expected the magic 0x4c694d45 of a LiME range, found 0xdeadbeef"),
        broken(
            "a last address below the first",
            patch(LIME, 0x130, 8, 0x1fff),
            "offset 0x130: expected a last address not below the first, 0x2000, found 0x1fff"),
        broken(
            "a last address behind 2^52",
            patch(LIME, 0x130, 8, 1L << 52),
            "offset 0x130: expected a last address within 2^52 bytes, found 0x10000000000000"),
        broken(
            "all of 2^64",
            patch(patch(LIME, 8, 8, 0), 16, 8, -1),
            "offset 0x10: expected a last address within 2^52 bytes, found 0xffffffffffffffff"),
        broken(
            "cut in the second range",
            cut(LIME, -1),
            "offset 0x140: expected a range of 0x100 bytes, found the end of the file at 0x23f"),
        broken(
            "cut in the second header",
            cut(LIME, 0x121),
            "offset 0x120: expected a LiME header of 32 bytes, found the end of the file at 0x121"),
        broken(
            "ranges that overlap",
            patch(patch(LIME, 0x128, 8, 0x10ff), 0x130, 8, 0x11fe),
            "offset 0x128: expected memory that overlaps no other, found 0x10ff to 0x11ff,"
                + " which overlaps 0x1000 to 0x1100, placed at offset 0x8"));
  }

  private static List<Broken> gzippedHeaders() {
    String end = ", found the end of the file at 0x";
    return List.of(
        broken(
            "gzip, cut in the header",
            cut(GZIP, 9),
            "offset 0x0: expected a gzip header of 10 bytes" + end + "9"),
        broken(
            "gzip, nothing but a header",
            cut(GZIP, 10),
            "offset 0xa: expected more compressed data" + end + "a"),
        broken(
            "gzip, another method",
            patch(GZIP, 2, 1, 7),
            "offset 0x2: expected 8 (deflate), found 7"),
        broken(
            "gzip, reserved flags",
            patch(GZIP, 3, 1, 0x80),
            "offset 0x3: expected flags below 0x20, found 0x80"),
        broken(
            "gzip, a name without end",
            patch(cut(GZIP, 12), 3, 1, 8),
            "offset 0xa: expected a text that ends with a zero byte" + end + "c"),
        broken(
            "gzip, cut in the extra fields",
            patch(patch(cut(GZIP, 12), 3, 1, 4), 10, 2, 5),
            "offset 0xa: expected extra fields of 7 bytes" + end + "c"));
  }

  private static List<Broken> gzippedData() {
    int trailer = GZIP.length - 8;
    String end = ", found the end of the file at 0x";
    return List.of(
        broken(
            "gzip, cut in the data",
            cut(GZIP, -9),
            "offset 0x%x: expected more compressed data%s%1$x".formatted(GZIP.length - 9, end)),
        broken(
            "gzip, cut in the trailer",
            cut(GZIP, -1),
            "offset 0x%x: expected a gzip trailer of 8 bytes%s%x"
                .formatted(trailer, end, GZIP.length - 1)),
        broken(
            "gzip, a block type that does not exist",
            patch(GZIP, 10, 1, 7),
            "offset 0xb: expected compressed data, found corrupt data: invalid block type"),
        broken(
            "gzip, another checksum",
            patch(GZIP, trailer, 4, 0x1234_5678),
            "offset 0x%x: expected CRC-32 0x%08x, found 0x12345678".formatted(trailer, crcOf(ELF))),
        broken(
            "gzip, another length",
            patch(GZIP, trailer + 4, 4, 0x179),
            "offset 0x%x: expected the length 0x178, found 0x179".formatted(trailer + 4)),
        broken(
            "gzip, something behind",
            join(GZIP, new byte[] {1}),
            "offset 0x%x: expected the end of the file or another gzip member, found other data"
                .formatted(GZIP.length)),
        broken(
            "gzip of a damaged core",
            gzip(patch(ELF, 18, 2, 3)),
            "offset 0x12 (expanded): expected 62 (EM_X86_64), found 3"),
        broken(
            "gzip of nothing",
            gzip(new byte[0]),
            "offset 0x0 (expanded): expected a memory image, found an empty file"));
  }

  private static List<Broken> otherFiles() {
    byte[] some = counting(0, 0x100);
    return List.of(
        broken("empty", new byte[0], "offset 0x0: expected a memory image, found an empty file"),
        new Broken(
            "raw, base behind 2^52",
            some,
            Format.RAW,
            1L << 52,
            "offset 0x0: expected memory within 2^52 bytes,"
                + " found physical address 0x10000000000000 with 0x100 bytes"),
        new Broken(
            "raw, end behind 2^52",
            some,
            Format.AUTO,
            (1L << 52) - 0xff,
            "offset 0x0: expected memory within 2^52 bytes,"
                + " found physical address 0xfffffffffff01 with 0x100 bytes"),
        new Broken(
            "raw, negative base",
            some,
            Format.RAW,
            -0x1000,
            "offset 0x0: expected memory within 2^52 bytes,"
                + " found physical address 0xfffffffffffff000 with 0x100 bytes"),
        new Broken(
            "not ELF where it must be",
            some,
            Format.ELF,
            0,
            "offset 0x0: expected the magic 7f 45 4c 46 of an ELF file, found another beginning"),
        new Broken(
            "three bytes that must be ELF",
            cut(ELF, 3),
            Format.ELF,
            0,
            "offset 0x0: expected the magic 7f 45 4c 46 of an ELF file, found another beginning"),
        new Broken(
            "not LiME where it must be",
            ELF,
            Format.LIME,
            0,
            "offset 0x0: expected the magic 0x4c694d45 of a LiME range, found 0x464c457f"),
        new Broken(
            "a base for an ELF core",
            ELF,
            Format.AUTO,
            0x1000,
            "offset 0x0: expected a raw image, which alone takes a base address,"
                + " found an ELF core"),
        new Broken(
            "a base for a LiME capture",
            LIME,
            Format.LIME,
            0x1000,
            "offset 0x0: expected a raw image, which alone takes a base address,"
                + " found a LiME capture"));
  }

  static Stream<Broken> all() {
    return Stream.of(
            elfHeaders(),
            elfTables(),
            elfSegments(),
            elfMemory(),
            limeCaptures(),
            gzippedHeaders(),
            gzippedData(),
            otherFiles())
        .flatMap(List::stream);
  }

  private static long crcOf(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
