/*
 * The yardstick that `pagewalk bench --against-c` runs: the least work that a faithful x86-64 translation can be, in C at
 * -O3. It prints the lines that `pagewalk bench` prints.
 *
 * One data-side MMU: L1 dTLB of 64 entries (16 sets x 4 ways), second-level TLB of 1536 entries (128 sets x 12 ways),
 * both true LRU, both tagged by virtual page number and PCID with a global bit, behind them a 4-level walk of 64-bit
 * entries in a flat physical memory with accessed/dirty maintenance (compare-and-swap when a bit must be set), and on
 * every access the rights check (P, R/W, U/S, NX, CR0.WP) and five event counters. No paging-structure cache.
 *
 *   cc -O3 -mavx2 -o limit limit.c && ./limit [rounds [workload ...]]
 *
 * Each workload prints: name, ns per access (median of the rounds), and its counters. The counters are exact: an
 * implementation that does the same work prints the same numbers, and only then may the times be compared.
 *
 * With PAGEWALK_BENCH_TURNS in the environment, each round waits for a line on standard input, and is followed by a line
 * with its time: so another program can do its rounds by turns with these.
 *
 * A workload's pages are neighbours, or scattered over the 47-bit address space by a hash (see scatter). Each kind has
 * a timed loop of its own, so that neighbours do not pay for the hash.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <immintrin.h>

typedef uint64_t u64;
enum { P = 1, RW = 2, US = 4, A = 32, D = 64, G = 256 };
#define NX (1ull << 63)
#define FRAME 0x000ffffffffff000ull
enum { READ = 0, WRITE = 1, FETCH = 2 };

/*
 * A set keeps its tags side by side, so that one vector compare finds the way, and its ages as bytes, so that the exact
 * least-recently-used order is one vector add: age 0 was used last, age WAYS - 1 goes first. No branch depends on the way.
 */
#define L1_SETS 16
#define L1_WAYS 4
#define L2_SETS 128
#define L2_WAYS 12
#define PAD 16
typedef struct { u64 tag[PAD], pte[PAD]; unsigned char age[PAD]; } __attribute__((aligned(64))) Set16;
typedef struct { u64 tag[4], pte[4]; unsigned char age[8]; } __attribute__((aligned(64))) Set4;
static Set4 l1[L1_SETS];                               /* tag = vpn << 13 | pcid << 1 | valid */
static Set16 l2[L2_SETS];
static struct { u64 l1_hits, l2_hits, walks, loads, faults; } n;
static unsigned char *ram;
static u64 cr3, pcid;

static inline u64 *word(u64 pa) { return (u64 *)(ram + pa); }

static inline int allowed(u64 pte, int access, int user)
{
    if (user && !(pte & US)) return 0;
    if (access == WRITE && !(pte & RW)) return 0;      /* CR0.WP = 1 */
    if (access == FETCH && (pte & NX)) return 0;
    return 1;
}

static inline int find4(const Set4 *s, u64 tag)
{
    __m256i hit = _mm256_cmpeq_epi64(_mm256_load_si256((const __m256i *)s->tag), _mm256_set1_epi64x(tag));
    int m = _mm256_movemask_pd(_mm256_castsi256_pd(hit));
    return m ? __builtin_ctz(m) : -1;
}

static inline int find16(const Set16 *s, u64 tag)
{
    __m256i t = _mm256_set1_epi64x(tag);
    unsigned m = 0;
    for (int i = 0; i < L2_WAYS; i += 4)
        m |= _mm256_movemask_pd(_mm256_castsi256_pd(_mm256_cmpeq_epi64(_mm256_load_si256((const __m256i *)(s->tag + i)), t))) << i;
    return m ? __builtin_ctz(m) : -1;
}

static inline void use4(Set4 *s, int way)
{
    uint32_t a, h = 0x80808080u, one = 0x01010101u;
    memcpy(&a, s->age, 4);
    uint32_t at = a >> (8 * way) & 255;
    a += (~((a | h) - at * one) & h) >> 7;             /* those younger than the way grow older by one */
    a &= ~(255u << (8 * way));
    memcpy(s->age, &a, 4);
}

static inline void use16(Set16 *s, int way)
{
    __m128i a = _mm_load_si128((const __m128i *)s->age), at = _mm_set1_epi8(s->age[way]);
    _mm_store_si128((__m128i *)s->age, _mm_sub_epi8(a, _mm_cmplt_epi8(a, at)));
    s->age[way] = 0;
}

static inline int oldest4(const Set4 *s)
{
    uint32_t a; memcpy(&a, s->age, 4);
    return __builtin_ctz(a & 0x02020202u & (a << 1 & 0x02020202u)) >> 3;      /* the byte that is 3 */
}

