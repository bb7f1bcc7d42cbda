package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.PageView;
import dev.pagewalk.kernel.Prot;
import java.util.ArrayList;
import java.util.List;

/** madvise: page by page, in order, up to the first that refuses. */
final class AdviceSteps {
  private static final long INVALID = Errno.EINVAL.result();

  private final Walk walk;

  AdviceSteps(Walk walk) {
    this.walk = walk;
  }

  void perform(Step step) {
    ModelProcess process = walk.processes[step.who()];
    Advice asked = Advice.of((int) step.c()).orElseThrow();
    // What is offered may go at any time there, in the middle of a step too.
    boolean mayGo = walk.setting.pressed().isPresent() && asked == Advice.FREE;
    Advice advice = mayGo ? Advice.COLD : asked;
    long start = step.a();
    long end = start + MapSteps.roundUp(step.b());
    walk.core(step);
    long result =
        walk.machine.call(() -> process.mm.calls().madvise(start, step.b(), advice.code()));
    if (start % 4096 != 0) {
      walk.agrees(result, INVALID);
      return;
    }
    switch (advice) {
      case POPULATE_READ -> walk.agrees(result, populate(process, start, end, Prot.READ));
      case POPULATE_WRITE -> walk.agrees(result, populate(process, start, end, Prot.WRITE));
      // Whether there is anything to make a huge page of is the kernel's affair.
      case COLLAPSE -> {}
      case GUARD_INSTALL -> guard(process, step, result);
      default -> walk.agrees(result, parts(process, start, end, advice));
    }
    walk.adopt(process, start, end);
  }

  private static long parts(ModelProcess process, long start, long end, Advice advice) {
    long gap = 0;
    for (long at = start; at < end; at += 4096) {
      ModelPage page = process.at(at);
      if (page == null) {
        gap = Errno.ENOMEM.result();
        continue;
      }
      long refusal = refusal(process, page, advice);
      if (refusal < 0) {
        return refusal;
      }
      apply(page, advice);
    }
    return gap;
  }

  private static long refusal(ModelProcess process, ModelPage page, Advice advice) {
    boolean discards =
        switch (advice) {
          case FREE, DONTNEED, DONTNEED_LOCKED, REMOVE, DONTFORK, WIPEONFORK, GUARD_INSTALL -> true;
          default -> false;
        };
    boolean written = page.may(Prot.WRITE) && process.allows(page, true);
    if (discards && page.sealed && page.isAnonymous() && !written) {
      return Errno.EPERM.result();
    }
    boolean invalid =
        switch (advice) {
          case DONTNEED, COLD, PAGEOUT, GUARD_INSTALL -> page.locked;
          case FREE -> page.locked || !page.isAnonymous();
          case REMOVE -> page.locked || page.isAnonymous();
          case WIPEONFORK -> !page.isAnonymous();
          default -> false;
        };
    if (invalid) {
      return INVALID;
    }
    boolean mayRemove = page.shared && !page.neverWritable;
    return advice == Advice.REMOVE && !mayRemove ? Errno.EACCES.result() : 0;
  }

  private static void apply(ModelPage page, Advice advice) {
    switch (advice) {
      case DONTNEED, DONTNEED_LOCKED -> page.drop();
      case FREE -> page.lazy = page.own != null;
      case REMOVE -> page.object.zero(page.index << 12, (page.index + 1) << 12);
      case DONTFORK -> page.notForked = true;
      case DOFORK -> page.notForked = false;
      case WIPEONFORK -> page.wipedOnFork = true;
      case KEEPONFORK -> page.wipedOnFork = false;
      case GUARD_INSTALL -> {
        page.drop();
        page.guard = true;
      }
      case GUARD_REMOVE -> page.guard = false;
      default -> {}
    }
  }

  private static long populate(ModelProcess process, long start, long end, int right) {
    for (long at = start; at < end; at += 4096) {
      ModelPage page = process.at(at);
      if (page == null) {
        return Errno.ENOMEM.result();
      }
      if (!page.may(right) || !process.allows(page, right == Prot.WRITE)) {
        return INVALID;
      }
      if (!page.canBeHad()) {
        return Errno.EFAULT.result();
      }
    }
    return 0;
  }

  /** Without memory, some pages are guards, some only lost their contents, others are as before. */
  private void guard(ModelProcess process, Step step, long result) {
    long end = step.a() + MapSteps.roundUp(step.b());
    List<ModelPage> before = new ArrayList<>();
    process.each(step.a(), end, page -> before.add(page.copy()));
    boolean done = walk.agrees(result, parts(process, step.a(), end, Advice.GUARD_INSTALL));
    if (done || !walk.isForMemory(result)) {
      return;
    }
    int i = 0;
    for (long at = step.a(); at < end; at += 4096) {
      ModelPage page = process.at(at);
      if (page == null) {
        continue;
      }
      ModelPage old = before.get(i++);
      page.guard = process.mm.page(at).kind() == PageView.Kind.GUARD;
      if (!page.guard && old.own != null && walk.holds(process, at, old.own)) {
        page.takeContents(old);
      }
    }
  }
}
