/** A file that people write beside the options. */
export interface OwnFile {
  /** Within the folder of configuration, with slashes. */
  readonly path: string;
  readonly title: string;
  /** False: what comes with Labkeeper counts, if anything does. */
  readonly exists: boolean;
  /** There is something to begin with. */
  readonly shipped: boolean;
  /** When what is written there counts. */
  readonly counts: 'at once' | 'after a restart';
  /** Why it does not count as it is; empty: it does. */
  readonly faults: readonly FileFault[];
}

export interface FileFault {
  /** Of the file, from 1; left out: the whole. */
  readonly line?: number;
  /** Of what is wrong, as in `profiles[0].id`; left out: the file is no YAML. */
  readonly path?: string;
  readonly message: string;
}

/** The files that people write beside the options, read and written for them. */
export interface OwnFiles {
  list(): Promise<readonly OwnFile[]>;
  /**
   * What is there, or what there is to begin with.
   *
   * @returns `etag` undefined: it does not exist yet
   * @throws LabError `target_unknown`
   */
  read(path: string): Promise<{ readonly text: string; readonly etag: string | undefined }>;
  /** All that is wrong with a text. @throws LabError `target_unknown` */
  check(path: string, text: string): Promise<readonly FileFault[]>;
  /**
   * Writes a file whole.
   *
   * @param etag of what it is to replace; undefined: it shall not exist yet
   * @returns the new one
   * @throws LabError `target_unknown`; `input_invalid` with all that is wrong; `target_changed` where somebody else wrote it
   */
  write(path: string, text: string, etag: string | undefined): Promise<{ readonly etag: string }>;
  /** Takes a file away. @throws LabError `target_unknown`, `target_changed` */
  remove(path: string, etag: string): Promise<void>;
}
