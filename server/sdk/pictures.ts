/** Part of a picture in pixels, as it is shown: after the turn its EXIF asks for. */
export interface PictureCrop {
  x: number
  y: number
  width: number
  height: number
}
export interface PictureWish {
  /** What is kept; the whole picture unless said. */
  crop?: PictureCrop | undefined
  /** Made by filling these with the middle of what is kept. */
  sizes: { name: string; width: number; height: number }[]
}
export interface MadePicture {
  name: string
  /** WebP, in sRGB, with nothing but the picture in it. */
  bytes: Buffer
}
/** Pictures that people send: JPEG, PNG, WebP, AVIF or GIF (the first picture), by content and not by name. */
export interface Pictures {
  /** Throws identity.bad-picture, invalid-input for a crop outside, or unavailable when too many come at once. */
  make(bytes: Buffer, wish: PictureWish): Promise<MadePicture[]>
}
