/** Tests of the classroom: its machine, its interface for programs, and its page. */
package dev.pagewalk.web;
