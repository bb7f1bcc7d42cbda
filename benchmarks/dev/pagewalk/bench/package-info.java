/**
 * JMH benchmarks; compiled with the tests, so that they never rot. CONTRIBUTING says how to run
 * them. May import every package; imported by none.
 */
package dev.pagewalk.bench;
