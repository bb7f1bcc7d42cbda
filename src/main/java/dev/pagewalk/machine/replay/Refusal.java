package dev.pagewalk.machine.replay;

/**
 * An access of a trace that ended in a signal.
 *
 * @param access its number in the trace, from 1
 * @param processId of the process, as the trace has it
 * @param address its linear address
 * @param kind {@code read}, {@code write}, {@code fetch} or {@code modify}
 * @param signal the signal and why, in words
 */
public record Refusal(long access, long processId, long address, String kind, String signal) {}
