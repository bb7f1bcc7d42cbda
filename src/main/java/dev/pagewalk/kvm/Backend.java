package dev.pagewalk.kvm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which module of Linux stands behind KVM, and so who walks a guest's page tables: the processor,
 * or KVM's own software.
 *
 * @param module its name, {@code kvm_intel} say
 * @param silicon whether the processor walks the guest's tables
 * @param how in a few words
 */
public record Backend(String module, boolean silicon, String how) {
  private static final Path MODULES = Path.of("/sys/module");

  /** The one of this machine. */
  static Backend here() {
    return of(MODULES);
  }

  /** The one whose module is below {@code modules}, as Linux's {@code /sys/module} is laid out. */
  static Backend of(Path modules) {
    if (isOn(modules.resolve("kvm_intel/parameters/ept"))) {
      return new Backend("kvm_intel", true, "EPT: the processor walks the tables");
    }
    if (isOn(modules.resolve("kvm_amd/parameters/npt"))) {
      return new Backend("kvm_amd", true, "NPT: the processor walks the tables");
    }
    for (String module : new String[] {"kvm_intel", "kvm_amd", "kvm_pvm"}) {
      if (Files.isDirectory(modules.resolve(module))) {
        return new Backend(module, false, "shadow paging: KVM's software walks the tables");
      }
    }
    return new Backend("unknown module", false, "nobody knows who walks the tables");
  }

  private static boolean isOn(Path parameter) {
    try {
      String value = Files.readString(parameter).strip();
      return value.equals("Y") || value.equals("1");
    } catch (IOException e) {
      return false;
    }
  }

  /** Module and manner, for reports. */
  public String title() {
    return module + " (" + how + ")";
  }
}
