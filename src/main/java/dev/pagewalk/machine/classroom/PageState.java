package dev.pagewalk.machine.classroom;

import dev.pagewalk.kernel.PageView;
import java.util.List;

/**
 * What a page of a process is.
 *
 * @param address of its first byte
 * @param state in one word, as {@code zero} or {@code cow}
 * @param text in a sentence
 * @param rights of its mapping, as {@code rw-p}; empty without one
 * @param page as the kernel sees it
 * @param shared names of the other processes that map its frame
 */
public record PageState(
    long address, String state, String text, String rights, PageView page, List<String> shared) {
  /** The list is copied. */
  public PageState {
    shared = List.copyOf(shared);
  }
}
