package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Opens memory images: files that hold the physical memory of a machine.
 *
 * <p>A file is mapped, not copied, and never modified: a frame is copied when it is first written.
 * A gzipped file, known by its first two bytes, is expanded once to a temporary file that is
 * deleted as soon as it is mapped. The mapping is undone when the memory is closed. The file must
 * not be shortened while the memory is in use.
 */
public final class MemoryImage {
  /** Formats that we do not read, by their first four bytes as a little-endian number. */
  private static final Map<Long, String> OTHER_FORMATS =
      Map.of(
          magic("KDUM"),
          "a compressed kdump file",
          magic("DISK"),
          "a compressed diskdump file",
          magic("make"),
          "a makedumpfile stream",
          magic("PAGE"),
          "a Windows crash dump",
          magic("HIBR"),
          "a Windows hibernation file",
          magic("LiME"),
          "a big-endian LiME capture",
          0x587a_37fdL,
          "an xz file",
          0xfd2f_b528L,
          "a zstd file");

  private static final int GZIP_MAGIC = 0x8b1f;

  /** How a file holds memory. */
  public enum Format {
    /** What the first four bytes say: ELF or LiME, and else raw. */
    AUTO,
    /** An ELF64 core file of an x86-64 machine, with physical addresses in {@code p_paddr}. */
    ELF,
    /** A LiME capture, version 1. */
    LIME,
    /** Nothing but memory, from a base address on. */
    RAW
  }

  private MemoryImage() {}

  /**
   * Opens an image whose format its first bytes tell; a raw one starts at address 0.
   *
   * @throws InputException as {@link #open(Path, Format, long)}
   */
  public static PhysicalMemory open(Path path) throws InputException {
    return open(path, Format.AUTO, 0);
  }

  /**
   * Opens an image; whoever gets the memory closes it.
   *
   * @param base physical address of a raw image's first byte; 0 for the others, which say their own
   * @throws InputException if the file cannot be read, is not of that format or is damaged, with
   *     the offset that is wrong; nothing stays open then
   */
  public static PhysicalMemory open(Path path, Format format, long base) throws InputException {
    Arena arena = Arena.ofShared();
    PhysicalMemory memory = null;
    try {
      memory = read(map(path, arena), format, base).owning(arena).build();
      return memory;
    } catch (InputException e) {
      throw e;
    } catch (IOException e) {
      throw InputException.of(path.toString(), e);
    } finally {
      if (memory == null) {
        arena.close();
      }
    }
  }

  private static PhysicalMemory.Builder read(ImageFile file, Format format, long base)
      throws InputException {
    Format actual = format == Format.AUTO ? formatOf(file, base) : format;
    if (base != 0 && actual != Format.RAW) {
      throw file.refusal(
          0,
          "a raw image, which alone takes a base address",
          actual == Format.ELF ? "an ELF core" : "a LiME capture");
    }
    ImageRegions regions = new ImageRegions(file);
    switch (actual) {
      case ELF -> ElfCore.read(file, regions);
      case LIME -> LimeImage.read(file, regions);
      default -> RawImage.read(file, regions, base);
    }
    return regions.finish();
  }

  private static long magic(String text) {
    long magic = 0;
    for (int i = 3; i >= 0; i--) {
      magic = magic << 8 | text.charAt(i);
    }
    return magic;
  }

  private static Format formatOf(ImageFile file, long base) throws InputException {
    long magic = file.has(0, 4) ? file.u32(0) : 0;
    if (magic == ElfCore.MAGIC) {
      return Format.ELF;
    }
    if (magic == LimeImage.MAGIC) {
      return Format.LIME;
    }
    // Raw memory has no magic: who gives a base address means it; else it must be whole pages and
    // nothing that is known to be something else.
    String other = base == 0 ? OTHER_FORMATS.get(magic) : null;
    boolean pages = base != 0 || file.size() % PhysicalMemory.FRAME_BYTES == 0;
    if (other != null || !pages) {
      throw file.refusal(
          0,
          "an ELF64 core, a LiME capture, or raw pages of 4096 bytes",
          other != null ? other : file.size() + " bytes of something else");
    }
    return Format.RAW;
  }

  private static ImageFile map(Path path, Arena arena) throws IOException {
    String name = path.toString();
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      String found = Files.isDirectory(path) ? "a directory" : "something else";
      throw new InputException(name, "", "expected a memory image, a regular file, found " + found);
    }
    ImageFile file;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      long size = channel.size();
      file = new ImageFile(name, channel.map(MapMode.READ_ONLY, 0, size, arena), false);
    }
    if (file.has(0, 2) && file.u16(0) == GZIP_MAGIC) {
      file = new ImageFile(name, GzipFile.expand(file, arena), true);
    }
    if (file.size() == 0) {
      throw file.refusal(0, "a memory image", "an empty file");
    }
    return file;
  }
}
