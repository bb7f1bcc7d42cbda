/**
 * The reference walk: what the manual says, in the manual's order, with no cache and no haste.
 *
 * <p>May import {@code arch} and {@code physmem}; imported by {@code machine}, {@code vectors} and
 * the edges, never by the MMU, which it judges. {@link dev.pagewalk.spec.ReferenceWalk} is the way
 * in; {@link dev.pagewalk.spec.WalkStep} is the record that each walk leaves of itself.
 */
package dev.pagewalk.spec;
