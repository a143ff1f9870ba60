import { defineProblem } from '#contract'

export const notAudio = defineProblem({
  name: 'media.not-audio',
  status: 422,
  title: 'This is not an audio file that can be used; take WAV, FLAC, AIFF, MP3, M4A, Ogg or Opus.',
})
export const brokenAudio = defineProblem({
  name: 'media.broken-audio',
  status: 422,
  title: 'This file is damaged or empty: nothing in it can be played. Export it once more and upload that.',
})
export const tooLong = defineProblem({
  name: 'media.too-long',
  status: 422,
  title: 'This recording is longer than the label allows; cut it into parts.',
})
export const fileTooLarge = defineProblem({
  name: 'media.file-too-large',
  status: 413,
  title: 'This file is larger than the label allows; a FLAC of it is about half as large as a WAV.',
})
export const overQuota = defineProblem({
  name: 'media.over-quota',
  status: 413,
  title: 'Your files would take more room than you have; delete some, or ask an administrator for more.',
})
export const assetInUse = defineProblem({
  name: 'media.in-use',
  status: 409,
  title: 'A track uses this file; delete the track first.',
})
export const uploadGone = defineProblem({
  name: 'media.upload-gone',
  status: 410,
  title: 'This upload was not finished in time and is gone; upload the file once more.',
})
export const uploadMoved = defineProblem({
  name: 'media.upload-moved',
  status: 409,
  title: 'This upload has got to another place meanwhile; ask how much has arrived and go on from there.',
})
export const uploadBusy = defineProblem({
  name: 'media.upload-busy',
  status: 423,
  title: 'Another request is sending this file; wait until it is done.',
})
export const otherTus = defineProblem({
  name: 'media.other-tus',
  status: 412,
  title: 'Uploads are spoken by tus 1.0.0, with the header Tus-Resumable.',
})
export const badArchive = defineProblem({
  name: 'media.bad-archive',
  status: 422,
  title: 'This ZIP cannot be unpacked; upload the files in it.',
})
export const processingFailed = defineProblem({
  name: 'media.processing-failed',
  status: 500,
  title: 'The file could not be processed; try again, and tell an administrator if it fails once more.',
})
