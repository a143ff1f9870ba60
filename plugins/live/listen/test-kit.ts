import { spawn } from 'node:child_process'
import { request } from 'node:http'

/** What a radio player got: the sound without the titles between it, and the titles in order. */
export interface Heard {
  status: number
  headers: Record<string, unknown>
  sound: Buffer
  titles: string[]
  isEnded: boolean
  close(): void
}

/** A small radio player that reads ICY titles. */
export function tune(url: string, headers: Record<string, string> = {}): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { headers: { 'icy-metadata': '1', ...headers } }, (res) => {
      const heard: Heard = {
        status: res.statusCode ?? 0,
        headers: res.headers,
        sound: Buffer.alloc(0),
        titles: [],
        isEnded: false,
        close: () => asking.destroy(),
      }
      const every = Number(res.headers['icy-metaint'] ?? 0)
      let rest: Buffer = Buffer.alloc(0)
      res.on('data', (bytes: Buffer) => {
        rest = every > 0 ? takeTitles(heard, Buffer.concat([rest, bytes]), every) : takeAll(heard, bytes)
      })
      res.on('end', () => {
        heard.isEnded = true
      })
      res.on('error', () => undefined)
      resolve(heard)
    })
    asking.on('error', reject)
    asking.end()
  })
}

function takeAll(heard: Heard, bytes: Buffer): Buffer {
  heard.sound = Buffer.concat([heard.sound, bytes])
  return Buffer.alloc(0)
}

function takeTitles(heard: Heard, bytes: Buffer, every: number): Buffer {
  let data = bytes
  while (data.length > every) {
    const length = data[every]! * 16
    if (data.length < every + 1 + length) break
    heard.sound = Buffer.concat([heard.sound, data.subarray(0, every)])
    const block = data.toString('utf8', every + 1, every + 1 + length)
    const title = /^StreamTitle='(.*?)';/.exec(block)?.[1]
    if (title !== undefined) heard.titles.push(title)
    data = data.subarray(every + 1 + length)
  }
  return data
}

/** What ffprobe makes of those bytes: `codec rate channels`, and how long it plays when decoded. */
export async function inspect(sound: Buffer): Promise<{ what: string; seconds: number }> {
  const what = await pipe(
    'ffprobe',
    '-v error -show_entries stream=codec_name,sample_rate,channels -of csv=p=0 -',
    sound,
  )
  const pcm = await pipe('ffmpeg', '-v quiet -i pipe:0 -ac 1 -ar 8000 -f s16le pipe:1', sound)
  return { what: what.toString().trim(), seconds: pcm.length / 16_000 }
}

async function pipe(program: string, args: string, input: Buffer): Promise<Buffer> {
  const child = spawn(program, args.split(' '), { stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  return Buffer.concat(await child.stdout.toArray())
}
