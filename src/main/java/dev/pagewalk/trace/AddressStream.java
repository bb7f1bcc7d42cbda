package dev.pagewalk.trace;

/** Addresses without end, as a generator makes them: bytes from the beginning of its region. */
interface AddressStream {
  /** Bytes of a page. */
  int PAGE_SHIFT = 12;

  /** Puts the next {@code count} addresses into {@code to} from {@code start} on. */
  void next(long[] to, int start, int count);
}
