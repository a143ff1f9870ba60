/** Part of a picture, in pixels of the picture as it is shown. */
export interface CropArea {
  x: number
  y: number
  width: number
  height: number
}
export interface PictureSize {
  width: number
  height: number
}

export const mostZoom = 6

/** The largest part of that shape (width / height), in the middle; at a zoom of 2, half as wide. */
export function cropOf(
  size: PictureSize,
  shape: number,
  zoom = 1,
  centre?: { x: number; y: number },
): CropArea {
  const width = Math.min(size.width, size.height * shape) / Math.min(mostZoom, Math.max(1, zoom))
  const height = width / shape
  const { x, y } = centre ?? { x: size.width / 2, y: size.height / 2 }
  return {
    x: within(x - width / 2, size.width - width),
    y: within(y - height / 2, size.height - height),
    width,
    height,
  }
}

/** Moves the part by so many pixels of the picture, never beyond its edges. */
export function moved(area: CropArea, size: PictureSize, by: { x: number; y: number }): CropArea {
  return {
    ...area,
    x: within(area.x + by.x, size.width - area.width),
    y: within(area.y + by.y, size.height - area.height),
  }
}

/** The same place, nearer or farther. */
export function zoomed(area: CropArea, size: PictureSize, shape: number, zoom: number): CropArea {
  return cropOf(size, shape, zoom, { x: area.x + area.width / 2, y: area.y + area.height / 2 })
}

/** Whole pixels that all lie on the picture. */
export function wholePixels(area: CropArea, size: PictureSize): CropArea {
  const x = Math.min(size.width - 1, Math.floor(area.x))
  const y = Math.min(size.height - 1, Math.floor(area.y))
  return {
    x,
    y,
    width: Math.max(1, Math.min(size.width - x, Math.round(area.width))),
    height: Math.max(1, Math.min(size.height - y, Math.round(area.height))),
  }
}

const within = (value: number, most: number) => Math.min(Math.max(0, value), Math.max(0, most))
