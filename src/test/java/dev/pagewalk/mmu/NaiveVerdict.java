package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.KeyFlag;
import dev.pagewalk.arch.ModelChoices.KeyRegister;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.TlbEntry.Flag;

/**
 * Whether an access may use a translation, however that was come by.
 *
 * <p>Source: SDM 3A "Determination of Access Rights" and "Protection Keys".
 */
record NaiveVerdict(ModelChoices choices, Registers registers, Access access, NaivePage page) {
  /** Bits P and PK of the error code if the access is refused, 0 if it is allowed. */
  int refusal() {
    boolean byKey = !isFetch() && isRefusedByKey();
    boolean hidden = choices.keyFlag() == KeyFlag.NOT_BEHIND_US && user() && !userAddress();
    if (byKey && !hidden) {
      return ErrorCode.P | ErrorCode.PK;
    }
    return byKey || isRefusedByEntries() ? ErrorCode.P : 0;
  }

  private boolean isRefusedByEntries() {
    if (user() && !userAddress()) {
      return true;
    }
    return switch (access.kind()) {
      case FETCH ->
          (registers.nxe() && !page.has(Flag.EXECUTABLE))
              || (registers.smep() && !user() && userAddress());
      case READ -> isRefusedBySmap();
      case WRITE -> isRefusedBySmap() || (!page.has(Flag.WRITABLE) && (user() || registers.wp()));
      case SHADOW_STACK_READ, SHADOW_STACK_WRITE ->
          !page.has(Flag.SHADOW_STACK) || user() != userAddress();
    };
  }

  private boolean isRefusedBySmap() {
    return registers.smap()
        && !user()
        && userAddress()
        && (access.mode() == Mode.IMPLICIT_SUPERVISOR || !access.ac());
  }

  private boolean isRefusedByKey() {
    if (choices.keyRegister() == KeyRegister.BY_ADDRESS) {
      return userAddress()
          ? registers.pke() && isDisabledBy(registers.pkru())
          : registers.pks() && isDisabledBy(registers.pkrs());
    }
    if (user()) {
      return registers.pke() && isDisabledBy(registers.pkru());
    }
    boolean writeByPkru =
        registers.pke()
            && access.kind().isWrite()
            && registers.wp()
            && ProtectionKeys.writeDisabled(registers.pkru(), page.key());
    return writeByPkru || (registers.pks() && isDisabledBy(registers.pkrs()));
  }

  private boolean isDisabledBy(int register) {
    boolean guardedWrite = access.kind().isWrite() && (user() || registers.wp());
    return ProtectionKeys.accessDisabled(register, page.key())
        || (guardedWrite && ProtectionKeys.writeDisabled(register, page.key()));
  }

  private boolean isFetch() {
    return access.kind() == AccessKind.FETCH;
  }

  private boolean user() {
    return access.mode() == Mode.USER;
  }

  private boolean userAddress() {
    return page.has(Flag.USER);
  }
}
