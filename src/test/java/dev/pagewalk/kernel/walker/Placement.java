package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Mempolicy;
import dev.pagewalk.kernel.NodeMap;
import dev.pagewalk.kernel.PageView;

/** On which NUMA node new private memory must lie. */
final class Placement {
  /** Free frames of a node with which nobody has to look elsewhere. */
  private static final long ENOUGH = 1024;

  private final Walk walk;
  private final NodeMap nodes;

  Placement(Walk walk) {
    this.walk = walk;
    this.nodes = walk.kernel.numa().topology().nodeMap();
  }

  /** Whether a store will take a new frame, as far as the model is concerned. */
  boolean isNew(ModelProcess process, long address) {
    ModelPage page = process.at(address);
    if (walk.setting.extras().nodes() == 1 || page == null || page.shared || page.object != null) {
      return false;
    }
    PageView view = process.mm.page(address);
    return view.kind() == PageView.Kind.NONE || view.zero();
  }

  /** Checks the frame that a core's store has taken. */
  void check(ModelProcess process, long address, int core) {
    PageView view = process.mm.page(address);
    int node = nodes.nodeOf(view.frame() << 12);
    Mempolicy own = process.at(address).policy;
    Mempolicy policy = own.mode() == Mempolicy.DEFAULT ? process.task.policy : own;
    int local = core % walk.setting.extras().nodes();
    int wanted = node;
    switch (policy.mode()) {
      case Mempolicy.BIND -> {
        if ((policy.nodes() >> node & 1) == 0) {
          throw new AssertionError("a page of %s lies on node %d".formatted(policy, node));
        }
      }
      case Mempolicy.PREFERRED -> wanted = Long.numberOfTrailingZeros(policy.nodes());
      case Mempolicy.DEFAULT, Mempolicy.LOCAL -> wanted = local;
      default -> {}
    }
    if (node != wanted && walk.kernel.numa().freeFrames(wanted) > ENOUGH) {
      throw new AssertionError("a page of %s lies on node %d".formatted(policy, node));
    }
  }
}
