import { defineTexts } from '#web'

/** What chapters are called that nobody named. */
export const chapterTexts = defineTexts({
  en: {
    afterInterruption: 'After an interruption',
    switchTo: 'Switch to {camera}',
    cameraNumber: 'camera {number}',
  },
  fr: {
    afterInterruption: 'Après une interruption',
    switchTo: 'Passage à {camera}',
    cameraNumber: 'la caméra {number}',
  },
})
