import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FfmpegError } from '../run.ts'
import { readFragments } from './boxes.ts'
import { masterPlaylist, mediaPlaylist, playlistName } from './playlists.ts'
import { isStream, type Recipe } from './profiles.ts'
import type { AudioAnalysis, PlaybackManifest, StreamRendition } from './types.ts'

/** Samples that ffmpeg's AAC encoder puts before the first; FLAC has none. */
const aacDelay = 1_024

/** Reads the tables of what was encoded, writes playlists and `manifest.json`; null where nothing is streamed. */
export async function writeManifest(
  folder: string,
  recipes: readonly Recipe[],
  analysis: AudioAnalysis,
): Promise<PlaybackManifest | null> {
  const streams = recipes.filter((recipe) => isStream(recipe.profile))
  if (streams.length === 0) return null
  const renditions: StreamRendition[] = []
  for (const recipe of streams) renditions.push(await renditionOf(folder, recipe, analysis))
  const { sampleRate, sampleCount } = analysis
  const manifest: PlaybackManifest = { version: 1, sampleRate, sampleCount, renditions }
  for (const one of renditions) await writeFile(join(folder, playlistName(one)), mediaPlaylist(one))
  await writeFile(join(folder, 'master.m3u8'), masterPlaylist(renditions))
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest))
  return manifest
}

async function renditionOf(
  folder: string,
  recipe: Recipe,
  analysis: AudioAnalysis,
): Promise<StreamRendition> {
  const { profile, file, sampleRate, channels } = recipe
  if (!isStream(profile)) throw new Error(`${profile} is no stream`)
  const { init, segments } = await readFragments(join(folder, file))
  const encoderDelay = profile === 'flac' ? 0 : aacDelay
  const held = segments.reduce((sum, [, , samples]) => sum + samples, 0) - encoderDelay
  const due = Math.round((analysis.sampleCount * sampleRate) / analysis.sampleRate)
  // Resamplers may end a sample early; less than that, and the encoder did not see what the analysis saw.
  if (held < due - 2) throw new FfmpegError('failed', `${file} holds ${held} samples of ${due}`)
  const sizeBytes = init[1] + segments.reduce((sum, [, length]) => sum + length, 0)
  return {
    profile,
    codec: profile === 'flac' ? 'flac' : 'mp4a.40.2',
    bitrateKbps: Math.round((sizeBytes * 8 * sampleRate) / (due * 1000)),
    sampleRate,
    channels,
    file,
    encoderDelay,
    sampleCount: Math.min(due, held),
    init,
    segments,
  }
}
