package dev.pagewalk.vectors;

/** What a line of a file has judged: a vector or a scenario. */
sealed interface Case permits WalkVector, Scenario {
  /** What it is called, in reports. */
  String name();
}
