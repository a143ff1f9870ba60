export { createDiskStorage, type DiskStorageOptions } from './disk.ts'
export type { FileFacts, StorageDriver } from './driver.ts'
export { serveMedia } from './serve-media.ts'
export { filesAt, type MediaSigner } from './signed-url.ts'
