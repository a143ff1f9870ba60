import { spawn } from 'node:child_process'
import { join } from 'node:path'
import NodeMediaServer from 'node-media-server'

/** Run as a process of its own: RTMP-PORT DIR. node-media-server with one ffmpeg a stream that copies to HLS. */
const [port = '', dir = ''] = process.argv.slice(2)
const server = new NodeMediaServer({
  bind: '127.0.0.1',
  rtmp: { port: Number(port) },
  auth: { play: false, publish: false },
})

server.on('postPublish', ({ streamPath }: { streamPath: string }) => {
  const name = streamPath.split('/').at(-1) ?? ''
  const output = ['-f', 'hls', '-hls_segment_type', 'fmp4', '-hls_time', '2', '-hls_list_size', '15']
  const names = [
    '-hls_fmp4_init_filename',
    `${name}.mp4`,
    '-hls_segment_filename',
    join(dir, `${name}-%d.m4s`),
  ]
  const input = ['-v', 'error', '-nostdin', '-i', `rtmp://127.0.0.1:${port}${streamPath}`, '-c', 'copy']
  const args = [...input, ...output, '-hls_flags', 'delete_segments', ...names, join(dir, `${name}.m3u8`)]
  spawn('ffmpeg', args, { stdio: 'ignore' })
})
server.run()
