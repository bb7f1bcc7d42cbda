package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.MachineFile;
import java.util.List;

/** Which NUMA node a physical address and a core belong to. */
final class NodeMap {
  /** The first address behind each node's memory. */
  private final long[] ends;

  /** The number behind each node's last core. */
  private final int[] cores;

  NodeMap(MachineFile file) {
    List<MachineFile.Node> nodes = file.nodes();
    ends = new long[nodes.size()];
    cores = new int[nodes.size()];
    long end = 0;
    int core = 0;
    for (int i = 0; i < ends.length; i++) {
      end += nodes.get(i).bytes();
      core += nodes.get(i).cores();
      ends[i] = end;
      cores[i] = core;
    }
  }

  int count() {
    return ends.length;
  }

  int ofCore(int core) {
    int node = 0;
    while (node < cores.length - 1 && core >= cores[node]) {
      node++;
    }
    return node;
  }

  int ofAddress(long physical) {
    int node = 0;
    while (node < ends.length - 1 && physical >= ends[node]) {
      node++;
    }
    return node;
  }
}
