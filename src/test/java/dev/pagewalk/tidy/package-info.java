/** Checks of the source tree itself: lengths, directions, names, formatting. Imported by none. */
package dev.pagewalk.tidy;
