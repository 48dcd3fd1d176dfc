/**
 * How Node.js is to run the bundle, wherever that is decided (image, bench). V8 is tuned for throughput; an app that
 * rests nearly always is better off with little memory.
 */
export const NODE_FLAGS: readonly string[] = [
  // Collects garbage early, gives freed pages back, and keeps little room for young objects. With 600 guests 116 MB
  // instead of 206, for one second more of CPU at the start and 1 % of a core.
  '--optimize-for-size',
  // undici's HTTP parser is WebAssembly. Optimising it took another 16 MB, to speed up a few calls a minute.
  '--liftoff-only',
  // V8's last optimising compiler: its own code takes 4 MB. Maglev, the one before it, does as well for an app that mostly
  // waits: with 600 guests and 600 containers it took less CPU time than both.
  '--no-turbofan',
];

/** Set in its environment, for glibc's allocator; another one takes no notice. */
export const NODE_ENVIRONMENT: Readonly<Record<string, string>> = {
  // The threads of V8 would each keep a heap of their own, 2 to 4 MB in all.
  MALLOC_ARENA_MAX: '1',
  // glibc raises both by itself after a big block was freed, and keeps from then on what the start had taken: 6 MB.
  MALLOC_TRIM_THRESHOLD_: '65536',
  MALLOC_MMAP_THRESHOLD_: '65536',
};
