/* wordcount: counts the words of standard input in a hash table and prints the most frequent ones.
   A small program with the memory of a real one: code of its own and of libc, a stack, a heap that
   grows, a table hit at random, and a sorted array at the end. record.sh records it. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096
#define SHOWN 10

struct word {
  struct word *next;
  unsigned count;
  char text[];
};

static struct word *buckets[BUCKETS];
static unsigned words;

static unsigned hash(const char *text) {
  unsigned value = 2166136261u;
  while (*text) {
    value = (value ^ (unsigned char)*text++) * 16777619u;
  }
  return value % BUCKETS;
}

static void count(const char *text) {
  struct word **bucket = &buckets[hash(text)];
  for (struct word *word = *bucket; word; word = word->next) {
    if (strcmp(word->text, text) == 0) {
      word->count++;
      return;
    }
  }
  struct word *word = malloc(sizeof *word + strlen(text) + 1);
  if (!word) {
    perror("wordcount");
    exit(1);
  }
  strcpy(word->text, text);
  word->count = 1;
  word->next = *bucket;
  *bucket = word;
  words++;
}

static int more_frequent(const void *a, const void *b) {
  const struct word *x = *(struct word *const *)a;
  const struct word *y = *(struct word *const *)b;
  return x->count != y->count ? (x->count < y->count ? 1 : -1) : strcmp(x->text, y->text);
}

int main(void) {
  char text[64];
  size_t length = 0;
  int c;
  while ((c = getchar()) != EOF) {
    if (isalnum(c)) {
      if (length < sizeof text - 1) {
        text[length++] = (char)tolower(c);
      }
    } else if (length > 0) {
      text[length] = 0;
      count(text);
      length = 0;
    }
  }
  struct word **sorted = malloc((words + 1) * sizeof *sorted);
  if (!sorted) {
    perror("wordcount");
    return 1;
  }
  unsigned filled = 0;
  for (unsigned i = 0; i < BUCKETS; i++) {
    for (struct word *word = buckets[i]; word; word = word->next) {
      sorted[filled++] = word;
    }
  }
  qsort(sorted, words, sizeof *sorted, more_frequent);
  for (unsigned i = 0; i < SHOWN && i < words; i++) {
    printf("%6u %s\n", sorted[i]->count, sorted[i]->text);
  }
  return 0;
}
