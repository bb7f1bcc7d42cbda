package dev.pagewalk.arch;

import java.util.Set;

/**
 * One TLB of a processor: what it holds and its shape.
 *
 * <p>A set is chosen by the low bits of the page number, at the size of page that is looked for.
 *
 * @param name as it is shown, {@code L1D 4K} for example
 * @param ports the accesses that look into it, at least one
 * @param sizes the sizes of page that its entries can have, at least one
 * @param shape sets, ways and replacement
 */
public record TlbGeometry(String name, Set<Port> ports, Set<PageSize> sizes, CacheGeometry shape) {
  public TlbGeometry {
    if (ports.isEmpty() || sizes.isEmpty()) {
      throw new IllegalArgumentException(name + ": a TLB serves a port and holds a size of page");
    }
    ports = Set.copyOf(ports);
    sizes = Set.copyOf(sizes);
  }
}
