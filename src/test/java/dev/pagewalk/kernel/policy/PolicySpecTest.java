package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies are named as people write them, and mistakes are told in one line. */
final class PolicySpecTest {
  @ParameterizedTest
  @CsvSource({"LRU,lru", "Second_Chance,second-chance", "secondchance,second-chance", "MIN,opt"})
  void aNameIsUnderstoodHoweverItIsWritten(String written, String name) {
    assertEquals(name, Policies.canonical(written));
  }

  @Test
  void whatIsAsUsualIsNotSaid() {
    assertEquals("random", Policies.canonical("random:seed=1"));
    assertEquals("random:seed=-7", Policies.canonical("random:seed=-7"));
  }

  @Test
  void anUnknownNameGivesTheNames() {
    assertEquals(
        "unknown policy 'lfu': expected " + String.join(", ", Policies.names()), mistake("lfu"));
  }

  @Test
  void mistakesInParametersAreTold() {
    assertEquals("policy fifo: unknown parameter 'seed': expected none", mistake("fifo:seed=3"));
    assertEquals("policy random: unknown parameter 'sed': expected seed", mistake("random:sed=3"));
    assertEquals(
        "policy random: seed: expected -9223372036854775808 to 9223372036854775807, not 'x'",
        mistake("random:seed=x"));
    assertEquals("policy random: unknown parameter '': expected seed", mistake("random:"));
  }

  @Test
  void optNeedsTheFuture() {
    assertEquals(
        "policy opt needs the whole trace before it starts: expected a trace that can be read"
            + " twice",
        assertThrows(IllegalArgumentException.class, () -> PolicySimulation.of("opt", 3, null))
            .getMessage());
  }

  private static String mistake(String spec) {
    return assertThrows(IllegalArgumentException.class, () -> Policies.info(spec)).getMessage();
  }
}
