package dev.pagewalk.mmu.streams;

import java.util.List;

/**
 * A program for the machine under test.
 *
 * @param scenario what it starts from
 * @param moves what it does
 */
record Stream(Scenario scenario, List<Move> moves) {}
