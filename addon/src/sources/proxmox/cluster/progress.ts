/** How the tools that Proxmox VE starts say how far they are, in percent. What else has a percent sign is none. */
const SAID: readonly RegExp[] = [
  // vzdump: `INFO:  25% (4.0 GiB of 16.0 GiB) in 10s, …`
  /^INFO:\s+(\d{1,3})% \(/,
  // Copied and mirrored disks: `drive-scsi0: transferred 1.2 GiB of 32.0 GiB (3.75%) in 5s`
  /transferred .* of .* \((\d{1,3}(?:\.\d+)?)%\)/,
  // qmrestore: `progress 12% (read 4123168608 bytes, duration 21 sec)`
  /^progress (\d{1,3})% /,
  // Downloads, by wget: `51200K ........ ........  12% 55.3M 10s`
  /^\s*\d+K[ .]+(\d{1,3})%/,
];

/** The last of some lines of a task's log that says how far it is, in percent; undefined: none does. */
export function progressIn(lines: readonly string[]): number | undefined {
  for (const line of lines.toReversed()) {
    for (const pattern of SAID) {
      const percent = Number(pattern.exec(line)?.[1] ?? Number.NaN);
      if (percent >= 0 && percent <= 100) return percent;
    }
  }
  return undefined;
}
