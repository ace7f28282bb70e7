/** A stored file. */
export type StoredFile = { key: string; bytes: number; modified: Date }

/**
 * Where files are kept: a directory or a bucket. A key is a relative path
 * (`raw/2026-08-09/index.json`), and none may be the folder of another. Errors name the key and the
 * place, and never a credential.
 */
export type FileStorage = {
  /** The directory, or the bucket and its server, for messages. */
  readonly place: string
  /**
   * Keeps a file, in the place of the one that was there. It is seen when it is whole and not
   * before; of one that fails nothing is left. With `bytes`, a body of any other length is refused.
   * Returns the length.
   */
  put(key: string, body: AsyncIterable<Uint8Array>, options?: { bytes?: number }): Promise<number>
  /** The file's bytes from the offset `from`; none past the end. Throws `NotStoredError`. */
  open(key: string, options?: { from?: number }): AsyncIterable<Uint8Array>
  /** Null for a missing file. */
  stat(key: string): Promise<StoredFile | null>
  /** The files in a folder (`raw/2026-08-09/`; '' is all) and its folders, by key. */
  list(folder: string): AsyncIterable<StoredFile>
  /** Does nothing for a missing file. */
  remove(key: string): Promise<void>
  /**
   * Removes what a process that was killed in a `put` begun before that moment has left in these
   * folders (['']: in all; a directory does not tell them apart). Returns how many it found.
   */
  cleanUp(before: Date, folders?: string[]): Promise<number>
}
