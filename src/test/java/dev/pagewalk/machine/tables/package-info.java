/** Tests of the page tables of other shapes. */
package dev.pagewalk.machine.tables;
