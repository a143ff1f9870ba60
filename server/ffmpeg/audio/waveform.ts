import { closeSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** Names of the files, coarse to fine. */
export const waveformFiles = ['waveform-overview.dat', 'waveform-8.dat', 'waveform-64.dat']

/** Version 2 of audiowaveform's data format: version, flags (1: 8 bit), rate, samples a pixel, pixels, channels. */
const headerBytes = 24
const bufferedPixels = 32_768
const overviewPixels = 1_000
/** Of the overview while the length is not known: between half of this and this. */
const overviewBins = 16_384

/** Least and greatest of each pixel's samples over all channels, as signed bytes. */
interface Level {
  samplesPerPixel: number
  min: number
  max: number
  filled: number
  pixel: (min: number, max: number) => void
}

/**
 * Writes the waveforms of interleaved 16-bit samples while they come, in memory that does not grow with them. Format:
 * https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md
 */
export function createWaveforms(folder: string, sampleRate: number, channels: number) {
  const files = [8, 64].map((each, i) =>
    createFile(
      join(folder, waveformFiles[i + 1] ?? ''),
      sampleRate,
      Math.max(1, Math.round(sampleRate / each)),
    ),
  )
  const overview = createOverview()
  const levels = [...files, overview].map((one) => one.level)
  return {
    /** Whole frames only. */
    push(samples: Int16Array): void {
      for (const level of levels) fill(level, samples, channels)
    },
    finish(): void {
      for (const level of levels) if (level.filled > 0) end(level)
      for (const file of files) file.finish()
      overview.write(join(folder, waveformFiles[0] ?? ''), sampleRate)
    },
    close(): void {
      for (const file of files) file.close()
    },
  }
}

function fill(level: Level, samples: Int16Array, channels: number): void {
  let at = 0
  while (at < samples.length) {
    const stop = Math.min(samples.length, at + (level.samplesPerPixel - level.filled) * channels)
    let { min, max } = level
    for (let i = at; i < stop; i++) {
      const sample = samples[i] as number
      if (sample < min) min = sample
      if (sample > max) max = sample
    }
    level.min = min
    level.max = max
    level.filled += (stop - at) / channels
    if (level.filled >= level.samplesPerPixel) end(level)
    at = stop
  }
}

function end(level: Level): void {
  level.filled = 0
  const { min, max } = level
  level.min = 32_767
  level.max = -32_768
  level.pixel(min, max)
}

const newLevel = (samplesPerPixel: number, pixel: Level['pixel']): Level => ({
  samplesPerPixel,
  min: 32_767,
  max: -32_768,
  filled: 0,
  pixel,
})

function header(sampleRate: number, samplesPerPixel: number, pixels: number): Buffer {
  const bytes = Buffer.alloc(headerBytes)
  const fields = [2, 1, sampleRate, samplesPerPixel, pixels, 1]
  for (const [i, value] of fields.entries()) bytes.writeUInt32LE(value, i * 4)
  return bytes
}

function createFile(path: string, sampleRate: number, samplesPerPixel: number) {
  let file: number | null = openSync(path, 'wx')
  const buffer = Buffer.alloc(bufferedPixels * 2)
  let buffered = 0
  let pixels = 0
  const flush = () => {
    if (file !== null) writeSync(file, buffer, 0, buffered * 2, headerBytes + (pixels - buffered) * 2)
    buffered = 0
  }
  const level = newLevel(samplesPerPixel, (min, max) => {
    buffer.writeInt8(min >> 8, buffered * 2)
    buffer.writeInt8(max >> 8, buffered * 2 + 1)
    buffered += 1
    pixels += 1
    if (buffered === bufferedPixels) flush()
  })
  const close = () => {
    if (file !== null) closeSync(file)
    file = null
  }
  const finish = () => {
    flush()
    if (file !== null) writeSync(file, header(sampleRate, samplesPerPixel, pixels), 0, headerBytes, 0)
    close()
  }
  return { level, finish, close }
}

/** Bins of one sample first; whenever they are full, two become one. At the end as many as are wanted. */
function createOverview() {
  let bins: Int16Array = new Int16Array(overviewBins * 2)
  let count = 0
  const level = newLevel(1, (min, max) => {
    bins[count * 2] = min
    bins[count * 2 + 1] = max
    count += 1
    if (count < overviewBins) return
    join2()
  })
  const join2 = () => {
    bins = grouped(bins, count, 2, new Int16Array(overviewBins * 2))
    count /= 2
    level.samplesPerPixel *= 2
  }
  const write = (path: string, sampleRate: number) => {
    const size = Math.max(1, Math.round(count / overviewPixels))
    const pixels = Math.ceil(count / size)
    const points = grouped(bins, count, size, new Int16Array(pixels * 2))
    const file = openSync(path, 'wx')
    try {
      const data = Int8Array.from(points, (sample) => sample >> 8)
      writeSync(
        file,
        Buffer.concat([header(sampleRate, level.samplesPerPixel * size, pixels), Buffer.from(data.buffer)]),
      )
    } finally {
      closeSync(file)
    }
  }
  return { level, write }
}

/** Each `size` pairs of `count` as one. */
function grouped(bins: Int16Array, count: number, size: number, into: Int16Array): Int16Array {
  for (let from = 0, to = 0; from < count; from += size, to += 1) {
    let [min, max] = [32_767, -32_768]
    for (let i = from; i < Math.min(from + size, count); i++) {
      min = Math.min(min, bins[i * 2] ?? min)
      max = Math.max(max, bins[i * 2 + 1] ?? max)
    }
    into[to * 2] = min
    into[to * 2 + 1] = max
  }
  return into
}
