import type { Health } from './contract.ts'
import type { StreamHealth, WarningCode } from './media/types.ts'

export type HealthNote = Health['notes'][number]

/** What the notes are made from. */
export interface Measured {
  status: Health['status']
  /** Null until the first measurement. */
  health: StreamHealth | null
  audioPeakDb: number | null
  warnings: ReadonlyMap<WarningCode, string>
  /** Time since the publisher connected, in seconds. */
  connectedS: number
}

const severity = { bad: 0, warn: 1, ok: 2 }
/** Viewers are served in spite of these. */
const harmless: ReadonlySet<WarningCode> = new Set(['clock-jump', 'extra-tracks'])
/** Bits a pixel below which H.264 visibly falls apart; 720p30 needs some 830 kbit/s for it. */
const poorBitsPerPixel = 0.03
const longKeyFramesMs = 4_500
/** Profiles of 10 bits, 4:2:2 and 4:4:4 (ITU-T H.264 Annex A), which browsers do not show. */
const studioProfiles = /^avc1\.(6e|7a|f4|2c)/i
const silentDb = -60
const clippingDb = -0.1

/** Measurements in codes that the page puts into words, worst first; never empty. */
export function notesOf(measured: Measured): HealthNote[] {
  if (measured.status === 'interrupted') return [note('bad', 'interrupted')]
  const notes = [...warningNotes(measured.warnings), ...encoderNotes(measured), ...soundNotes(measured)]
  if (notes.length > 0) return notes.sort((a, b) => severity[a.level] - severity[b.level])
  return measured.health && measured.status === 'live' ? [note('ok', 'all-well')] : []
}

function encoderNotes({ health, connectedS }: Measured): HealthNote[] {
  if (!health) return []
  const notes: HealthNote[] = []
  const { lagMs, droppedFrames, fps, keyFrameIntervalMs, videoKbps } = health
  if (lagMs > 2_000)
    notes.push(note(lagMs > 5_000 ? 'bad' : 'warn', 'uplink-slow', { seconds: Math.round(lagMs / 100) / 10 }))
  const lost = droppedFrames / Math.max(1, fps * connectedS)
  if (droppedFrames > 10 && lost > 0.005)
    notes.push(note(lost > 0.05 ? 'bad' : 'warn', 'dropped-frames', { frames: droppedFrames }))
  if (health.videoCodec && keyFrameIntervalMs > longKeyFramesMs)
    notes.push(note('warn', 'long-key-frames', { seconds: Math.round(keyFrameIntervalMs / 100) / 10 }))
  if (health.videoCodec && studioProfiles.test(health.videoCodec)) notes.push(note('bad', 'studio-colours'))
  const pixels = health.width * health.height * fps
  if (health.videoCodec && pixels > 0 && videoKbps > 0 && (videoKbps * 1000) / pixels < poorBitsPerPixel)
    notes.push(note('warn', 'low-bitrate', { kbps: Math.round(videoKbps) }))
  return notes
}

function soundNotes({ health, audioPeakDb }: Measured): HealthNote[] {
  if (!health) return []
  if (!health.audioCodec) return [note('warn', 'no-audio')]
  if (audioPeakDb === null) return []
  const db = Math.round(audioPeakDb * 10) / 10
  if (audioPeakDb < silentDb) return [note('warn', 'audio-silent', { db })]
  return audioPeakDb > clippingDb ? [note('warn', 'audio-clipping', { db })] : []
}

function warningNotes(warnings: Measured['warnings']): HealthNote[] {
  const notes: HealthNote[] = []
  for (const [code, detail] of warnings) {
    // Measured again and again, so that it goes away when the DJ mended it.
    if (code === 'long-key-frames') continue
    notes.push(note(harmless.has(code) ? 'warn' : 'bad', code, detail ? { detail } : {}))
  }
  return notes
}

function note(level: HealthNote['level'], code: string, values: HealthNote['values'] = {}): HealthNote {
  return { level, code, values }
}
