import HLS from 'hls-parser'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkLowLatency } from '../testdata/low-latency.ts'
import { createReceiver, type PlayingInfo } from './receiver.ts'
import { readRecording, summarise } from './recording.ts'
import { checkMedia, decode, encode, isSample, probe, publish, type Sent, Stage, until } from './test-kit.ts'

const test = suite('receiver')
let stage: Stage
let source: Sent[]

test.before(async () => {
  stage = await Stage.start()
  source = await encode({ seconds: 9 })
})
test.after(async () => {
  await stage.stop()
})

function framesOf(sent: readonly Sent[], track: 'video' | 'audio'): number {
  return sent.filter((one) => isSample(one) && one.track === track).length
}

/** Sound that comes before the first picture is not played. */
function heardFrames(sent: readonly Sent[]): number {
  const samples = sent.filter(isSample)
  const first = samples.find((sample) => sample.track === 'video')!
  return samples.filter((one) => one.track === 'audio' && one.dtsMs >= first.dtsMs + first.ctsMs - 12).length
}

test('gives players every frame, in step, from the live playlists [LIVE-03]', async () => {
  const playing: PlayingInfo[] = []
  const receiver = await createReceiver(stage.target('plain'), stage.feed)
  receiver.onPlaying((info) => playing.push(info))
  publish(receiver, source)
  const summary = await receiver.end()
  await until(() => stage.windows.find('plain')?.isEnded ?? false)
  assert.equal(playing, [{ hasVideo: true, hasAudio: true, resumed: false }])
  assert.ok(Math.abs(summary.durationMs - 9000) < 60, String(summary.durationMs))

  const video = checkMedia(await stage.text('plain', 'video.m3u8'))
  const audio = checkMedia(await stage.text('plain', 'audio.m3u8'))
  assert.is(video.length, 5)
  assert.is(audio.length, 5)
  for (const [i, segment] of video.entries()) {
    const gap = segment.programDateTime!.getTime() - audio[i]!.programDateTime!.getTime()
    assert.ok(Math.abs(gap) <= 25, `sound is cut ${gap} ms away from the picture`)
  }

  for (const file of ['video.m3u8', 'audio.m3u8'])
    assert.ok(checkLowLatency(await stage.text('plain', file)).parts.length > 6, file)

  await decode(stage.url('plain', 'index.m3u8'))
  const { tracks, durationSeconds } = await probe(stage.url('plain', 'index.m3u8'))
  const [picture, sound] = ['video', 'audio'].map((kind) => tracks.find((track) => track.kind === kind)!)
  assert.is(picture!.frames, framesOf(source, 'video'))
  assert.is(sound!.frames, heardFrames(source))
  assert.ok(Math.abs(durationSeconds - 9) < 0.1, String(durationSeconds))
  assert.ok(Math.abs(picture!.startSeconds - sound!.startSeconds) < 0.05)
})

test('tells players what they need to choose [LIVE-03]', async () => {
  const text = await stage.text('plain', 'index.m3u8')
  const { variants } = HLS.parse(text) as unknown as {
    variants: {
      codecs: string
      resolution: { width: number; height: number }
      bandwidth: number
      frameRate: number
    }[]
  }
  const [variant] = variants
  assert.match(variant!.codecs, /^avc1\.6400[0-9a-f]{2},mp4a\.40\.2$/)
  assert.equal(variant!.resolution, { width: 320, height: 180 })
  assert.is(variant!.frameRate, 30)
  const { entries } = await readRecording(stage.target('plain').dir)
  const average = (summarise(entries).sizeBytes * 8) / 9
  assert.ok(
    variant!.bandwidth >= average * 0.9 && variant!.bandwidth < average * 3,
    String(variant!.bandwidth),
  )
})

