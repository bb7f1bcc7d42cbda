package dev.pagewalk.trace;

/**
 * Accesses of a trace, some thousands at a time: two parallel arrays, so that nothing is allocated
 * for an access. Element {@code i} is valid for {@code 0 <= i < size}.
 */
public final class AccessBatch {
  /** Accesses that a batch holds. */
  public static final int CAPACITY = 8192;

  /** A load. */
  public static final int READ = 0;

  /** A store. */
  public static final int WRITE = 1;

  /** An instruction fetch. */
  public static final int FETCH = 2;

  /** A load and a store of the same bytes, by one instruction. */
  public static final int MODIFY = 3;

  /** Bytes of the longest access. */
  public static final int MOST_BYTES = 4096;

  /** Processes of a trace are numbered from 0 to this. */
  public static final int LAST_PROCESS = (1 << 18) - 1;

  private static final int SIZE_SHIFT = 2;
  private static final int SIZE_MASK = MOST_BYTES - 1;
  private static final int PROCESS_SHIFT = 14;

  /** The linear address of each access's first byte. */
  public final long[] address = new long[CAPACITY];

  /** Kind, bytes and process of each access, as {@link #what(int, int, int)} packs them. */
  public final int[] what = new int[CAPACITY];

  /** How many accesses there are. */
  public int size;

  /** An empty batch. */
  public AccessBatch() {}

  /**
   * Packs what an access is, beside its address.
   *
   * @param kind {@link #READ}, {@link #WRITE}, {@link #FETCH} or {@link #MODIFY}
   * @param bytes from 1 to {@link #MOST_BYTES}
   * @param process from 0 to {@link #LAST_PROCESS}: not its id in the system that was traced, but
   *     the order in which it first appears
   */
  public static int what(int kind, int bytes, int process) {
    return kind | ((bytes - 1) << SIZE_SHIFT) | (process << PROCESS_SHIFT);
  }

  /** The kind of access in a packed word. */
  public static int kind(int what) {
    return what & MODIFY;
  }

  /** The bytes accessed, in a packed word. */
  public static int bytes(int what) {
    return ((what >>> SIZE_SHIFT) & SIZE_MASK) + 1;
  }

  /** The process in a packed word. */
  public static int process(int what) {
    return what >>> PROCESS_SHIFT;
  }

  /** Whether no further access fits. */
  public boolean isFull() {
    return size == CAPACITY;
  }

  /** Appends an access; the batch must not be full. */
  public void add(long newAddress, int newWhat) {
    address[size] = newAddress;
    what[size++] = newWhat;
  }
}
