/** A package that brings a kernel, by its release: `proxmox-kernel-6.17.2-1-pve-signed`, `pve-kernel-5.15.102-1-pve`. */
const PACKAGE = /^(?:proxmox|pve)-kernel-(\d+\.\d+\.\d+-\d+-pve)(?:-signed)?$/;

/** The newest kernel among packages; undefined: none is told. */
export function newestKernel(
  packages: readonly { readonly Package: string; readonly CurrentState?: string }[],
): string | undefined {
  return packages
    .filter(({ CurrentState = 'Installed' }) => CurrentState === 'Installed')
    .flatMap(({ Package }) => PACKAGE.exec(Package)?.[1] ?? [])
    .toSorted(compareKernels)
    .at(-1);
}

/** Compares releases of kernels, as in `6.8.12-9-pve`: below 0 if the first is older. */
export function compareKernels(one: string, other: string): number {
  const [a, b] = [numbersIn(one), numbersIn(other)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const numbersIn = (release: string): readonly number[] => (release.match(/\d+/g) ?? []).map(Number);
