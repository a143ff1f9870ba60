import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TestBrowser } from '../../../test/kit/browser.ts'
import { parseRange } from '../media/stored-file.ts'
import type { Movie } from '../replays/mp4/movie.ts'
import { movieBytes } from '../replays/mp4/movie-bytes.ts'

/** What a browser showed of a movie: how wide its picture was at its end, and then at places. */
export interface Shown {
  /** In words, where it could not be played. */
  error: string | null
  widths: number[]
}

function serve(movie: Movie): Server {
  return createServer((req, res) => {
    if (req.url !== '/movie.mp4') return void res.setHeader('content-type', 'text/html').end('<video muted>')
    const span = parseRange(req.headers.range, movie.sizeBytes)
    const range = span === 'unsatisfiable' ? null : span
    const { start, end } = range ?? { start: 0, end: movie.sizeBytes - 1 }
    const part = range && { 'content-range': `bytes ${start}-${end}/${movie.sizeBytes}` }
    const headers = { 'content-type': 'video/mp4', 'accept-ranges': 'bytes', ...part }
    res.writeHead(range ? 206 : 200, { ...headers, 'content-length': end - start + 1 })
    movieBytes(movie, { start, end }).pipe(res)
  })
}

/** In the page: to the end; what went wrong, or null. */
function play(): Promise<string | null> {
  const video = document.querySelector('video')!
  return new Promise((resolve) => {
    video.onended = () => resolve(null)
    video.onerror = () => resolve(video.error?.message ?? 'It cannot be played.')
    video.src = '/movie.mp4'
    video.playbackRate = 4
    video.play().catch(() => undefined)
  })
}

/** In the page: to a place of it. */
function goTo(seconds: number): Promise<string | null> {
  const video = document.querySelector('video')!
  return new Promise((resolve) => {
    video.onseeked = () => resolve(null)
    video.onerror = () => resolve(video.error?.message ?? 'It cannot be played.')
    video.currentTime = seconds
  })
}

/** Chromium plays the movie to its end, then goes to those places, in seconds. */
export async function playInChromium(movie: Movie, places: readonly number[]): Promise<Shown> {
  const server = serve(movie)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const browser = await TestBrowser.open(url)
  try {
    const { page } = await browser.visitor('viewer')
    await page.goto('/')
    const widthNow = () => page.evaluate(() => document.querySelector('video')!.videoWidth)
    let error = await page.evaluate(play)
    const widths = [await widthNow()]
    for (const place of error === null ? places : []) {
      error ??= await page.evaluate(goTo, place)
      widths.push(await widthNow())
    }
    return { error, widths }
  } finally {
    await browser.close()
    server.closeAllConnections()
    server.close()
  }
}
