/** Part of a picture in pixels, as it is shown: after the turn its EXIF asks for. */
export interface PictureCrop {
  x: number
  y: number
  width: number
  height: number
}
export type PictureFormat = 'webp' | 'avif' | 'jpeg'
export interface PictureWish {
  /** What is kept; the whole picture unless said. */
  crop?: PictureCrop | undefined
  /** Made by filling these with the middle of what is kept. */
  sizes: {
    name: string
    width: number
    height: number
    /** WebP alone unless said; one picture is made of each. */
    formats?: readonly PictureFormat[]
  }[]
}
export interface MadePicture {
  name: string
  format: PictureFormat
  /** In sRGB, with nothing but the picture in it. */
  bytes: Buffer
}
/** Pictures that people send: JPEG, PNG, WebP, AVIF or GIF (the first picture), by content and not by name. */
export interface Pictures {
  /** Throws identity.bad-picture, invalid-input for a crop outside, or unavailable when too many come at once. */
  make(bytes: Buffer, wish: PictureWish): Promise<MadePicture[]>
  /** The colour that most of a picture's vivid parts have, the mean where it has none: `#rrggbb`. Throws as `make`. */
  colourOf(bytes: Buffer): Promise<string>
}
