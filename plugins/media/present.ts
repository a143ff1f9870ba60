import type { AssetRow } from './assets.ts'
import type { Asset, AssetFacts, FileTags } from './contract.ts'
import type { ReadFile } from './read-file.ts'

export function presentAsset(row: AssetRow): Asset {
  const { id, uploadId, fileName, state, isDamaged, format, isLossless, sameAs, createdAt } = row
  return {
    id,
    uploadId,
    fileName,
    sizeBytes: row.sizeBytes,
    state,
    progress: state === 'ready' ? 1 : row.progress,
    refusal: row.refusalJson,
    isDamaged,
    format,
    isLossless,
    ...measured(row),
    sameAs,
    title: row.tagsJson?.title ?? null,
    createdAt,
  }
}

export function factsOf(row: AssetRow): AssetFacts {
  return {
    id: row.id,
    ownerId: row.ownerId,
    state: row.state,
    fileName: row.fileName,
    relativePath: row.relativePath,
    batch: row.batch,
    sizeBytes: row.sizeBytes,
    contentHash: row.contentHash,
    audioHash: row.audioHash,
    format: row.format,
    isLossless: row.isLossless,
    ...measured(row),
    momentary: row.momentaryJson ?? [],
    shortTerm: row.shortTermJson ?? [],
    coverKey: row.coverKey,
    tags: row.tagsJson ?? noTags,
    fault: row.refusalJson && (row.refusalJson.detail ?? row.refusalJson.title),
    playable: row.playableJson && row.state === 'ready' ? { ...row.playableJson, epoch: row.epoch } : null,
  }
}

const measured = (row: AssetRow) => ({
  sampleRate: row.sampleRate,
  bitDepth: row.bitDepth,
  channels: row.channels,
  bitrateKbps: row.bitrateKbps,
  durationMs: row.durationMs,
  loudnessLufs: row.loudnessLufs,
  loudnessRangeLu: row.loudnessRangeLu,
  truePeakDbtp: row.truePeakDbtp,
  leadSilenceMs: row.leadSilenceMs,
  tailSilenceMs: row.tailSilenceMs,
})

const unmeasured = {
  sampleRate: null,
  bitDepth: null,
  channels: null,
  bitrateKbps: null,
  durationMs: null,
  loudnessLufs: null,
  loudnessRangeLu: null,
  truePeakDbtp: null,
  leadSilenceMs: null,
  tailSilenceMs: null,
}

/** Of a file that was only read. */
export const factsOfRead = ({
  tagsJson,
  ...read
}: ReadFile['columns'] & Pick<AssetRow, 'fileName' | 'relativePath'>): AssetFacts => ({
  id: '',
  ownerId: null,
  state: 'inspecting',
  batch: null,
  coverKey: null,
  momentary: [],
  shortTerm: [],
  fault: null,
  playable: null,
  tags: tagsJson ?? noTags,
  ...unmeasured,
  fileName: read.fileName,
  relativePath: read.relativePath,
  sizeBytes: read.sizeBytes,
  contentHash: read.contentHash,
  audioHash: read.audioHash,
  format: read.format,
  isLossless: read.isLossless,
})

/** Of a file that says nothing of itself. */
export const noTags: FileTags = {
  title: null,
  artists: [],
  albumArtists: [],
  album: null,
  trackNumber: null,
  trackTotal: null,
  discNumber: null,
  discTotal: null,
  releaseDate: null,
  genres: [],
  bpm: null,
  key: null,
  isrc: null,
  upc: null,
  catalogNumber: null,
  label: null,
  cLine: null,
  pLine: null,
  credits: [],
  lyrics: null,
  syncedLyrics: null,
  licence: null,
  isExplicit: null,
  isCompilation: false,
  comment: null,
  tags: [],
}
