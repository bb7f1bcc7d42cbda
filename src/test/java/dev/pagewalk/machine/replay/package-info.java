/** Tests of replay: small traces whose figures are known, and properties of long ones. */
package dev.pagewalk.machine.replay;