static inline int oldest16(const Set16 *s)
{
    return __builtin_ctz(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_load_si128((const __m128i *)s->age), _mm_set1_epi8(L2_WAYS - 1))));
}

static __attribute__((noinline)) u64 walk(u64 va, int access, int user)
{
    u64 table = cr3 & FRAME, rights = RW | US, nx = 0, pte = 0, at = 0;
    n.walks++;
    for (int shift = 39; shift >= 12; shift -= 9) {
        at = table + ((va >> shift & 511) << 3);
        pte = *word(at);
        n.loads++;
        if (!(pte & P)) { n.faults++; return ~0ull; }
        rights &= pte;
        nx |= pte & NX;
        if (!(pte & A)) { __sync_bool_compare_and_swap(word(at), pte, pte | A); pte |= A; }
        table = pte & FRAME;
    }
    u64 leaf = (pte & FRAME) | (pte & (G | D | A | P)) | (rights & (RW | US)) | nx;
    if (!allowed(leaf, access, user)) { n.faults++; return ~0ull; }
    if (access == WRITE && !(pte & D)) { __sync_bool_compare_and_swap(word(at), pte, pte | D); leaf |= D; }
    return leaf;
}

static __attribute__((noinline)) u64 miss(u64 va, u64 tag, int access, int user)
{
    u64 vpn = va >> 12, pte;
    Set16 *s2 = l2 + vpn % L2_SETS;
    Set4 *s1 = l1 + vpn % L1_SETS;
    int w = find16(s2, tag);
    if (w >= 0 && (access != WRITE || s2->pte[w] & D)) {
        n.l2_hits++;
        pte = s2->pte[w];
        if (!allowed(pte, access, user)) { n.faults++; return ~0ull; }
    } else {
        pte = walk(va, access, user);
        if (pte == ~0ull) return pte;
        if (w < 0) w = oldest16(s2);
        s2->tag[w] = tag; s2->pte[w] = pte;
    }
    use16(s2, w);
    w = find4(s1, tag);
    if (w < 0) w = oldest4(s1);
    s1->tag[w] = tag; s1->pte[w] = pte;
    use4(s1, w);
    return pte;
}

static inline u64 translate(u64 va, int access, int user)
{
    u64 vpn = va >> 12, tag = vpn << 13 | pcid << 1 | 1, pte;
    Set4 *s = l1 + vpn % L1_SETS;
    if (__builtin_expect((u64)((int64_t)(va << 16) >> 16) != va, 0)) { n.faults++; return ~0ull; }
    int w = find4(s, tag);
    if (__builtin_expect(w >= 0, 1)) {
        pte = s->pte[w];
        if (__builtin_expect(access != WRITE || pte & D, 1)) {   /* the dirty bit is set by a walk */
            use4(s, w);
            n.l1_hits++;
            if (!allowed(pte, access, user)) { n.faults++; return ~0ull; }
            return (pte & FRAME) | (va & 4095);
        }
    }
    pte = miss(va, tag, access, user);
    if (pte == ~0ull) return pte;
    return (pte & FRAME) | (va & 4095);
}

static void empty(void)
{
    memset(l1, 0, sizeof l1); memset(l2, 0, sizeof l2);
    for (int s = 0; s < L1_SETS; s++) for (int w = 0; w < L1_WAYS; w++) l1[s].age[w] = w;
    for (int s = 0; s < L2_SETS; s++) for (int w = 0; w < PAD; w++) l2[s].age[w] = w < L2_WAYS ? w : 127;
}

/* xorshift64*, the same sequence everywhere: state starts at 0x9e3779b97f4a7c15 for each workload */
static u64 rng;
static inline u64 next(void) { rng ^= rng >> 12; rng ^= rng << 25; rng ^= rng >> 27; return rng * 0x2545f4914f6cdd1dull; }


/*
 * Page i of a scattered working set: a permutation of 35 bits, so pages are distinct. It is worked out within the timed
 * loop. A table of addresses would be one load, but 8 MiB of them for the largest set, whose cache misses would be
 * timed along with those of the walks; this is nine simple instructions whatever the size, and no access waits for the
 * one before it.
 */
#define PAGES_47 ((1ull << 35) - 1)
static inline u64 scatter(u64 i)
{
    u64 x = i * 0x59e3779b9ull & PAGES_47;
    x ^= x >> 17;
    x = x * 0x4f6cdd1dbull & PAGES_47;
    x ^= x >> 15;
    return x << 12;
}

static u64 bump;
static void map(u64 va, u64 frame)
{
    u64 table = cr3 & FRAME;
    for (int shift = 39; shift > 12; shift -= 9) {
        u64 *e = word(table + ((va >> shift & 511) << 3));
        if (!*e) { *e = bump | P | RW | US | A; bump += 4096; }
        table = *e & FRAME;
    }
    *word(table + ((va >> 12 & 511) << 3)) = frame | P | RW | US | A | D;
}

