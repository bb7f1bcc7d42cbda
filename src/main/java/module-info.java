/**
 * Pagewalk: an x86-64 MMU that is right to the bit.
 *
 * <p>The core packages need nothing but the JDK. The libraries of the edges are optional: they are
 * needed by {@code vectors} and by the command line only.
 */
module dev.pagewalk {
  requires static info.picocli;
  requires static tools.jackson.core;
  requires static me.tongfei.progressbar;

  // picocli sets the annotated fields of commands.
  opens dev.pagewalk.cli to
      info.picocli;

  exports dev.pagewalk.arch;
  exports dev.pagewalk.mmu;
  exports dev.pagewalk.physmem;
  exports dev.pagewalk.spec;
}
