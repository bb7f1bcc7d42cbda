package dev.pagewalk.rights;

import static dev.pagewalk.rights.RightsBit.*;

import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Level;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of paging as tables of rows: a second statement of them, to judge the walk by.
 *
 * <p>Written from SDM 3A "Access Rights", "Page-Fault Exceptions" and "Accessed and Dirty Flags"
 * without a look at the walk's code. A row says: where all of {@code when} and none of {@code
 * unless} hold, {@code then} holds. Rows are applied in order, once. What the rows do not forbid is
 * allowed.
 */
public record ManualRules(List<Row> entry, List<Row> rights, List<Row> error, List<Row> marks) {
  /** In a row of {@link #marks}: A is set in the entries that were used to reach a table. */
  public static final long TABLES_A = 1;

  /** In a row of {@link #marks}: A is set in the entry that maps the page. */
  public static final long LEAF_A = 2;

  /** In a row of {@link #marks}: D is set in the entry that maps the page. */
  public static final long SET_D = 4;

  private static final long NO = mask(FORBIDDEN, FAULT);
  private static final long NO_BY_KEY = mask(KEY_VIOLATION, FORBIDDEN, FAULT);

  /**
   * One row.
   *
   * @param sentence the manual's, shortened
   * @param when bits that must all be 1
   * @param unless bits that must all be 0
   * @param then what follows: bits of the word; of the error code in a row of {@link #error}; marks
   *     in a row of {@link #marks}
   */
  public record Row(String sentence, long when, long unless, long then) {
    boolean applies(long word) {
      return (word & when) == when && (word & unless) == 0;
    }
  }

  /**
   * What the walk found.
   *
   * @param facts the word with everything that the entries decide
   * @param tables how many entries were used to reach a table
   * @param last the level of the entry with which it ended
   */
  public record Walked(long facts, int tables, Level last) {
    /** The same walk with D of the page set. */
    Walked withDirty() {
      return new Walked(facts | LEAF_D.mask(), tables, last);
    }
  }

  private static final class Rows {
    private final List<Row> rows = new ArrayList<>();
    private long when;
    private long unless;

    Rows when(RightsBit... bits) {
      when = mask(bits);
      unless = 0;
      return this;
    }

    Rows unless(RightsBit... bits) {
      unless = mask(bits);
      return this;
    }

    void then(long result, String sentence) {
      rows.add(new Row(sentence, when, unless, result));
    }

    List<Row> list() {
      return List.copyOf(rows);
    }
  }

  /** The rules as the manual has them. */
  public static ManualRules complete() {
    Rows rights = new Rows();
    addSupervisorRights(rights);
    addUserRights(rights);
    addShadowStackRights(rights);
    addKeyRights(rights);
    addKeyRightsByAccess(rights);
    return new ManualRules(entryRows(), rights.list(), errorRows(), markRows());
  }

  private static List<Row> entryRows() {
    Rows r = new Rows();
    r.when().unless(ENTRY_P).then(mask(NOT_PRESENT, FAULT), "there is no translation: P is 0");
    r.when(ENTRY_P, ENTRY_XD)
        .unless(NXE)
        .then(mask(RESERVED, FAULT), "if NXE = 0 and P = 1, XD is reserved");
    r.when()
        .unless(ENTRY_US)
        .then(
            SUPERVISOR_ADDRESS.mask(),
            "if U/S is 0 in at least one of the entries, the address is a supervisor-mode address");
    r.when()
        .unless(ENTRY_RW)
        .then(READ_ONLY.mask(), "a translation for which R/W is 1 in every entry, else read-only");
    r.when(ENTRY_LEAF)
        .unless(ENTRY_RW)
        .then(LEAF_READ_ONLY.mask(), "shadow-stack page: R/W is 0 in the entry that maps the page");
    r.when()
        .unless(ENTRY_RW, ENTRY_LEAF)
        .then(TABLES_READ_ONLY.mask(), "shadow-stack page: R/W is 1 in every other entry");
    r.when(ENTRY_XD)
        .then(
            EXECUTE_DISABLED.mask(),
            "a translation for which XD is 0 in every entry, else execute-disabled");
    return r.list();
  }

