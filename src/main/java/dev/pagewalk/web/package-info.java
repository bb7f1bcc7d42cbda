/**
 * The classroom: a machine that people look at in their browser, and its interface for programs.
 *
 * <p>May import every room below the edges; of it, {@link dev.pagewalk.web.Server} alone is known
 * to {@code cli}. A {@link dev.pagewalk.web.Session} is a list of statements; a {@link
 * dev.pagewalk.web.Classroom} is the real machine that has carried them out. Undo, links and
 * exports are the list, carried out anew.
 */
package dev.pagewalk.web;
