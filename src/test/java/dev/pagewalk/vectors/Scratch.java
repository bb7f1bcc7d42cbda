package dev.pagewalk.vectors;
import dev.pagewalk.arch.*;
import java.nio.file.*;
import java.util.*;
public class Scratch {
  public static void main(String[] a) throws Exception {
    for (String preset : ModelPresets.all().keySet()) {
      for (int round=0; round<(a.length>2?Integer.parseInt(a[2]):1); round++) {
      long t0=System.nanoTime();
      SpecEngine e = new SpecEngine();
      VectorRunner r = new VectorRunner(e, ModelPresets.of(preset).get());
      VectorParser p = new VectorParser();
      int pass=0, fail=0; TreeMap<String,int[]> ev=new TreeMap<>();
      try (LineReader in = new LineReader(Path.of(a[0]))) {
        while (in.next()) {
          WalkVector v; try (Cursor c = in.cursor()) { v = p.parse(c); }
          if (v.isEvidence()) {
            Map<String,List<Step>> sides=new LinkedHashMap<>(); for(String s:v.sources()) sides.put(s,v.steps()); sides.putAll(v.differs());
            for (var s:sides.entrySet()) { var x=r.run(v,s.getValue()); int[] n=ev.computeIfAbsent(s.getKey(),k->new int[2]); n[x instanceof Verdict.Passed?0:1]++; if (x instanceof Verdict.Failed f && preset.startsWith(s.getKey().substring(0,4)) && a.length>1) System.out.println(v.id()+" "+s.getKey()+" "+f); }
            continue; }
          Verdict x = r.run(v);
          if (x instanceof Verdict.Failed f) { fail++; if (fail<6 && preset.equals("sdm")) System.out.println(v.id()+" "+v.sources()+" "+f); } else pass++;
        }
      }
      long t=System.nanoTime()-t0;
      System.out.println(preset+" pass "+pass+" fail "+fail+" in "+t/1000000+" ms, "+(long)((pass+fail)*1e9/t)+"/s"); ev.forEach((k,n)->System.out.println("   "+k+" "+Arrays.toString(n)));
      }
    }
  }
}