  /** SDM 3A "Determination of Access Rights", "For supervisor-mode accesses". */
  private static void addSupervisorRights(Rows r) {
    r.when(SMAP)
        .unless(USER, SUPERVISOR_ADDRESS, WRITE, FETCH, AC)
        .then(NO, "SMAP = 1, AC = 0: data may not be read from any user-mode address");
    r.when(SMAP, IMPLICIT)
        .unless(SUPERVISOR_ADDRESS, WRITE, FETCH)
        .then(NO, "SMAP = 1, access implicit: data may not be read from any user-mode address");
    r.when(SMAP, WRITE)
        .unless(USER, SUPERVISOR_ADDRESS, AC)
        .then(NO, "SMAP = 1, AC = 0: data may not be written to any user-mode address");
    r.when(SMAP, IMPLICIT, WRITE)
        .unless(SUPERVISOR_ADDRESS)
        .then(NO, "SMAP = 1, access implicit: data may not be written to any user-mode address");
    r.when(WRITE, SUPERVISOR_ADDRESS, WP, READ_ONLY)
        .unless(USER, SHADOW_STACK)
        .then(NO, "WP = 1: written to a supervisor-mode address with R/W = 1 in every entry");
    r.when(WRITE, WP, READ_ONLY)
        .unless(USER, SHADOW_STACK, SUPERVISOR_ADDRESS)
        .then(NO, "WP = 1: written to a user-mode address with R/W = 1 in every entry");
    r.when(FETCH, SUPERVISOR_ADDRESS, NXE, EXECUTE_DISABLED)
        .unless(USER)
        .then(NO, "NXE = 1: fetched from a supervisor-mode address with XD = 0 in every entry");
    r.when(FETCH, NXE, EXECUTE_DISABLED)
        .unless(USER, SUPERVISOR_ADDRESS, SMEP)
        .then(NO, "SMEP = 0, NXE = 1: fetched from a user-mode address with XD = 0 in every entry");
    r.when(FETCH, SMEP)
        .unless(USER, SUPERVISOR_ADDRESS)
        .then(NO, "SMEP = 1: instructions may not be fetched from any user-mode address");
  }

  /** SDM 3A "Determination of Access Rights", "For user-mode accesses". */
  private static void addUserRights(Rows r) {
    r.when(USER, SUPERVISOR_ADDRESS)
        .unless(WRITE, FETCH)
        .then(NO, "data may not be read from any supervisor-mode address");
    r.when(USER, SUPERVISOR_ADDRESS, WRITE)
        .then(NO, "data may not be written to any supervisor-mode address");
    r.when(USER, SUPERVISOR_ADDRESS, FETCH)
        .then(NO, "instructions may not be fetched from any supervisor-mode address");
    r.when(USER, WRITE, READ_ONLY)
        .unless(SUPERVISOR_ADDRESS, SHADOW_STACK)
        .then(NO, "written to a user-mode address with R/W = 1 in every entry");
    r.when(USER, FETCH, NXE, EXECUTE_DISABLED)
        .unless(SUPERVISOR_ADDRESS)
        .then(NO, "NXE = 1: fetched from a user-mode address with XD = 0 in every entry");
  }

  /** SDM 3A "Determination of Access Rights", on shadow-stack addresses. */
  private static void addShadowStackRights(Rows r) {
    r.when(SHADOW_STACK)
        .unless(LEAF_READ_ONLY)
        .then(NO, "a shadow-stack address: R/W is 0 in the entry that maps the page");
    r.when(SHADOW_STACK)
        .unless(LEAF_D)
        .then(NO, "a shadow-stack address: D is 1 in the entry that maps the page");
    r.when(SHADOW_STACK, TABLES_READ_ONLY)
        .then(NO, "a shadow-stack address: R/W is 1 in every other entry");
    r.when(SHADOW_STACK)
        .unless(USER, SUPERVISOR_ADDRESS)
        .then(
            NO,
            "supervisor-mode shadow-stack accesses are allowed only to supervisor-mode addresses");
  }

