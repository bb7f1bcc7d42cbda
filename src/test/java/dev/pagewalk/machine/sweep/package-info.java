/** Tests of sweeps: that their rows are right, once each, and survive being stopped. */
package dev.pagewalk.machine.sweep;
