package dev.pagewalk.spec;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.KeyRegister;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rules forbid an access to an address that has a translation.
 *
 * <p>Each rule is asked by itself, so that a walk can name all that stand in the way. Source: SDM
 * 3A "Determination of Access Rights" and "Protection Keys".
 */
final class AccessRights {
  private final Registers registers;
  private final ModelChoices choices;
  private final Access access;
  private final Rights rights;
  private final long leaf;

  AccessRights(Registers registers, ModelChoices choices, Access access, Translation translation) {
    this.registers = registers;
    this.choices = choices;
    this.access = access;
    this.rights = translation.rights();
    this.leaf = translation.entry();
  }

  /** Every rule that forbids the access; empty if it is allowed. */
  List<Rule> violated() {
    List<Rule> violated = new ArrayList<>();
    if (access.kind() == AccessKind.FETCH) {
      checkFetch(violated);
    } else if (access.kind().isShadowStack()) {
      checkShadowStack(violated);
    } else {
      checkData(violated);
    }
    return List.copyOf(violated);
  }

  /** Whether the address's protection key is among what forbids the access: error-code bit PK. */
  static boolean byKey(List<Rule> violated) {
    return violated.contains(Rule.KEY_ACCESS) || violated.contains(Rule.KEY_WRITE);
  }

  private void checkFetch(List<Rule> violated) {
    if (isUser() && !rights.userMode()) {
      violated.add(Rule.USER_ADDRESS);
    }
    // "If CR4.SMEP = 1, instructions may not be fetched from any user-mode address."
    if (!isUser() && rights.userMode() && registers.smep()) {
      violated.add(Rule.SMEP);
    }
    // While NXE is 0 a set XD is a reserved bit, and the walk has ended before.
    if (registers.nxe() && rights.executeDisable()) {
      violated.add(Rule.EXECUTE_DISABLE);
    }
    // Protection keys do not apply to instruction fetches.
  }

  private void checkData(List<Rule> violated) {
    if (isUser() && !rights.userMode()) {
      violated.add(Rule.USER_ADDRESS);
    }
    // "If CR4.SMAP = 1, access rights depend on the value of EFLAGS.AC and whether the access is
    // implicit or explicit."
    boolean acLetsItThrough = access.mode() == Mode.SUPERVISOR && access.ac();
    if (!isUser() && rights.userMode() && registers.smap() && !acLetsItThrough) {
      violated.add(Rule.SMAP);
    }
    if (access.kind().isWrite() && !rights.writable()) {
      if (isUser()) {
        violated.add(Rule.WRITE);
      } else if (registers.wp()) {
        violated.add(Rule.WRITE_PROTECT);
      }
    }
    checkKey(violated);
  }

  private void checkShadowStack(List<Rule> violated) {
    if (isUser() && !rights.userMode()) {
      violated.add(Rule.USER_ADDRESS);
    }
    // "Supervisor-mode shadow-stack accesses are allowed only to supervisor-mode shadow-stack
    // addresses", whatever CR4.SMAP and RFLAGS.AC say.
    if (!isUser() && rights.userMode()) {
      violated.add(Rule.SHADOW_STACK_MODE);
    }
    // R/W is 1 in every entry but the last, which has R/W 0 and D 1.
    boolean shadowStackPage =
        rights.tablesWritable() && !Entry.has(leaf, Entry.RW) && Entry.has(leaf, Entry.D);
    if (!shadowStackPage) {
      violated.add(Rule.SHADOW_STACK_PAGE);
    }
    checkKey(violated);
  }

  private void checkKey(List<Rule> violated) {
    int key = Entry.key(leaf);
    if (choices.keyRegister() == KeyRegister.BY_ACCESS) {
      checkKeyByAccess(violated, key);
      return;
    }
    // PKRU guards user-mode addresses, IA32_PKRS supervisor-mode addresses, whoever accesses them.
    boolean enabled = rights.userMode() ? registers.pke() : registers.pks();
    if (enabled) {
      checkKey(violated, rights.userMode() ? registers.pkru() : registers.pkrs(), key);
    }
  }

  /** DEVIATION: Bochs 2.7 asks PKRU, where it concerns user mode, by the access's mode. */
  private void checkKeyByAccess(List<Rule> violated, int key) {
    boolean write = access.kind().isWrite();
    if (registers.pke() && isUser()) {
      checkKey(violated, registers.pkru(), key);
    } else if (registers.pke()
        && write
        && registers.wp()
        && ProtectionKeys.writeDisabled(registers.pkru(), key)) {
      violated.add(Rule.KEY_WRITE);
    }
    if (registers.pks() && !isUser()) {
      checkKey(violated, registers.pkrs(), key);
    }
  }

  private void checkKey(List<Rule> violated, int register, int key) {
    if (ProtectionKeys.accessDisabled(register, key)) {
      violated.add(Rule.KEY_ACCESS);
    }
    // WDi binds user-mode writes always, supervisor-mode writes if CR0.WP is 1.
    boolean guarded = access.kind().isWrite() && (isUser() || registers.wp());
    if (guarded && ProtectionKeys.writeDisabled(register, key)) {
      violated.add(Rule.KEY_WRITE);
    }
  }

  private boolean isUser() {
    return access.mode().isUser();
  }
}
