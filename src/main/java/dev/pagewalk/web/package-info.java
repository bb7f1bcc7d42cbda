/**
 * The classroom: a machine that people look at in their browser, and its interface for programs.
 *
 * <p>May import every room below the edges; of it, {@link dev.pagewalk.web.Server} alone is known
 * to {@code cli}. A {@link dev.pagewalk.web.Session} is a reader's {@link
 * dev.pagewalk.machine.classroom.Timeline}: the real machine, and the statements that it has
 * carried out. Undo, links and exports are the list of statements, carried out anew.
 */
package dev.pagewalk.web;
