package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an access is, and what may come of it. */
class AccessTest {
  @ParameterizedTest
  @CsvSource({
    "READ, false, false",
    "WRITE, true, false",
    "FETCH, false, false",
    "SHADOW_STACK_READ, false, true",
    "SHADOW_STACK_WRITE, true, true"
  })
  void kindsOfAccessWriteOrNotOnShadowStacksOrNot(
      AccessKind kind, boolean write, boolean shadowStack) {
    assertEquals(write, kind.isWrite());
    assertEquals(shadowStack, kind.isShadowStack());
  }

  @Test
  void onlyAccessesOfUserModeAreUsers() {
    assertEquals(List.of(Mode.USER), List.of(Mode.values()).stream().filter(Mode::isUser).toList());
  }

  @Test
  void anAccessIsMadeThroughNoStackSegmentUnlessItSaysSo() {
    Access access = Access.of(0x1234, AccessKind.WRITE, Mode.USER);
    assertEquals(new Access(0x1234, AccessKind.WRITE, Mode.USER, false, false), access);
    assertEquals(new Access(0x1234, AccessKind.WRITE, Mode.USER, true, false), access.withAc(true));
    Access onStack = new Access(1, AccessKind.READ, Mode.USER, true, true);
    assertEquals(new Access(2, AccessKind.READ, Mode.USER, true, true), onStack.at(2));
    assertEquals(new Access(1, AccessKind.READ, Mode.USER, false, true), onStack.withAc(false));
  }

  /** SDM 3A "Exception and Interrupt Reference". */
  @Test
  void exceptionsHaveTheManualsMnemonics() {
    assertEquals("#PF", new Outcome.PageFault(0, 0).vector());
    assertEquals("#GP", new Outcome.GeneralProtection().vector());
    assertEquals("#SS", new Outcome.StackFault().vector());
    assertEquals("#UD", new Outcome.InvalidOpcode().vector());
  }
}
