package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Mempolicy;
import dev.pagewalk.kernel.Prot;

/** One mapped page of a process: rights, what is mapped, and what it holds of its own. */
final class ModelPage {
  int prot;
  boolean shared;

  /** File or shared memory; null for private anonymous memory. */
  ModelObject object;

  /** Page number in the object. */
  long index;

  /** A shared mapping of a file that was opened for reading. */
  boolean neverWritable;

  /** Protection key. */
  int key;

  /** Where new memory is to come from; of objects in memory, the object says it. */
  Mempolicy policy = Mempolicy.NONE;

  boolean growsDown;
  boolean locked;
  boolean lockedOnFault;
  boolean notForked;
  boolean wipedOnFork;
  boolean sealed;
  boolean guard;

  /** Whether the kernel may drop {@link #own} until the next store. */
  boolean lazy;

  /** Private contents; null if there are none yet. */
  long[] own;

  /** A page with the same rights and object, {@code distance} pages on, without contents. */
  ModelPage sibling(long distance) {
    ModelPage page = new ModelPage();
    page.prot = prot;
    page.shared = shared;
    page.object = object;
    page.index = index + distance;
    page.growsDown = growsDown;
    page.neverWritable = neverWritable;
    page.key = key;
    page.policy = policy;
    page.locked = locked;
    page.lockedOnFault = lockedOnFault;
    page.notForked = notForked;
    page.wipedOnFork = wipedOnFork;
    page.sealed = sealed;
    return page;
  }

  /** The same page, contents and all. */
  ModelPage copy() {
    ModelPage page = sibling(0);
    page.takeContents(this);
    return page;
  }

  /** What a child gets of it. */
  ModelPage forked() {
    ModelPage page = sibling(0);
    page.locked = false;
    page.lockedOnFault = false;
    if (!wipedOnFork) {
      page.takeContents(this);
    }
    return page;
  }

  void takeContents(ModelPage from) {
    own = from.own;
    lazy = from.lazy;
    guard = from.guard;
  }

  /** Private contents are gone. */
  void drop() {
    own = null;
    lazy = false;
  }

  /** Whether part of it is behind the end of its file, and may become zeroes at any time. */
  boolean showsTail() {
    return object != null && own == null && object.hasTail(index);
  }

  boolean may(int right) {
    return (prot & right) != 0;
  }

  boolean isAnonymous() {
    return object == null;
  }

  boolean isWritablePrivate() {
    return may(Prot.WRITE) && !shared;
  }

  /** Whether RLIMIT_DATA counts it. */
  boolean isData() {
    return isWritablePrivate() && !growsDown;
  }

  /** Whether there is no such page in the file. */
  boolean isBehindEnd() {
    return object != null && own == null && index >= object.sizeInPages();
  }

  /** Whether a touch that the rights allow can succeed. */
  boolean canBeHad() {
    return !guard && !isBehindEnd();
  }

  long[] contents() {
    if (own != null) {
      return own;
    }
    return object == null ? Contents.ZERO : object.page(index);
  }

  /** A private page that is about to be written has contents of its own. */
  void unshare() {
    if (!shared && own == null && object != null) {
      own = contents();
    }
  }

  void write(long[] words) {
    if (shared) {
      object.set(index, words);
    } else {
      own = words;
    }
  }
}
