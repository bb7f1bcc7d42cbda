package dev.pagewalk.vectors;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The machine on which scenarios are run: cores of one model of processor, and for each scenario a
 * new kernel over the memory.
 *
 * <p>Processes take turns on the cores by their letters, A on the first, so that with a third one a
 * core has several.
 */
class ScenarioMachine {
  private static final int CORES = 2;

  private final String model;
  private final PhysicalMemory memory;
  private final List<Mmu> mmus = new ArrayList<>();

  private Machine machine;
  private Map<String, FileObject> files;
  private Map<String, AddressSpace> processes;
  private Map<String, Core> cores;
  private Map<String, Long> names;
  private List<long[]> named;
  private ScenarioSetting.Outside outside;
  private int made;
  private long base;
  private List<ScenarioAnswer.Fault> faults;

  /** A machine with cores of {@code model} over {@code memory}. */
  ScenarioMachine(CpuModel model, ModelChoices choices, PhysicalMemory memory) {
    this.model = model.name();
    this.memory = memory;
    for (int i = 0; i < CORES; i++) {
      mmus.add(Machine.mmu(model, Machine.cpu(choices), memory));
    }
  }

  /** The name of the model of processor. */
  String model() {
    return model;
  }

  /** Starts anew, with the files of {@code scenario} and a process A. */
  void start(Scenario scenario) {
    memory.clear();
    base = scenario.base();
    machine = machine(ScenarioSetting.kernel(scenario, memory));
    mmus.forEach(machine::addCore);
    machine.onPageFault((core, address, errorCode) -> note(address, errorCode));
    files = ScenarioSetting.files(scenario, machine);
    processes = new TreeMap<>();
    cores = new HashMap<>();
    names = new LinkedHashMap<>();
    named = new ArrayList<>();
    made = 0;
    AddressSpace first = machine.kernel().newAddressSpace().orElseThrow();
    scenario.brk().ifPresent(first::setBrk);
    join("A", first);
    outside = ScenarioSetting.program(first, cores.get("A"), machine);
  }

  /** A machine without cores. */
  Machine machine(Kernel kernel) {
    return new Machine(kernel);
  }

  /** Performs {@code step}. */
  ScenarioAnswer perform(ScenarioStep step) {
    AddressSpace mm = processes.get(step.process());
    ScenarioAnswer answer = new ScenarioAnswer();
    if (mm == null) {
      answer.put("process", "none");
      return answer;
    }
    Core core = cores.get(step.process());
    core.switchTo(mm);
    faults = answer.faults();
    long minor = mm.minorFaults();
    long major = mm.majorFaults();
    switch (step.operation()) {
      case Operation.Fork(String child) -> fork(mm, child, answer);
      case Operation.Plain(var call) when call == Operation.Bare.EXIT -> {
        machine.exit(mm);
        processes.remove(step.process());
      }
      default -> {
        new ScenarioCalls(this, core, answer).perform(step.operation());
        answer.put("min", mm.minorFaults() - minor);
        answer.put("maj", mm.majorFaults() - major);
      }
    }
    return answer;
  }

  /** Frees what the kernel of the last scenario holds. */
  void end() {
    if (machine != null) {
      machine.kernel().close();
      machine = null;
    }
  }

  /** The processes that are alive, by name. */
  Map<String, AddressSpace> processes() {
    return processes;
  }

  /** The machine. */
  Machine machine() {
    return machine;
  }

  /** The files, by name. */
  Map<String, FileObject> files() {
    return files;
  }

  /** What process A has besides the scenario: no part of any state. */
  ScenarioSetting.Outside outside() {
    return outside;
  }

  /** The start of each mapping that a step has named. */
  Map<String, Long> names() {
    return names;
  }

  /** Gives the {@code length} bytes from {@code start} a name, unless it is empty. */
  void name(String name, long start, long length) {
    if (!name.isEmpty()) {
      names.put(name, start);
      named.add(new long[] {start, length});
    }
  }

  private void fork(AddressSpace parent, String child, ScenarioAnswer answer) {
    AddressSpace mm = machine.kernel().fork(parent).orElseThrow();
    machine.spend();
    join(child, mm);
    answer.put("child", child);
  }

  private void join(String name, AddressSpace mm) {
    processes.put(name, mm);
    cores.put(name, machine.cores().get(made++ % CORES));
  }

  /** Page faults outside of the window and of named mappings are not in the scenarios. */
  private void note(long address, int errorCode) {
    boolean inside = Long.compareUnsigned(address - base, Scenario.WINDOW_BYTES) < 0;
    for (long[] range : named) {
      inside |= Long.compareUnsigned(address - range[0], range[1]) < 0;
    }
    if (inside) {
      faults.add(new ScenarioAnswer.Fault(address, errorCode));
    }
  }
}
