/** Tests of miss-ratio curves against simulations and naive statements. */
package dev.pagewalk.machine.curve;