test('keeps the whole stream for the replay [LIVE-13]', async () => {
  const text = await stage.text('plain', 'video-replay.m3u8')
  assert.match(text, '#EXT-X-PLAYLIST-TYPE:VOD')
  assert.match(text, '#EXT-X-ENDLIST')
  checkMedia(text)
  assert.match(await stage.text('plain', 'sound-replay.m3u8'), /CODECS="mp4a\.40\.2"\naudio-replay\.m3u8\n/)
  await decode(stage.url('plain', 'replay.m3u8'))
  const { tracks } = await probe(stage.url('plain', 'replay.m3u8'))
  assert.is(tracks.find((track) => track.kind === 'video')!.frames, framesOf(source, 'video'))
})

test('lists whole segments alone where low latency is not wanted [LIVE-03]', async () => {
  const receiver = await createReceiver(stage.target('calm', { lowLatency: false }), stage.feed)
  publish(receiver, source)
  await receiver.interrupt()
  await until(() => stage.windows.find('calm')?.audio.lastSeq === 4)
  const text = await stage.text('calm', 'video.m3u8?_HLS_msn=9')
  assert.not.match(text, /PART|SERVER-CONTROL/)
  assert.is(text, await stage.text('calm', 'video-plain.m3u8'))
  await receiver.end()
})

test('plays a publisher of sound alone [LIVE-05]', async () => {
  const sent = await encode({ seconds: 7, without: 'video', rate: 44_100 })
  const receiver = await createReceiver(stage.target('sound'), stage.feed)
  publish(receiver, sent)
  await receiver.end()
  await until(() => stage.windows.find('sound')?.isEnded ?? false)
  checkMedia(await stage.text('sound', 'audio.m3u8'))
  assert.match(await stage.text('sound', 'index.m3u8'), /CODECS="mp4a\.40\.2"\naudio\.m3u8\?v=/)
  await decode(stage.url('sound', 'index.m3u8'))
  const { tracks } = await probe(stage.url('sound', 'index.m3u8'))
  assert.equal(
    tracks.map((track) => [track.kind, track.frames]),
    [['audio', framesOf(sent, 'audio')]],
  )
})

test('plays a publisher of pictures alone [LIVE-03]', async () => {
  const sent = await encode({ seconds: 5, without: 'audio' })
  const receiver = await createReceiver(stage.target('mute'), stage.feed)
  publish(receiver, sent)
  await receiver.end()
  await until(() => stage.windows.find('mute')?.isEnded ?? false)
  checkMedia(await stage.text('mute', 'video.m3u8'))
  await decode(stage.url('mute', 'index.m3u8'))
  const { tracks } = await probe(stage.url('mute', 'index.m3u8'))
  assert.is(tracks[0]!.frames, framesOf(sent, 'video'))
})

test('keeps the target duration when key frames become rare [LIVE-03]', async () => {
  const rare = await encode({ seconds: 17, gop: 240 })
  const receiver = await createReceiver(stage.target('rare'), stage.feed)
  publish(receiver, source)
  await receiver.interrupt()
  publish(receiver, rare)
  await receiver.end()
  const text = await stage.text('rare', 'video-replay.m3u8')
  assert.match(text, '#EXT-X-TARGETDURATION:2\n')
  checkMedia(text)
  checkMedia(await stage.text('rare', 'audio-replay.m3u8'))
  const { entries } = await readRecording(stage.target('rare').dir)
  assert.ok(entries.some((entry) => !entry.isIndependent))
  await decode(stage.url('rare', 'replay.m3u8'))
})

test('chooses a target that fits a publisher of 8 s between key frames [LIVE-03]', async () => {
  const receiver = await createReceiver(stage.target('slow'), stage.feed)
  publish(receiver, await encode({ seconds: 20, gop: 240 }))
  await receiver.end()
  const text = await stage.text('slow', 'video-replay.m3u8')
  assert.match(text, /#EXT-X-TARGETDURATION:9\n/)
  assert.equal(
    checkMedia(text).map((segment) => Math.round(segment.duration)),
    [8, 8, 4],
  )
})

test.run()
