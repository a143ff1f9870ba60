import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, launch, scratch, until } from './program.ts'

const rtmpModule = '/usr/lib/nginx/modules/ngx_rtmp_module.so'

export interface Nginx {
  pid: number
  dir: string
  http: string
  rtmpUrl: string
  stop(): Promise<void>
}

/** Nginx of its own folder and ports; `application` is the body of its RTMP application. */
export async function startNginx(application: (dir: string) => string): Promise<Nginx> {
  if (!existsSync(rtmpModule)) throw new Error('nginx is missing: apt-get install nginx libnginx-mod-rtmp')
  const { dir, remove } = await scratch()
  await mkdir(join(dir, 'www'), { mode: 0o755 })
  const [httpPort, rtmpPort] = [await freePort(), await freePort()]
  const config = join(dir, 'nginx.conf')
  await writeFile(config, configuration(dir, { httpPort, rtmpPort, application: application(dir) }))
  const server = launch('/usr/sbin/nginx', ['-c', config, '-p', dir])
  const http = `http://127.0.0.1:${httpPort}`
  await until(`nginx answers. ${server.said()}`, async () => (await fetch(http).catch(() => null)) !== null)
  const stop = async () => {
    await server.stop()
    await remove()
  }
  return { pid: server.pid, dir, http, rtmpUrl: `rtmp://127.0.0.1:${rtmpPort}/live`, stop }
}

/** HLS as Veza makes it: 2 s segments, the last 30 s in the playlist. */
export function hlsApplication(dir: string): string {
  return `live on; hls on; hls_path ${dir}/www; hls_fragment 2s; hls_playlist_length 30s;`
}

/** One ffmpeg a stream, copying to HLS, started by nginx and fed by it. */
export function ffmpegApplication(dir: string): string {
  const output = `-f hls -hls_segment_type fmp4 -hls_time 2 -hls_list_size 15 -hls_flags delete_segments`
  const names = `-hls_fmp4_init_filename $name.mp4 -hls_segment_filename ${dir}/www/$name-%d.m4s`
  const input = '-v error -i rtmp://127.0.0.1:$server_port/live/$name'
  return `live on; exec_push /usr/bin/ffmpeg ${input} -c copy ${output} ${names} ${dir}/www/$name.m3u8;`
}

interface Settings {
  httpPort: number
  rtmpPort: number
  application: string
}

function configuration(dir: string, { httpPort, rtmpPort, application }: Settings): string {
  const runAs = process.getuid?.() === 0 ? 'user root;' : ''
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
load_module ${rtmpModule};
${runAs}
worker_processes 1;
daemon off;
pid ${dir}/pid;
error_log ${dir}/error.log warn;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  types { application/vnd.apple.mpegurl m3u8; video/mp4 m4s mp4; video/mp2t ts; }
  ${places.map((place) => `${place}_temp_path ${dir}/${place};`).join(' ')}
  server { listen 127.0.0.1:${httpPort}; root ${dir}/www; }
}
rtmp { server { listen 127.0.0.1:${rtmpPort}; application live { ${application.replaceAll('$server_port', String(rtmpPort))} } } }
`
}
