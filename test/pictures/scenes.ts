import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import sharp from 'sharp'

/** What two cameras of a night see, and covers: drawn, so that nobody's work is in the documentation. */
const drawings = {
  booth: {
    sky: ['#1a0b33', '#d8572a'],
    shapes: `<circle cx="900" cy="330" r="120" fill="#f7d488"/><rect y="520" width="1280" height="200" fill="#0b0716"/>
      <g fill="#150d26"><rect x="330" y="470" width="620" height="120" rx="14"/><circle cx="470" cy="470" r="88"/><circle cx="810" cy="470" r="88"/></g>
      <g fill="none" stroke="#d8572a" stroke-width="5"><circle cx="470" cy="470" r="62"/><circle cx="810" cy="470" r="62"/></g>
      <g fill="#0b0716"><circle cx="640" cy="250" r="62"/><path d="M510 480q0-150 130-150t130 150z"/></g>`,
  },
  crowd: {
    sky: ['#06203f', '#2f8f9d'],
    shapes: `<path d="M640 0 260 720H520zM640 0 760 720h260z" fill="#9fe7e0" opacity=".18"/>${heads()}`,
  },
} as const
export type Scene = keyof typeof drawings

function heads(): string {
  const places = Array.from({ length: 26 }, (_none, at) => [(at * 211) % 1320, 560 + ((at * 67) % 110)])
  return places
    .map(
      ([x, y]) =>
        `<g fill="#031222"><circle cx="${x}" cy="${y}" r="44"/><rect x="${x! - 74}" y="${y! + 40}" width="148" height="240" rx="60"/></g>`,
    )
    .join('')
}

/** A picture of 1280 x 720. */
export function draw(scene: Scene): Promise<Buffer> {
  const { sky, shapes } = drawings[scene]
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="720">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="${sky[0]}"/><stop offset="1" stop-color="${sky[1]}"/></linearGradient>
    <rect width="1280" height="720" fill="url(#sky)"/>${shapes}</svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** A square cover, or a banner. */
export function drawCover(width: number, height: number): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#16263f"/><stop offset="1" stop-color="#d9743c"/></linearGradient>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * 0.64}" cy="${height * 0.36}" r="${height * 0.11}" fill="#f2dba6"/></svg>`
  return sharp(Buffer.from(svg)).png().toBuffer()
}

/** Sends a scene with a pulse of sound until it is ended. Coded before it goes on air: a busy machine keeps up. */
export async function sendScene(scene: Scene, to: string, folder: string): Promise<{ end(): Promise<void> }> {
  const [picture, film] = [join(folder, `${scene}.png`), join(folder, `${scene}.flv`)]
  await sharp(await draw(scene)).toFile(picture)
  const sound = 'aevalsrc=0.3*sin(220*2*PI*t)*exp(-3*mod(t\\,0.5)):s=48000'
  const h264 = '-c:v libx264 -preset ultrafast -tune zerolatency -pix_fmt yuv420p -g 60 -b:v 2500k'
  const steady =
    '-minrate 2500k -maxrate 2500k -bufsize 2500k -x264-params nal-hrd=cbr -c:a aac -b:a 160k -t 8'
  await ffmpeg(`-y -loop 1 -framerate 30 -i ${picture} -f lavfi -i ${sound} ${h264} ${steady} ${film}`).ended
  const sender = ffmpeg(`-re -stream_loop -1 -i ${film} -c copy -f flv ${to}`)
  return {
    end: async () => {
      sender.child.kill('SIGINT')
      await sender.ended
    },
  }
}

function ffmpeg(options: string): { child: ChildProcess; ended: Promise<unknown> } {
  const args = ['-nostdin', '-loglevel', 'error', ...options.split(' ')]
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  return { child, ended: once(child, 'close') }
}