  /** SDM 3A "Protection Keys". */
  private static void addKeyRights(Rows r) {
    r.when(PKE, PKRU_AD)
        .unless(FETCH, SUPERVISOR_ADDRESS, KEYS_BY_ACCESS)
        .then(NO_BY_KEY, "user-mode address: if ADi = 1, no data accesses are permitted");
    r.when(PKE, PKRU_WD, WRITE, USER)
        .unless(SUPERVISOR_ADDRESS, KEYS_BY_ACCESS)
        .then(NO_BY_KEY, "if WDi = 1, user-mode write accesses are not permitted");
    r.when(PKE, PKRU_WD, WRITE, WP)
        .unless(USER, SUPERVISOR_ADDRESS, KEYS_BY_ACCESS)
        .then(NO_BY_KEY, "if WDi = 1, supervisor-mode writes are not permitted if CR0.WP = 1");
    r.when(PKS, PKRS_AD, SUPERVISOR_ADDRESS)
        .unless(FETCH, KEYS_BY_ACCESS)
        .then(NO_BY_KEY, "supervisor-mode address: if ADi = 1, no data accesses are permitted");
    r.when(PKS, PKRS_WD, SUPERVISOR_ADDRESS, WRITE, WP)
        .unless(USER, KEYS_BY_ACCESS)
        .then(NO_BY_KEY, "if WDi = 1, write accesses are not permitted if CR0.WP = 1");
    // U/S forbids the access already; the row decides about the error code alone, and there the
    // section "Page-Fault Exceptions" has the last word.
    r.when(PKS, PKRS_WD, SUPERVISOR_ADDRESS, WRITE, USER)
        .unless(KEYS_BY_ACCESS)
        .then(NO_BY_KEY, "PK: WDi = 1, a write, and either CR0.WP = 1 or a user-mode access");
  }

  /**
   * The model choice BY_ACCESS (Bochs 2.7): the access and not the address chooses the register.
   */
  private static void addKeyRightsByAccess(Rows r) {
    r.when(KEYS_BY_ACCESS, USER, PKE, PKRU_AD)
        .unless(FETCH)
        .then(NO_BY_KEY, "MODEL: PKRU.ADi forbids user-mode data accesses");
    r.when(KEYS_BY_ACCESS, USER, PKE, PKRU_WD, WRITE)
        .then(NO_BY_KEY, "MODEL: PKRU.WDi forbids user-mode writes");
    r.when(KEYS_BY_ACCESS, PKE, PKRU_WD, WRITE, WP)
        .unless(USER)
        .then(NO_BY_KEY, "MODEL: PKRU.WDi forbids supervisor-mode writes too if CR0.WP = 1");
    r.when(KEYS_BY_ACCESS, PKS, PKRS_AD)
        .unless(USER, FETCH)
        .then(NO_BY_KEY, "MODEL: PKRS.ADi forbids supervisor-mode data accesses");
    r.when(KEYS_BY_ACCESS, PKS, PKRS_WD, WRITE, WP)
        .unless(USER)
        .then(NO_BY_KEY, "MODEL: PKRS.WDi forbids supervisor-mode writes if CR0.WP = 1");
  }

  /** SDM 3A "Page-Fault Exceptions". */
  private static List<Row> errorRows() {
    Rows r = new Rows();
    r.when(FORBIDDEN).then(ErrorCode.P, "P is 1 if the access violated access rights");
    r.when(RESERVED)
        .unless(RSVD_WITHOUT_P)
        .then(ErrorCode.P, "bit 3 can be set only if bit 0 is also set");
    r.when(WRITE).then(ErrorCode.WR, "1 if the access was a write");
    r.when(USER).then(ErrorCode.US, "1 if a user-mode access caused the exception");
    r.when(RESERVED).then(ErrorCode.RSVD, "1 if a reserved bit was set in one of the entries");
    r.when(FETCH, SMEP).then(ErrorCode.ID, "fetch and CR4.SMEP = 1");
    r.when(FETCH, NXE).then(ErrorCode.ID, "fetch and CR4.PAE = 1 and IA32_EFER.NXE = 1");
    r.when(KEY_VIOLATION)
        .unless(PK_NOT_BEHIND_US)
        .then(ErrorCode.PK, "a data access whose key has ADi = 1, or a write with WDi = 1");
    r.when(KEY_VIOLATION, PK_NOT_BEHIND_US)
        .unless(SUPERVISOR_ADDRESS)
        .then(ErrorCode.PK, "MODEL: the key is asked if U/S allows the access");
    r.when(KEY_VIOLATION, PK_NOT_BEHIND_US)
        .unless(USER)
        .then(ErrorCode.PK, "MODEL: U/S allows every supervisor-mode access");
    r.when(SHADOW_STACK).then(ErrorCode.SS, "1 if the access was a shadow-stack access");
    return r.list();
  }

