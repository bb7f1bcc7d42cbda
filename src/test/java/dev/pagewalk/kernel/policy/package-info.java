/** Tests of page replacement policies, most of them against naive statements of the same. */
package dev.pagewalk.kernel.policy;
