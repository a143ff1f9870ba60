import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { tellDelay } from './tell-delay.ts'

function askedFor(url: string, latencyS: number): string[] {
  const opened: string[] = []
  const xhr = { open: (_method: string, address: string) => opened.push(address) }
  tellDelay(xhr as unknown as XMLHttpRequest, url, latencyS)
  return opened
}

test('playlists of a viewer are asked for with their delay, nothing else is [LIVE-03]', () => {
  assert.equal(askedFor('/hls/t/s/video.m3u8?v=0a1b2c3d&_HLS_msn=4', 1.8504), [
    '/hls/t/s/video.m3u8?v=0a1b2c3d&_HLS_msn=4&d=1850',
  ])
  for (const url of ['/hls/t/s/v4.m4s', '/hls/t/s/index.m3u8?uncounted', '/hls/t/s/video-replay.m3u8'])
    assert.equal(askedFor(url, 2), [], url)
  for (const latency of [0, -1, Number.NaN, 1e9]) assert.equal(askedFor('/x?v=0a1b2c3d', latency), [])
})

test.run()
