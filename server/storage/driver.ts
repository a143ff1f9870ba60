import type { Storage } from '#sdk'

/** What is known of a stored file without reading it. */
export interface FileFacts {
  sizeBytes: number
  /** Changes when the content does; quoted, as in the ETag header. */
  etag: string
}

/** What each place of storage gives the server: the plugins' Storage, and what serving its files over HTTP needs. */
export interface StorageDriver extends Storage {
  facts(key: string): Promise<FileFacts | null>
  /** The key in the `<expires>.<signature>/<key>` of a media address, or null where it is wrong or too old. */
  verifyMediaUrl(rest: string): { key: string; expiresAt: number } | null
}
