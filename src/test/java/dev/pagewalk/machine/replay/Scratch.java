package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.*;
import dev.pagewalk.trace.*;
import java.lang.management.*;

final class Scratch {
  public static void main(String[] a) throws Exception {
    String machine = a[0];
    String costs = a[1];
    int shift = Integer.parseInt(a[2]);
    long n = Long.parseLong(a[3]);
    for (int round = 0; round < 6; round++) {
      try (Computer c =
          Computer.of(
              new MachineBuilder(Machines.load(machine), java.nio.file.Path.of(""))
                  .costs(costs)
                  .cores(1)
                  .cpu(a.length > 4 ? a[4] : "limit"))) {
        long[] pre = new long[1 << 16];
        java.util.Random r = new java.util.Random(1);
        for (int i = 0; i < pre.length; i++)
          pre[i] = ((r.nextLong() & ((1L << shift) - 1)) << 12) + 0x10000000L;
        MadeTrace t =
            new MadeTrace(
                n, (b, i) -> b.add(pre[(int) (i * 7919 + (i >> 16)) & 0xffff], MadeTrace.read(0)));
        Replayer rp = new Replayer(c, t, new ReplayOptions());
        ThreadMXBean mx = ManagementFactory.getThreadMXBean();
        long t0 = mx.getCurrentThreadCpuTime();
        ReplayResult res = rp.run();
        long t1 = mx.getCurrentThreadCpuTime();
        System.out.printf(
            "%.2f ns an access; faults %d walks %d first %d second %d eat %s%n",
            (t1 - t0) / (double) n,
            res.counts().faults(),
            res.counts().of(Counter.WALKS),
            res.counts().of(Counter.FIRST_HITS),
            res.counts().of(Counter.SECOND_HITS),
            res.time().perAccess());
        if (a.length > 5)
          for (var l : res.time().lines())
            System.out.println("   " + l.cause().title() + " " + l.events() + " " + l.perAccess());
      }
    }
  }
}
