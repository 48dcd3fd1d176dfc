/**
 * How Node.js is to run the bundle, wherever that is decided (Dockerfile, bench). V8 is tuned for throughput; an app that
 * rests nearly always is better off with little memory.
 */
export const NODE_FLAGS: readonly string[] = [
  // Young objects get 3 MB instead of 48. Costs some CPU when 600 guests appear at once, none at rest.
  '--max-semi-space-size=1',
  // undici's HTTP parser is WebAssembly. Optimising it takes 16 MB that never come back, and speeds up a few calls a minute.
  '--liftoff-only',
];
