const GIB = 1024 ** 3;

/** For people: `1.2 GiB`. @param bytes undefined or less than 0: not known */
export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined || bytes < 0) return 'size unknown';
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.ceil(bytes / 1024 ** 2)} MiB`;
}
