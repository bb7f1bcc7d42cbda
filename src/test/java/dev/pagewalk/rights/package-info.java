/**
 * The enumeration of access rights: every legal combination of named bits, held against the
 * manual's rules as a table of rows. Used by the tests of the reference walk and of the MMU.
 */
package dev.pagewalk.rights;
