/** What tests of all packages share. May import nothing; imported by tests only. */
package dev.pagewalk;
