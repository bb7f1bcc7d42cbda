/**
 * Page replacement policies: which resident page goes when a frame is needed.
 *
 * <p>Imports the JDK alone. Imported by {@code kernel}, whose reclaim asks them, and by {@code
 * machine} and the edges, which choose them by name.
 */
package dev.pagewalk.kernel.policy;
