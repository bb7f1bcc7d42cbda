/** The examples that README shows, as code that is compiled and run. May import every package. */
package dev.pagewalk.readme;
