/** iPhones have full screen only for the video itself. */
interface PhoneVideo {
  webkitEnterFullscreen?(): void
}

export function isFull(box: HTMLElement | null): boolean {
  return box !== null && document.fullscreenElement === box
}

export function toggleFullscreen(box: HTMLElement | null, video: HTMLVideoElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen()
  else if (box?.requestFullscreen) void box.requestFullscreen().catch(() => undefined)
  else (video as PhoneVideo | null)?.webkitEnterFullscreen?.()
}

export function canPictureInPicture(): boolean {
  return typeof document !== 'undefined' && document.pictureInPictureEnabled === true
}

export async function togglePictureInPicture(video: HTMLVideoElement | null): Promise<void> {
  try {
    if (document.pictureInPictureElement) await document.exitPictureInPicture()
    else await video?.requestPictureInPicture()
  } catch {
    // The browser's own refusal needs no words: nothing changed.
  }
}
