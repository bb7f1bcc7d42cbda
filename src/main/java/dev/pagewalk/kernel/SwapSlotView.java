package dev.pagewalk.kernel;

/**
 * A slot of swap in use.
 *
 * @param area number of the swap area, from 0
 * @param slot its number in the area
 * @param entries how many entries of page tables name it
 * @param cachedFrame the frame that has its contents in the swap cache; -1 if none has
 */
public record SwapSlotView(int area, long slot, int entries, long cachedFrame) {}