static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1e9 + t.tv_nsec; }
static int by(const void *a, const void *b) { double x = *(double *)a, y = *(double *)b; return (x > y) - (x < y); }

#define BASE 0x100000000000ull

static inline __attribute__((always_inline)) u64 neighbours(u64 pages, u64 accesses)
{
    u64 base = BASE, sum = 0;
    for (u64 k = 0; k < accesses; k++) {
        u64 x = next();
        u64 va = base + (((x >> 32) * pages >> 32) << 12) + (x & 0xff8);
        sum += translate(va, (x >> 20 & 3) == 0 ? WRITE : READ, 1);
    }
    return sum;
}

static inline __attribute__((always_inline)) u64 scattered(u64 pages, u64 accesses)
{
    u64 sum = 0;
    for (u64 k = 0; k < accesses; k++) {
        u64 x = next();
        u64 va = scatter((x >> 32) * pages >> 32) + (x & 0xff8);
        sum += translate(va, (x >> 20 & 3) == 0 ? WRITE : READ, 1);
    }
    return sum;
}

/*
 * Page i is mapped to frame (i * 2654435761) mod pages, above the tables. Tables of neighbours lie in the first 64 MiB;
 * those of scattered pages take up to 4.5 GiB, nearly a page table for each page.
 */
#define TABLES (64ull << 20)
#define SCATTERED_TABLES (8ull << 30)
#define RAM (12ull << 30)

typedef struct { const char *name; u64 pages, accesses; int scatter; } Workload;
static const Workload workloads[] = {
    { "rng", 1, 20000000, 0 },             /* one page: the generator and the fastest hit */
    { "hot", 48, 20000000, 0 },            /* within the L1 dTLB (3 of 4 ways of each set) */
    { "warm", 1024, 10000000, 0 },         /* within the second-level TLB */
    { "cold", 262144, 5000000, 0 },        /* 1 GiB: nearly every access walks, tables in cache */
    { "vast", 1048576, 5000000, 0 },       /* 4 GiB: nearly every access walks, leaf tables 8 MiB */
    { "hot-scattered", 48, 20000000, 1 },  /* some sets of the L1 dTLB have more pages than ways */
    { "warm-scattered", 1024, 10000000, 1 },
    { "cold-scattered", 262144, 5000000, 1 },
    { "vast-scattered", 1048576, 5000000, 1 },
};

static int by_turns;
static void my_turn(void) { for (int c = 0; by_turns && c != '\n';) if ((c = getchar()) == EOF) exit(1); }

static void run(const Workload *w, int rounds)
{
    u64 pages = w->pages, data = w->scatter ? SCATTERED_TABLES : TABLES;
    if (w->scatter) madvise(ram, SCATTERED_TABLES, MADV_DONTNEED); else memset(ram, 0, TABLES);
    empty(); memset(&n, 0, sizeof n);
    cr3 = 0x1000; pcid = 1; bump = 0x2000;
    for (u64 i = 0; i < pages; i++) {
        map(w->scatter ? scatter(i) : BASE + (i << 12), data + ((i * 2654435761u % pages) << 12));
    }
    rng = 0x9e3779b97f4a7c15ull;
    double t[64]; u64 sum = 0;
    for (int r = 0; r < rounds; r++) {
        my_turn();
        double t0 = now();
        sum += w->scatter ? scattered(pages, w->accesses) : neighbours(pages, w->accesses);
        t[r] = (now() - t0) / w->accesses;
        if (by_turns) { printf("round %.2f ns\n", t[r]); fflush(stdout); }
    }
    qsort(t, rounds, sizeof *t, by);
    printf("%-8s %8.2f ns  l1_hits %llu l2_hits %llu walks %llu loads %llu faults %llu sum %016llx\n", w->name, t[rounds / 2],
        (unsigned long long)n.l1_hits, (unsigned long long)n.l2_hits, (unsigned long long)n.walks,
        (unsigned long long)n.loads, (unsigned long long)n.faults, (unsigned long long)sum);
}

static int chosen(const char *name, int argc, char **argv)
{
    for (int i = 2; i < argc; i++) if (!strcmp(argv[i], name)) return 1;
    return argc <= 2;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 9;
    if (rounds < 1 || rounds > 64) return 2;
    by_turns = getenv("PAGEWALK_BENCH_TURNS") != 0;
    ram = mmap(0, RAM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (ram == MAP_FAILED) return 1;
    for (unsigned i = 0; i < sizeof workloads / sizeof *workloads; i++) {
        if (chosen(workloads[i].name, argc, argv)) run(&workloads[i], rounds);
    }
    return 0;
}
