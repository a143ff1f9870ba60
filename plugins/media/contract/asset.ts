import { defineChannel, defineRoute, Id, pageOf, Time, z } from '#contract'

const upload = { permission: 'media.upload' }

/** `inspecting`: tags and hashes are read; `processing`: it can be arranged, not yet played; then one of the others. */
export const AssetState = z.enum(['inspecting', 'processing', 'ready', 'failed'])
export type AssetState = z.infer<typeof AssetState>

/** Why a file cannot be used: `name` is that of a problem token, the sentences are for its uploader. */
const Refusal = z.strictObject({ name: z.string(), title: z.string(), detail: z.string().nullable() })

/** An audio file somebody brought, and what is known of it. */
export const Asset = z.strictObject({
  id: Id,
  /** The tus upload it came by; null for imports. */
  uploadId: Id.nullable(),
  fileName: z.string(),
  sizeBytes: z.number(),
  state: AssetState,
  /** 0..1 of its processing. */
  progress: z.number(),
  refusal: Refusal.nullable(),
  /** Read with errors in it: it plays as far as it goes. */
  isDamaged: z.boolean(),
  /** `FLAC`, `MP3` …, null before it was looked at. */
  format: z.string().nullable(),
  isLossless: z.boolean(),
  sampleRate: z.number().nullable(),
  bitDepth: z.number().nullable(),
  channels: z.number().nullable(),
  bitrateKbps: z.number().nullable(),
  durationMs: z.number().nullable(),
  loudnessLufs: z.number().nullable(),
  loudnessRangeLu: z.number().nullable(),
  truePeakDbtp: z.number().nullable(),
  leadSilenceMs: z.number().nullable(),
  tailSilenceMs: z.number().nullable(),
  /** Another asset of the label with the same sound, whatever its tags. */
  sameAs: Id.nullable(),
  title: z.string().nullable(),
  createdAt: Time,
})
export type Asset = z.infer<typeof Asset>

const uploads = '/api/v1/media/uploads'
const tus = { takes: ['application/offset+octet-stream'], isRaw: true, perMinute: 6000 } as const
export const createUpload = defineRoute({
  method: 'POST',
  path: uploads,
  access: upload,
  summary: 'Begin an upload (tus 1.0.0); Upload-Metadata names the file: filename, relativePath, batch',
  ...tus,
})
export const getUpload = defineRoute({
  method: 'GET',
  path: `${uploads}/{id}`,
  access: upload,
  summary: 'How much of an upload has arrived (tus: HEAD)',
  ...tus,
})
export const continueUpload = defineRoute({
  method: 'PATCH',
  path: `${uploads}/{id}`,
  access: upload,
  summary: 'Send the next bytes of an upload (tus)',
  ...tus,
})
export const removeUpload = defineRoute({
  method: 'DELETE',
  path: `${uploads}/{id}`,
  access: upload,
  summary: 'Give an upload up; what arrived is removed (tus)',
  ...tus,
})
export const listAssets = defineRoute({
  method: 'GET',
  path: '/api/v1/media/assets',
  access: upload,
  summary: 'Files one brought, newest first; of everybody for who manages media',
  query: z.strictObject({
    state: AssetState.optional(),
    /** Only those that no track uses yet. */
    isLoose: z.stringbool().optional(),
    whose: z.enum(['mine', 'all']).default('mine'),
    after: Id.optional(),
    limit: z.coerce.number().int().min(1).max(100).default(50),
  }),
  result: pageOf(Asset),
})
export const getAsset = defineRoute({
  method: 'GET',
  path: '/api/v1/media/assets/{id}',
  access: upload,
  summary: 'One file: its state, and what was measured',
  result: Asset,
})
export const retryAsset = defineRoute({
  method: 'POST',
  path: '/api/v1/media/assets/{id}/retry',
  access: upload,
  summary: 'Process a file that failed once more',
  result: Asset,
})
export const removeAsset = defineRoute({
  method: 'DELETE',
  path: '/api/v1/media/assets/{id}',
  access: upload,
  summary: 'Remove a file that no track uses',
})
export const getUsage = defineRoute({
  method: 'GET',
  path: '/api/v1/media/usage',
  access: upload,
  summary: 'Room taken and left, and what files may be',
  result: z.strictObject({
    usedBytes: z.number(),
    /** Null: no quota. */
    quotaBytes: z.number().nullable(),
    maxFileBytes: z.number(),
    maxDurationMs: z.number(),
  }),
})

/** Changes of the caller's own files. */
export const assetChannel = defineChannel({
  name: 'media.assets',
  params: z.strictObject({ accountId: Id }),
  messages: { changed: Asset, removed: z.strictObject({ id: Id }) },
})
