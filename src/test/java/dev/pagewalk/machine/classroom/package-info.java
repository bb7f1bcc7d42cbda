/** Tests of the classroom's machine: its language, presets and lessons. */
package dev.pagewalk.machine.classroom;
