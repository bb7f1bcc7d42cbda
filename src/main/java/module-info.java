/**
 * Pagewalk: an x86-64 MMU that is right to the bit.
 *
 * <p>The core packages need nothing but the JDK. The libraries of the edges are optional: they are
 * needed by {@code machine}, {@code vectors} and the command line only.
 */
@SuppressWarnings("requires-automatic") // XChart has no descriptor of its own
module dev.pagewalk {
  requires static info.picocli;
  requires static tools.jackson.core;
  requires static tools.jackson.databind;
  requires static me.tongfei.progressbar;
  requires static org.tukaani.xz;
  requires static com.github.luben.zstd_jni;
  requires static io.javalin;
  requires static org.eclipse.jetty.http;
  requires static org.eclipse.jetty.server;
  requires static org.eclipse.jetty.util;
  requires static java.desktop;
  requires static org.knowm.xchart;

  // picocli sets the annotated fields of commands.
  opens dev.pagewalk.cli to
      info.picocli;

  // Jackson makes the records of a file.
  opens dev.pagewalk.machine to
      tools.jackson.databind;

  // And of a request; what a record says is read in the same way.
  opens dev.pagewalk.web to
      tools.jackson.databind;

  exports dev.pagewalk.arch;
  exports dev.pagewalk.kernel;
  exports dev.pagewalk.kernel.policy;
  exports dev.pagewalk.machine;
  exports dev.pagewalk.machine.curve;
  exports dev.pagewalk.machine.replay;
  exports dev.pagewalk.machine.sweep;
  exports dev.pagewalk.machine.tables;
  exports dev.pagewalk.mmu;
  exports dev.pagewalk.physmem;
  exports dev.pagewalk.spec;
  exports dev.pagewalk.trace;
}
