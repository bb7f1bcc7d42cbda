/**
 * A random walk over all that the kernel can do, on a machine of several cores, against a plain
 * model of what processes and files contain.
 *
 * <p>{@code RandomWalkTest} runs it; {@code PlantedMistakeTest} shows that it finds mistakes.
 */
package dev.pagewalk.kernel.walker;
