import sharp from 'sharp'
import type { Visitor } from '../kit/browser.ts'

/** Chooses a file as the picture of the page; what part of it is kept is asked next. */
export async function choosePicture({ page }: Visitor, buffer: Buffer, label = 'Picture'): Promise<void> {
  const field = page.getByRole('group', { name: label, exact: true })
  const chooser = page.waitForEvent('filechooser')
  await field.getByRole('button', { name: 'Choose a picture' }).click()
  await (await chooser).setFiles({ name: 'picture.png', mimeType: 'image/png', buffer })
}

/** A picture twice as wide as high, red on the left, blue on the right. */
export function redAndBlue(): Promise<Buffer> {
  const half = { width: 400, height: 400, channels: 3 as const, background: '#0000ff' }
  return sharp({ create: { ...half, width: 800, background: '#ff0000' } })
    .composite([{ input: { create: half }, left: 400, top: 0 }])
    .png()
    .toBuffer()
}

/** Which of the two all of a shown picture is; `mixed` where it has both. */
export function colourOf(picture: ReturnType<Visitor['page']['locator']>): Promise<string> {
  return picture.evaluate(async (element) => {
    const image = element as HTMLImageElement
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: 3, height: 1 })
    const brush = canvas.getContext('2d')
    brush?.drawImage(image, 0, 0, 3, 1)
    const pixels = brush?.getImageData(0, 0, 3, 1).data ?? []
    const isBlue = [0, 4, 8].map((at) => (pixels[at + 2] ?? 0) > 200 && (pixels[at] ?? 0) < 60)
    if (isBlue.every(Boolean)) return 'blue'
    return isBlue.some(Boolean) ? 'mixed' : 'red'
  })
}

/** A square cover in the blues of a night. */
export function nightSky(): Promise<Buffer> {
  const sky = `<svg xmlns="http://www.w3.org/2000/svg" width="1400" height="1400">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#101a4a"/><stop offset="1" stop-color="#e8683a"/></linearGradient>
    <rect width="1400" height="1400" fill="url(#sky)"/><circle cx="980" cy="420" r="160" fill="#f4ead0"/></svg>`
  return sharp(Buffer.from(sky)).png().toBuffer()
}
