#!/usr/bin/env bash
# Records the memory accesses of a program with Valgrind's lackey, gzipped.
#
#   record.sh                          wordcount.c on walk/FORMAT.md, to wordcount.lackey.gz
#   record.sh OUTPUT.gz COMMAND ...    any program; what it prints goes to standard error
#
# Needs valgrind and gzip, and a C compiler (CC, else cc) for the first form. Lackey slows a program
# down a hundredfold, and a second of it fills gigabytes: they are compressed on the way.
set -euo pipefail

say() { printf 'record.sh: %s\n' "$1" >&2; }

for program in valgrind gzip; do
  type -P "$program" >/dev/null || { say "expected $program to be installed"; exit 2; }
done

# record OUTPUT COMMAND ...
record() {
  local output=$1 part status=0
  shift
  part=$(mktemp -- "$output.XXXXXX")
  trap 'rm -f -- "$part"' RETURN
  # The trace goes to a descriptor of its own, whatever the program prints elsewhere.
  exec 9> >(gzip -9 -n >"$part")
  local gzip=$!
  valgrind --tool=lackey --trace-mem=yes --basic-counts=no --log-fd=9 "$@" 1>&2 || status=$?
  exec 9>&-
  wait "$gzip"
  chmod 644 "$part"
  mv -- "$part" "$output"
  say "$(stat -c %s -- "$output") bytes in $output; the program's exit status was $status"
}

if (($# == 0)); then
  cd -- "$(dirname -- "$0")"
  build=$(mktemp -d)
  trap 'rm -rf -- "$build"' EXIT
  "${CC:-cc}" -O2 -std=c11 -D_POSIX_C_SOURCE=200809L -o "$build/wordcount" wordcount.c
  here=$PWD
  cd -- "$build"
  record "$here/wordcount.lackey.gz" ./wordcount <"$here/../walk/FORMAT.md"
elif (($# == 1)); then
  say "expected OUTPUT.gz COMMAND ..., or nothing"
  exit 2
else
  record "$@"
fi
