import { Camera } from '../contract.ts'

/**
 * The camera that a publisher is: the key's own, or with a key of camera 1 the one asked for by `?cam=2` behind it. A
 * key that was made for another camera cannot take the main picture. A text says why it is refused.
 */
export function cameraOf(key: { camera: number }, query: Record<string, string>): number | string {
  const { cam } = query
  if (cam === undefined) return key.camera
  const camera = /^\d{1,2}$/.test(cam) ? Camera.safeParse(Number(cam)) : null
  if (!camera?.success) return 'The camera behind the stream key must be a number from 1 to 16.'
  if (key.camera !== 1 && camera.data !== key.camera)
    return `This stream key is for camera ${key.camera} only.`
  return camera.data
}
