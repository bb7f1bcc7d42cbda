package dev.pagewalk.kvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports say who walks the tables, and claim silicon only where it is. */
class BackendTest {
  @TempDir private Path modules;

  private Backend with(String module, String parameter, String value) throws IOException {
    Path file = modules.resolve(module).resolve("parameters").resolve(parameter);
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
    return Backend.of(modules);
  }

  @Test
  void intelWithEptIsSilicon() throws IOException {
    Backend backend = with("kvm_intel", "ept", "Y");
    assertTrue(backend.silicon());
    assertEquals("kvm_intel (EPT: the processor walks the tables)", backend.title());
  }

  @Test
  void amdWithNptIsSilicon() throws IOException {
    assertTrue(with("kvm_amd", "npt", "1").silicon());
  }

  @Test
  void withoutNestedPagingItIsSoftware() throws IOException {
    assertFalse(with("kvm_intel", "ept", "N").silicon());
    assertEquals("kvm_intel", Backend.of(modules).module());
  }

  @Test
  void pvmIsSoftware() throws IOException {
    Backend backend = with("kvm_pvm", "stats", "N");
    assertFalse(backend.silicon());
    assertEquals("kvm_pvm (shadow paging: KVM's software walks the tables)", backend.title());
  }

  @Test
  void ofAnUnknownModuleNothingIsClaimed() {
    assertFalse(Backend.of(modules).silicon());
    assertTrue(Backend.of(modules).how().startsWith("nobody knows"));
  }
}
