package dev.pagewalk.kernel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From a frame to the entries that map it: the frame's record names its owner, the owner knows the
 * VMAs, and the page offset says where in each of them.
 */
final class ReverseMap {
  /** Told of a place where a page may be mapped. */
  interface Visitor {
    /** The page would be at {@code address} of {@code vma}, if it is mapped there. */
    void visit(Vma vma, long address);
  }

  private final FrameTable frames;
  private final Map<Integer, AnonVma> anonVmas = new HashMap<>();
  private final Map<Integer, FileObject> files;
  private int lastId;

  ReverseMap(FrameTable frames, Map<Integer, FileObject> files) {
    this.frames = frames;
    this.files = files;
  }

  /** Makes sure that anonymous pages can be born in {@code vma}. */
  void prepare(Vma vma) {
    if (vma.anonVma != null) {
      return;
    }
    AnonVma anonVma = VmaMerge.ofNeighbour(vma);
    if (anonVma == null) {
      anonVma = create(null);
    }
    anonVma.link(vma);
    anonVma.activateFor(vma);
  }

  /** Hangs a child's VMA below all that its parent's hangs below, and gives it one of its own. */
  void fork(Vma child, Vma parent) {
    if (parent.anonVma == null) {
      return;
    }
    AnonVma.clone(child, parent);
    for (AnonVma anonVma : parent.chain()) {
      if (anonVma.isReusable()) {
        anonVma.activateFor(child);
        return;
      }
    }
    AnonVma own = create(parent.anonVma);
    own.link(child);
    own.activateFor(child);
  }

  /** Takes {@code vma} off. */
  void unlink(Vma vma) {
    List<AnonVma> chain = List.copyOf(vma.chain());
    AnonVma.unlinkAll(vma);
    for (AnonVma anonVma : chain) {
      if (anonVma.isDead()) {
        anonVmas.remove(anonVma.id);
      }
    }
  }

  /** Visits each place where {@code pfn} may be mapped. */
  void walk(long pfn, Visitor visitor) {
    long index = frames.index(pfn);
    for (Vma vma : vmasOf(frames.head(pfn))) {
      long address = vma.addressOf(index);
      if (vma.contains(address)) {
        visitor.visit(vma, address);
      }
    }
  }

  /** A list of its own of the VMAs that may map the folio. */
  List<Vma> vmasOf(long head) {
    int owner = frames.owner(head);
    if (frames.has(head, FrameTable.ANON)) {
      AnonVma anonVma = anonVmas.get(owner);
      return anonVma == null ? List.of() : List.copyOf(anonVma.vmas());
    }
    FileObject file = files.get(owner);
    return file == null ? List.of() : List.copyOf(file.mappings());
  }

  private AnonVma create(AnonVma parent) {
    AnonVma anonVma = new AnonVma(++lastId, parent);
    anonVmas.put(anonVma.id, anonVma);
    return anonVma;
  }
}
