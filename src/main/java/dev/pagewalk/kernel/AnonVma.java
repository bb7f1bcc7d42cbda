package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * A root of the reverse map: the VMAs in which a set of anonymous pages may be mapped.
 *
 * <p>A page's record names the one in which it was born. A child's VMA hangs below all those of its
 * parent and has one of its own besides, so pages made after the fork are looked for in the child
 * alone. Two VMAs merge only if their pages are found from one place.
 */
final class AnonVma {
  final int id;
  final AnonVma root;
  private final AnonVma parent;

  /** How many hang right below this one; a root counts itself. */
  private int children;

  /** VMAs of which this is {@link Vma#anonVma}. */
  private int active;

  private final List<Vma> vmas = new ArrayList<>();

  AnonVma(int id, AnonVma parent) {
    this.id = id;
    this.parent = parent == null ? this : parent;
    this.root = parent == null ? this : parent.root;
    this.parent.children++;
  }

  /** The VMAs that hang here, oldest first. */
  List<Vma> vmas() {
    return vmas;
  }

  /** Hangs {@code vma} below this. */
  void link(Vma vma) {
    vmas.add(vma);
    vma.chain().add(this);
  }

  /** Makes this the one in which new pages of {@code vma} are born. */
  void activateFor(Vma vma) {
    vma.anonVma = this;
    active++;
  }

  /** Whether a fork may use it again for its child: nobody else is born here. */
  boolean isReusable() {
    return children < 2 && active == 0;
  }

  /** Hangs {@code to} below everything that {@code from} hangs below. */
  static void clone(Vma to, Vma from) {
    for (AnonVma anonVma : from.chain()) {
      if (!to.chain().contains(anonVma)) {
        anonVma.link(to);
      }
    }
  }

  /** Takes {@code vma} off the reverse map. */
  static void unlinkAll(Vma vma) {
    for (AnonVma anonVma : vma.chain()) {
      anonVma.vmas.remove(vma);
      if (anonVma.vmas.isEmpty()) {
        anonVma.parent.children--;
      }
    }
    vma.chain().clear();
    if (vma.anonVma != null) {
      vma.anonVma.active--;
      vma.anonVma = null;
    }
  }

  /** Nothing can be found from here any more. */
  boolean isDead() {
    return vmas.isEmpty();
  }
}