  /** SDM 3A "Accessed and Dirty Flags". */
  private static List<Row> markRows() {
    Rows r = new Rows();
    r.when()
        .unless(FAULT)
        .then(TABLES_A, "whenever the processor uses an entry, it sets the accessed flag");
    r.when(FAULT)
        .unless(NO_A_ON_FAULT)
        .then(TABLES_A, "the entries used before the fault have been used");
    r.when()
        .unless(FAULT)
        .then(LEAF_A, "whenever the processor uses an entry, it sets the accessed flag");
    r.when(FORBIDDEN, PDPTE_PS, A_OF_1G_ON_FAULT)
        .then(LEAF_A, "MODEL: a 1 GiB leaf is marked before the rights are known");
    r.when(WRITE)
        .unless(FAULT, NO_D_ON_READ_ONLY)
        .then(SET_D, "whenever there is a write to a linear address, it sets the dirty flag");
    r.when(WRITE, NO_D_ON_READ_ONLY)
        .unless(FAULT, LEAF_READ_ONLY)
        .then(SET_D, "with shadow stacks the dirty flag is not set if R/W is 0");
    return r.list();
  }

  /** Every row of every table. */
  public List<Row> allRows() {
    List<Row> all = new ArrayList<>(entry);
    all.addAll(rights);
    all.addAll(error);
    all.addAll(marks);
    return all;
  }

  /** The rules with {@code row} left out. */
  public ManualRules without(Row row) {
    return new ManualRules(
        except(entry, row), except(rights, row), except(error, row), except(marks, row));
  }

  /** Goes through the entries of {@code word} from {@code root} down to a page or a fault. */
  Walked walk(long word, Level root) {
    long facts = word;
    int tables = 0;
    Level level = root;
    while (true) {
      long now = facts;
      now |= of(level, "P").in(word) ? ENTRY_P.mask() : 0;
      now |= of(level, "RW").in(word) ? ENTRY_RW.mask() : 0;
      now |= of(level, "US").in(word) ? ENTRY_US.mask() : 0;
      now |= of(level, "XD").in(word) ? ENTRY_XD.mask() : 0;
      boolean leaf = isLeaf(word, level);
      now |= leaf ? ENTRY_LEAF.mask() : 0;
      facts |= apply(entry, now);
      if (leaf || FAULT.in(facts)) {
        return new Walked(facts, tables, level);
      }
      tables++;
      level = level.next();
    }
  }

  /** Whether the entry at {@code level} maps a page. */
  static boolean isLeaf(long word, Level level) {
    return switch (level) {
      case PML5, PML4 -> false;
      case PDPT -> PDPTE_PS.in(word);
      case PD -> PDE_PS.in(word);
      case PT -> true;
    };
  }

  /** {@code facts} of a walk together with the access: now it is known whether there is a fault. */
  public long decide(long facts) {
    // Rights are determined only where there is a translation.
    return FAULT.in(facts) ? facts : facts | apply(rights, facts);
  }

  /** Error code of the page fault that {@code decided} ends in; of no meaning if there is none. */
  int errorCode(long decided) {
    return (int) apply(error, decided);
  }

  /** Which accessed and dirty bits are set: {@link #TABLES_A}, {@link #LEAF_A}, {@link #SET_D}. */
  public long marksOf(long decided) {
    return apply(marks, decided);
  }

  private static long apply(List<Row> rows, long word) {
    long result = 0;
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      result |= row.applies(word) ? row.then() : 0;
    }
    return result;
  }

  private static List<Row> except(List<Row> rows, Row without) {
    return rows.stream().filter(row -> !row.equals(without)).toList();
  }
}
