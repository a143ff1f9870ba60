import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs'

/**
 * Appends lines; at 10 MB the file becomes `.1`, the older ones move up, five are kept. A full disk loses log lines,
 * nothing else.
 */
export function rotatingFile(
  file: string,
  largestBytes = 10 * 1024 ** 2,
  kept = 5,
): { write(line: string): void } {
  let size = sizeOf(file)
  const rotate = () => {
    rmSync(`${file}.${kept}`, { force: true })
    for (let number = kept - 1; number >= 1; number--) move(`${file}.${number}`, `${file}.${number + 1}`)
    move(file, `${file}.1`)
    size = 0
  }
  return {
    write: (line) => {
      try {
        const lineBytes = Buffer.byteLength(line)
        if (size + lineBytes > largestBytes) {
          // Another process on the same file may have rotated it already.
          size = sizeOf(file)
          if (size > 0 && size + lineBytes > largestBytes) rotate()
        }
        appendFileSync(file, line, { mode: 0o600 })
        size += lineBytes
      } catch {
        // The log must never stop the server; stdout still has the line.
      }
    },
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function move(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
